import assert from "node:assert/strict";
import { test } from "node:test";
import * as context from "gort/context";
import type { Context } from "gort/context";
import { Embedding } from "./foreign.js";
import { epoch, numbers, stressSeed, virtualClock } from "../support/virtual.js";

const bg = context.background();

test("CX-12 CX-13 a deadline and a time-out end a context with deadlineExceeded, exactly then, also below others", async () => {
  using clock = virtualClock();
  const [byDeadline] = context.withDeadline(bg, epoch + 50);
  const [byDate] = context.withDeadline(bg, new Date(epoch + 50));
  const [byTimeout] = context.withTimeout(new Embedding(bg), 50);
  const below = new Embedding(context.withCancel(byTimeout)[0]);
  const all = [byDeadline, byDate, byTimeout, below];
  for (const ctx of all) assert.deepEqual(ctx.deadline(), new Date(epoch + 50));
  assert.ok(String(byDeadline).startsWith("context.Background.WithDeadline("));
  await clock.advance(49.999);
  assert.deepEqual(
    all.map((ctx) => ctx.err()),
    all.map(() => undefined),
  );
  await clock.advance(0.001);
  assert.deepEqual(
    all.map((ctx) => ctx.err()),
    all.map(() => context.deadlineExceeded),
  );
});

test("CX-10 a context with a deadline prints it, and what is left", async () => {
  using clock = virtualClock();
  const [ctx, cancel] = context.withTimeout(bg, 1500);
  assert.equal(String(ctx), "context.Background.WithDeadline(2024-02-29T12:00:01.500Z [1.5s])");
  await clock.advance(500);
  assert.equal(String(ctx), "context.Background.WithDeadline(2024-02-29T12:00:01.500Z [1s])");
  cancel();
});

test("CX-14 a child's later deadline is its parent's, and needs no timer", async () => {
  using clock = virtualClock();
  const [parent] = context.withTimeout(bg, 50);
  const [child] = context.withTimeoutCause(parent, 60, new Error("unused"));
  assert.deepEqual(child.deadline(), parent.deadline());
  assert.equal(String(child), `${String(parent)}.WithCancel`);
  await clock.advance(50);
  assert.equal(child.err(), context.deadlineExceeded);
  assert.equal(context.cause(child), context.deadlineExceeded);
});

test("CX-14 a child's earlier deadline ends the child alone", async () => {
  using clock = virtualClock();
  const [parent, cancel] = context.withTimeout(bg, 50);
  const [child] = context.withTimeout(parent, 40);
  await clock.advance(40);
  assert.equal(child.err(), context.deadlineExceeded);
  assert.equal(parent.err(), undefined);
  cancel();
});

test("CX-15 a deadline that has passed, or passes now, ends the context at once; a cancel afterwards changes nothing", () => {
  using _ = virtualClock();
  for (const at of [epoch - 1000, epoch, new Date(epoch - 1), -Infinity, 0]) {
    const [ctx, cancel] = context.withDeadline(bg, at);
    assert.equal(ctx.err(), context.deadlineExceeded);
    assert.ok(!Number.isNaN(ctx.deadline()?.getTime()));
    cancel();
    assert.equal(ctx.err(), context.deadlineExceeded);
    assert.equal(context.cause(ctx), context.deadlineExceeded);
    assert.ok(String(ctx).startsWith("context.Background.WithDeadline("));
  }
  for (const ms of [0, -1, -Infinity]) assert.equal(context.withTimeout(bg, ms)[0].err(), context.deadlineExceeded);
});

test("CX-16 CX-17 a cancelled time-out is canceled, and leaves no timer behind", async () => {
  using clock = virtualClock(); // fails in the end if an alarm is set
  const [ctx, cancel] = context.withTimeout(bg, 50);
  cancel();
  assert.equal(clock.next, Infinity);
  await clock.advance(100);
  assert.equal(ctx.err(), context.canceled);

  const [parent, end] = context.withCancel(bg);
  context.withTimeout(context.withTimeout(parent, 50)[0], 40);
  end();
  assert.equal(clock.next, Infinity);
});

test("CX-19 a deadline beyond 2^31 ms does not fire at once, and fires in the end", async () => {
  {
    const [ctx, cancel] = context.withTimeout(bg, 2 ** 31 + 1000); // the host's own timer
    await new Promise((resolve) => setTimeout(resolve, 5)); // too long a delay would have fired after 1 ms
    assert.equal(ctx.err(), undefined);
    cancel();
  }
  using clock = virtualClock();
  const [ctx] = context.withTimeout(bg, 1e12);
  await clock.advance(1e12 - 1);
  assert.equal(ctx.err(), undefined);
  await clock.advance(1);
  assert.equal(ctx.err(), context.deadlineExceeded);
});

test("a time-out of Infinity, or beyond all dates, is none", () => {
  using _ = virtualClock();
  const never = [
    context.withTimeout(bg, Infinity),
    context.withDeadline(bg, Infinity),
    context.withTimeout(bg, Number.MAX_VALUE),
    context.withDeadline(bg, 8.64e15 + 1),
  ];
  for (const [ctx, cancel] of never) {
    assert.equal(ctx.deadline(), undefined);
    assert.equal(String(ctx), "context.Background.WithCancel");
    cancel();
    assert.equal(ctx.err(), context.canceled);
  }
  const [parent, end] = context.withTimeout(bg, 10);
  assert.deepEqual(context.withTimeout(parent, Infinity)[0].deadline(), parent.deadline());
  end();
});

test("a deadline or a time-out that is none of the kind is a TypeError, and nothing stays behind", () => {
  for (const at of [new Date(NaN), NaN, undefined, "2024-01-01", {}]) {
    assert.throws(() => context.withDeadline(bg, at as Date), {
      name: "TypeError",
      message: /valid Date or a number, got/,
    });
  }
  for (const ms of [NaN, undefined, "5"]) {
    assert.throws(() => context.withTimeout(bg, ms as number), {
      name: "TypeError",
      message: /number of milliseconds, got/,
    });
  }
});

test("a time-out follows the clock that nobody sets; the date it names is the wall clock's", async () => {
  using clock = virtualClock();
  await clock.advance(7);
  const [ctx] = context.withTimeout(bg, 0.25);
  assert.deepEqual(ctx.deadline(), new Date(epoch + 7.25));
  await clock.advance(0.24);
  assert.equal(ctx.err(), undefined);
  await clock.advance(0.01);
  assert.equal(ctx.err(), context.deadlineExceeded);
});

/** Layers of cancel, value and time-out in random order, on top of a cancel. */
function layers(random: (n: number) => number, timeout: number) {
  const cancels: (() => void)[] = [];
  const values: [context.Key<number>, number][] = [];
  const ctxs: Context[] = [];
  let ctx = bg;
  let timeouts = 0;
  for (let i = 0; i < 60 || timeouts === 0; i++) {
    const kind = random(3);
    if (kind === 0) {
      const key = context.key<number>(`layer ${i}`);
      values.push([key, i]);
      ctx = context.withValue(ctx, key, i);
    } else {
      const made = kind === 1 ? context.withCancel(ctx) : context.withTimeout(ctx, timeout);
      if (kind === 2) timeouts++;
      ctx = made[0];
      ctxs.push(ctx);
      cancels.push(made[1]);
    }
  }
  const check = () => {
    for (const [key, value] of values) assert.equal(ctx.value(key), value);
  };
  return { ctx, ctxs, cancels, check };
}

test("CX-18 sixty random layers keep their values, and end together by cancel or by time", async () => {
  const seed = stressSeed();
  const random = numbers(seed);
  for (let round = 0; round < 20; round++) {
    using clock = virtualClock();
    try {
      const cancelled = layers(random, 1e6);
      cancelled.check();
      assert.equal(cancelled.ctx.err(), undefined);
      cancelled.cancels[0]?.();
      assert.ok(cancelled.ctxs.every((ctx) => ctx.err() === context.canceled));
      cancelled.check();

      const timed = layers(random, 10);
      await clock.advance(9);
      assert.equal(timed.ctx.err(), undefined);
      await clock.advance(1);
      assert.equal(timed.ctx.err(), context.deadlineExceeded);
      timed.check();
      timed.cancels[0]?.();
    } catch (error) {
      throw new Error(`GORT_SEED=${seed}, round ${round}`, { cause: error });
    }
  }
});
