// What has ended leaves nothing behind: neither memory, nor listeners, nor timers, however much of it there was.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { chan, type Cancel } from "gort";
import * as context from "gort/context";
import { numGoroutine } from "gort/runtime";
import * as sync from "gort/sync";
import * as time from "gort/time";
import { rest, virtualClock } from "../support/virtual.js";

const bg = context.background();
const many = 100_000;
const fewer = 20_000; // goroutines: they cost more than contexts
const limit = { timeout: 60_000 };
const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

/** The bytes in use, once everything has come to rest and the garbage is gone. */
async function heap(): Promise<number> {
  await rest();
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Asserts that `round` leaves less behind than 10 bytes for each of `n`. */
async function leavesNothing(round: () => unknown, n: number = many): Promise<void> {
  await round(); // what is made once is made here
  const before = await heap();
  await round();
  let left = (await heap()) - before;
  for (let i = 0; i < 10 && left >= n * 10; i++) left = (await heap()) - before; // code that is compiled, or thrown away
  assert.ok(left < n * 10, `${left} bytes are left of ${n}`);
}

test("100,000 children that were cancelled are gone while their parent lives", limit, async () => {
  const [parent] = context.withCancel(bg);
  parent.done();
  await leavesNothing(() => {
    for (let i = 0; i < many / 4; i++) {
      const [ctx, cancel] = context.withCancel(parent);
      context.withCancel(context.withValue(ctx, context.key("k"), i))[0].done();
      cancel();
      context.withTimeout(parent, 1e6)[1]();
      context.afterFunc(parent, () => {})();
    }
  });
});

test("100,000 children cancelled in any order, all at one time, are gone while their parent lives", limit, async () => {
  const [parent] = context.withCancel(bg);
  await leavesNothing(() => {
    const cancels = Array.from({ length: many }, () => context.withCancel(parent)[1]);
    for (let i = 0; i < many; i++) cancels[(i * 7919) % many]?.();
  });
});

test("100,000 children that ended by time are gone while their parent lives", limit, async () => {
  using clock = virtualClock();
  const [parent] = context.withCancel(bg);
  await leavesNothing(async () => {
    for (let i = 0; i < many; i++) context.withTimeout(parent, i % 100);
    await clock.advance(100);
  });
});

test("100,000 children are gone with their parent, and their functions with them", limit, async () => {
  let called = 0;
  await leavesNothing(async () => {
    const [parent, cancel] = context.withCancel(bg);
    for (let i = 0; i < many / 2; i++) {
      context.withCancel(parent);
      context.afterFunc(parent, () => called++);
    }
    cancel();
    await rest();
  });
  assert.equal(called, many);
});

test("100,000 contexts of one signal have one listener, and none in the end", limit, async () => {
  const { signal } = new AbortController();
  await leavesNothing(() => {
    const cancels = Array.from({ length: many }, () => context.fromSignal(signal)[1]);
    assert.equal(listeners(signal), 1);
    for (let i = 0; i < many; i++) cancels[(i * 7919) % many]?.();
    assert.equal(listeners(signal), 0);
  });
});

test("contexts of 5,000 signals that are dropped are gone with them", limit, async () => {
  await leavesNothing(() => {
    for (let i = 0; i < 5_000; i++) {
      const [ctx] = context.fromSignal(new AbortController().signal);
      ctx.done();
      assert.equal(ctx.signal.aborted, false);
    }
  }, 5_000);
});

const shared = new AbortController().signal;
const [ctx] = context.withCancel(bg);
for (const [name, cancel] of [
  ["AbortSignal", shared],
  ["context", ctx],
] as [string, Cancel][]) {
  test(`20,000 waits that ended leave nothing on their ${name}`, limit, async () => {
    const wg = new sync.WaitGroup();
    const goroutines = numGoroutine();
    await leavesNothing(async () => {
      const ch = chan<number>();
      const mu = new sync.Mutex();
      const cond = new sync.Cond(new sync.Mutex());
      const released = new sync.WaitGroup();
      released.add(1);
      await mu.lock();
      for (let i = 0; i < fewer / 4; i++) {
        wg.go(() => ch.recv(cancel));
        wg.go(async () => (await mu.lock(cancel))[Symbol.dispose]());
        wg.go(() => released.wait(cancel));
        wg.go(async () => {
          using _ = await cond.l.lock();
          await cond.wait(cancel);
        });
      }
      await rest();
      ch.close();
      mu.unlock();
      released.done();
      cond.broadcast();
      await wg.wait();
    }, fewer);
    assert.equal(numGoroutine(), goroutines);
    assert.equal(listeners(shared), 0);
  });
}

test("20,000 waits that a context of their own ends leave nothing on what they waited for", limit, async () => {
  const ch = chan<number>();
  const mu = new sync.Mutex();
  await mu.lock();
  await leavesNothing(async () => {
    let ended = 0;
    for (let i = 0; i < fewer / 4; i++) {
      const [own, cancel] = context.withCancel(bg);
      for (const wait of [
        () => ch.recv(own),
        () => mu.lock(own),
        () => time.sleep(1e6, own),
        () => own.done().recv(),
      ]) {
        void wait().then(
          () => ended++,
          () => ended++,
        );
      }
      cancel();
    }
    await rest();
    assert.equal(ended, fewer);
  }, fewer);
  mu.unlock();
  assert.equal(mu.tryLock(), true);
});

test("100,000 goroutines on one AbortSignal have one listener, and all end with it", limit, async () => {
  const controller = new AbortController();
  let added = 0;
  const { signal: heard } = controller;
  const add = heard.addEventListener.bind(heard);
  heard.addEventListener = (...args: Parameters<typeof add>) => {
    added++;
    add(...args);
  };
  const ch = chan<number>();
  const waits = Array.from({ length: many }, () => ch.recv(heard));
  assert.equal(added, 1);
  const why = new Error("why");
  controller.abort(why);
  const ends = await Promise.allSettled(waits);
  assert.ok(ends.every((end) => end.status === "rejected" && end.reason === why));
  assert.equal(listeners(heard), 0);
});

test(
  "100,000 goroutines on one context all end with it, and with what they waited for left to others",
  limit,
  async () => {
    const [one, cancel] = context.withCancel(bg);
    const mu = new sync.Mutex();
    await mu.lock();
    const waits = Array.from({ length: many }, () => mu.lock(one));
    const last = mu.lock();
    cancel();
    mu.unlock();
    const ends = await Promise.allSettled(waits);
    await last;
    assert.ok(ends.every((end) => end.status === "rejected" && end.reason === context.canceled));
  },
);
