import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, select } from "gort";
import * as time from "gort/time";
import { cancellers } from "../support/context.js";
import { order } from "../support/order.js";
import { isPending } from "../support/settle.js";
import { rest, virtualClock } from "../support/virtual.js";

test("TM-1 sleep sleeps at least as long as it is told, to the last fraction", async () => {
  using clock = virtualClock();
  for (const ms of [1, 0.25, 100, 12.5, time.hour]) {
    const began = clock.now();
    const slept = time.sleep(ms);
    await clock.advance(ms - 0.001);
    assert.equal(await isPending(slept), true, `${ms}`);
    await clock.advance(0.002);
    await slept;
    assert.equal(clock.next, Infinity);
    assert.ok(clock.now() - began < ms + 0.01);
  }
});

test("TM-1 nothing happens before its time, though the host's timer is early", async () => {
  using clock = virtualClock();
  const happened: string[] = [];
  const note = (what: string) => () => void happened.push(what);
  void time.sleep(10).then(note("sleep"));
  void time.after(10).recv().then(note("after"));
  void new time.Ticker(10).c.recv().then(note("tick"));
  time.afterFunc(10, note("afterFunc"));
  for (const ms of [0, 5, 4, 0.9, 0.09, 0.009]) {
    clock.skip(ms);
    clock.early();
    await rest();
    assert.deepEqual(happened, []);
    assert.equal(clock.next, 10); // and it is aimed anew
  }
  await clock.advance(0.002);
  assert.deepEqual(happened.sort(), ["after", "afterFunc", "sleep", "tick"]);
});

test("TM-1 by the host's monotonic clock, sleep is never early", async () => {
  await Promise.all(
    Array.from({ length: 400 }, async (_, i) => {
      const ms = 0.1 + i / 16;
      const began = performance.now();
      await time.sleep(ms);
      const took = performance.now() - began;
      assert.ok(took >= ms, `slept ${took} instead of ${ms}`);
    }),
  );
});

test("TM-10 sleep of zero or less returns at once, also while other timers are set", async () => {
  using clock = virtualClock();
  const stop = new AbortController();
  const long = time.sleep(time.hour, stop.signal);
  for (let i = 0; i < 100; i++) {
    await time.sleep(0);
    await time.sleep(-1);
    await time.sleep(-Infinity);
  }
  assert.equal(clock.now(), 0);
  stop.abort();
  await assert.rejects(long);
});

test("TM-10 a sleep of zero is a scheduling point", async () => {
  const { step, reached } = order();
  go(() => step(2));
  step(1);
  await time.sleep(0);
  await time.sleep(0);
  step(3);
  await reached(3);
});

test("TM-11 sleep(Infinity) sets no timer and never returns", async () => {
  using clock = virtualClock();
  const forever = time.sleep(Infinity);
  await clock.advance(1000 * time.hour);
  assert.equal(await isPending(forever), true);
  assert.equal(clock.next, Infinity);
});

test("TM-11 a sleep of more than 2^31 ms ends at its time", async () => {
  using clock = virtualClock();
  const ms = 2 ** 31 + 12345;
  const slept = time.sleep(ms);
  await clock.advance(ms - 1);
  assert.equal(await isPending(slept), true);
  await clock.advance(1);
  await slept;
});

test("TM-11 on the host's clock, delays over 2^31 ms do not fire at once", async () => {
  const stop = new AbortController();
  const fired: string[] = [];
  const note = (name: string) => () => void fired.push(name);
  const ticker = new time.Ticker(2 ** 33);
  const timer = time.afterFunc(2 ** 31, note("afterFunc"));
  const slept = time.sleep(2 ** 32, stop.signal).then(note("sleep"), () => {});
  const quit = chan<never>();
  const selected = select({ tick: ticker.c, after: time.after(Number.MAX_VALUE), quit }).then((s) => {
    if (s.case !== "quit") fired.push(s.case);
  });
  await time.sleep(20);
  assert.deepEqual(fired, []);
  timer.stop();
  stop.abort();
  quit.close();
  await Promise.all([slept, selected]);
});

test("TM-8 sleepers wake in the order of their deadlines, whatever the order they went to sleep in", async () => {
  using clock = virtualClock();
  const slots = [5, 3, 6, 6, 6, 1, 1, 2, 7, 9, 4, 8, 0];
  const woken: number[] = [];
  for (const slot of slots) {
    go(async () => {
      await time.sleep(slot * 100);
      assert.equal(clock.now(), slot * 100);
      woken.push(slot);
    });
  }
  await clock.advance(1000);
  assert.deepEqual(
    woken,
    [...slots].sort((a, b) => a - b),
  );
});

for (const [kind, make] of Object.entries(cancellers)) {
  test(`sleep with a ${kind} that is done first rejects with its reason, and leaves no timer`, async () => {
    using clock = virtualClock();
    const { ctx, reason, cancel } = make();
    const slept = assert.rejects(time.sleep(100, ctx), (e) => e === reason);
    await clock.advance(50);
    assert.equal(clock.next, 100);
    cancel();
    assert.equal(clock.next, Infinity);
    await slept;
    await assert.rejects(time.sleep(100, ctx), (e) => e === reason);
    await assert.rejects(time.sleep(0, ctx), (e) => e === reason); // what is done at the call wins
    assert.equal(clock.next, Infinity);
  });

  test(`sleep whose time comes before its ${kind} resolves, and a later cancel does nothing`, async () => {
    using clock = virtualClock();
    const { ctx, cancel } = make();
    const slept = time.sleep(100, ctx);
    await clock.advance(100);
    await slept;
    cancel();
    await rest();
  });
}

test("sleep rejects with a TypeError on what is not a number", async () => {
  for (const bad of [Number.NaN, "1", undefined, null, 5n, {}, new Date()]) {
    await assert.rejects(time.sleep(bad as number), TypeError);
  }
});

test("TM-1 after a long stop of the thread, sleepers that are due wake in the order of their deadlines", async () => {
  using clock = virtualClock();
  const woken: number[] = [];
  for (const ms of [30, 10, 20, 40]) go(async () => void (await time.sleep(ms), woken.push(ms)));
  await rest();
  clock.skip(35);
  assert.deepEqual(woken, []);
  await clock.advance(0);
  assert.deepEqual(woken, [10, 20, 30]);
  await clock.advance(5);
  assert.deepEqual(woken, [10, 20, 30, 40]);
});
