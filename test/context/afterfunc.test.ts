import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, gosched, type Chan, type RecvChan } from "gort";
import * as context from "gort/context";
import type { Context } from "gort/context";
import { numGoroutine } from "gort/runtime";
import * as sync from "gort/sync";
import { order } from "../support/order.js";
import { isPending, settle } from "../support/settle.js";
import { virtualClock } from "../support/virtual.js";

const bg = context.background();

test("CX-42 CX-48 each function runs once after cancel, never within it; stop is false from then on", async () => {
  const [ctx, cancel] = context.withCancel(bg);
  const calls: string[] = [];
  const stop = context.afterFunc(ctx, () => calls.push("first"));
  context.afterFunc(ctx, () => calls.push("second"));
  const stopThird = context.afterFunc(ctx, () => calls.push("third"));
  assert.equal(stopThird(), true);
  cancel();
  assert.deepEqual(calls, []);
  assert.equal(stop(), false);
  await settle();
  cancel();
  await settle();
  assert.deepEqual(calls, ["first", "second"]);
  assert.equal(stop(), false);
});

test("CX-43 the function runs after a time-out", async () => {
  using clock = virtualClock();
  const [ctx] = context.withTimeout(bg, 10);
  const called = chan<number>(1);
  context.afterFunc(ctx, () => called.trySend(clock.now()));
  await clock.advance(9);
  assert.equal(called.len, 0);
  await clock.advance(1);
  assert.equal(await called.recv(), 10);
});

test("CX-44 on a context that is done the function starts at once, in its own goroutine: afterFunc returns first", async () => {
  const [ctx, cancel] = context.withCancel(bg);
  cancel();
  const { step, reached } = order();
  const stop = context.afterFunc(ctx, () => step(2));
  step(1);
  assert.equal(stop(), false);
  await reached(2);
});

test("CX-45 stop keeps the function from being called, and says so once", async () => {
  const [ctx, cancel] = context.withCancel(bg);
  const stop = context.afterFunc(ctx, () => assert.fail("called"));
  assert.equal(stop(), true);
  assert.equal(stop(), false);
  cancel();
  assert.equal(stop(), false);
  await settle();
});

test("CX-46 CX-47 neither cancel nor stop waits for the function", async () => {
  const [ctx, cancel] = context.withCancel(bg);
  const gate = chan<void>();
  const { step, reached } = order();
  const stop = context.afterFunc(ctx, async () => {
    step(2);
    await gate.recv();
    step(4);
  });
  cancel();
  step(1);
  await reached(2);
  assert.equal(stop(), false);
  step(3);
  gate.close();
  await reached(4);
});

test("CX-47 a function may stop itself while it runs, to no effect", async () => {
  const [ctx, cancel] = context.withCancel(bg);
  const result = chan<boolean>(1);
  const stop = context.afterFunc(ctx, () => result.trySend(stop()));
  cancel();
  assert.equal(await result.recv(), false);
});

test("afterFunc refuses what is no function", () => {
  assert.throws(() => context.afterFunc(bg, undefined as never), {
    name: "TypeError",
    message: /expected a function, got undefined/,
  });
});

test("CX-51 recipe: a generator that cancel stops leaves no goroutine behind", async () => {
  const before = numGoroutine();
  const generate = (ctx: Context): RecvChan<number> => {
    const out: Chan<number> = chan();
    go(async () => {
      try {
        for (let n = 1; ; n++) await out.send(n, ctx);
      } catch (error) {
        assert.equal(error, context.canceled);
      }
    });
    return out;
  };
  const [ctx, cancel] = context.withCancel(bg);
  const seen: number[] = [];
  for await (const n of generate(ctx)) {
    seen.push(n);
    if (n === 5) break;
  }
  cancel();
  await settle();
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  assert.equal(numGoroutine(), before);
});

test("CX-51 CO-11 recipe: waiting on a cond until a context is done, by afterFunc and broadcast", async () => {
  using clock = virtualClock();
  const cond = new sync.Cond(new sync.Mutex());
  const waitOn = async (ctx: Context, condition: () => boolean): Promise<void> => {
    const stop = context.afterFunc(ctx, async () => {
      await cond.l.lock(); // so that the broadcast cannot come between the test and the wait
      cond.broadcast();
      cond.l.unlock();
    });
    try {
      while (!condition()) {
        await cond.wait();
        const err = ctx.err();
        if (err !== undefined) throw err;
      }
    } finally {
      stop();
    }
  };
  const errors: unknown[] = [];
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 4; i++) {
    wg.go(async () => {
      const [ctx, cancel] = context.withTimeout(bg, 1);
      const locked = await cond.l.lock();
      await waitOn(ctx, () => false).catch((error) => errors.push(error));
      locked[Symbol.dispose]();
      cancel();
    });
  }
  await clock.advance(1);
  await wg.wait();
  assert.deepEqual(errors, Array(4).fill(context.deadlineExceeded));
});

test("CX-51 recipe: afterFunc sets a deadline on a connection, and is stopped if the read succeeds", async () => {
  class Connection {
    readonly data = chan<string>(1);
    readonly #overdue = context.withCancel(bg);
    expire(): void {
      this.#overdue[1]();
    }
    read(): Promise<string | undefined> {
      return this.data.recv(this.#overdue[0]);
    }
  }
  const readFrom = async (ctx: Context, conn: Connection): Promise<string | undefined> => {
    let expired: () => void = () => {};
    const over = new Promise<void>((resolve) => (expired = resolve));
    const stop = context.afterFunc(ctx, () => {
      conn.expire();
      expired();
    });
    const [result] = await Promise.allSettled([conn.read()]);
    if (!stop()) {
      await over;
      throw ctx.err();
    }
    return result.status === "fulfilled" ? result.value : undefined;
  };
  const [ctx, cancel] = context.withCancel(bg);
  const conn = new Connection();
  conn.data.trySend("hello");
  assert.equal(await readFrom(ctx, conn), "hello");
  const reading = readFrom(ctx, conn);
  await gosched();
  cancel();
  await assert.rejects(reading, (error) => error === context.canceled);
});

test("CX-51 recipe: a context that ends with either of two, by afterFunc and cause", async () => {
  const merge = (a: Context, b: Context): [Context, () => void] => {
    const [ctx, cancel] = context.withCancelCause(a);
    const stop = context.afterFunc(b, () => cancel(context.cause(b)));
    return [
      ctx,
      () => {
        stop();
        cancel(context.canceled);
      },
    ];
  };
  const [a, cancelA] = context.withCancelCause(bg);
  const [b, cancelB] = context.withCancelCause(bg);
  const [both] = merge(a, b);
  const [also] = merge(b, a);
  const why = new Error("b");
  const done = both.done().recv();
  assert.equal(await isPending(done), true);
  cancelB(why);
  await done;
  assert.equal(both.err(), context.canceled);
  assert.deepEqual([context.cause(both), context.cause(also)], [why, why]);
  cancelA();
});
