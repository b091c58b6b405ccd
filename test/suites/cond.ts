// A suite for every kind of cond.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go } from "gort";
import * as context from "gort/context";
import { onFatal } from "gort/runtime";
import { isPending, settle } from "../support/settle.js";
import type { Primitives } from "./primitives.js";

export function conds({ Cond, Mutex, RWMutex }: Primitives): void {
  const bg = context.background();
  const make = () => new Cond(new Mutex());

  /** Starts goroutines that wait on the cond once each; `awake` has the numbers of those that were woken. */
  async function waiters(
    cond: InstanceType<typeof Cond>,
    n: number,
    awake: number[],
    first: number = 0,
  ): Promise<void> {
    for (let i = first; i < first + n; i++) {
      go(async () => {
        using _ = await cond.l.lock();
        await cond.wait();
        awake.push(i);
      });
    }
    await settle();
  }

  test("CO-1 CO-10 each signal wakes exactly one waiter, and nobody wakes without", async () => {
    const cond = make();
    const awake: number[] = [];
    await waiters(cond, 4, awake);
    assert.equal(awake.length, 0);
    for (let n = 1; n <= 4; n++) {
      using _ = await cond.l.lock();
      cond.signal();
      _[Symbol.dispose]();
      await settle();
      assert.equal(awake.length, n);
    }
  });

  test("CO-2 a signal or a broadcast that nobody waits for is not remembered", async () => {
    const cond = make();
    cond.signal();
    cond.broadcast();
    await cond.l.lock();
    assert.equal(await isPending(cond.wait()), true);
  });

  test("CO-3 signals wake in the order of waiting, also if new waiters come between", async () => {
    const cond = make();
    const awake: number[] = [];
    for (let i = 0; i < 100; i++) {
      await waiters(cond, 1, awake, i);
      if (i % 3 === 2) cond.signal();
    }
    while (awake.length < 100) {
      cond.signal();
      await settle();
    }
    assert.deepEqual(
      awake,
      Array.from({ length: 100 }, (_, i) => i),
    );
  });

  test("CO-4 CO-7 a broadcast wakes all who wait, once each, with or without the lock; later ones wait on", async () => {
    for (const held of [true, false]) {
      const cond = make();
      const awake: number[] = [];
      await waiters(cond, 5, awake);
      if (held) await cond.l.lock();
      cond.broadcast();
      if (held) cond.l.unlock();
      await settle();
      assert.deepEqual(awake, [0, 1, 2, 3, 4]);
      await waiters(cond, 1, awake, 5);
      assert.equal(awake.length, 5);
    }
  });

  test("CO-5 wait gives up the lock while it waits, and holds it when it returns: 1, 2, 3 are handed on", async () => {
    const cond = make();
    let x = 0;
    const done = chan<void>();
    go(async () => {
      await cond.l.lock();
      x = 1;
      await cond.wait();
      assert.equal(x, 2);
      x = 3;
      cond.signal();
      cond.l.unlock();
      await done.send();
    });
    go(async () => {
      for (;;) {
        await cond.l.lock();
        if (x === 1) {
          x = 2;
          cond.signal();
          cond.l.unlock();
          break;
        }
        cond.l.unlock();
      }
      await done.send();
    });
    go(async () => {
      for (;;) {
        await cond.l.lock();
        if (x === 2) await cond.wait();
        if (x === 3) break;
        cond.l.unlock();
      }
      cond.l.unlock();
      await done.send();
    });
    for (let i = 0; i < 3; i++) await done.recv();
  });

  test("CO-5 a woken waiter waits for the lock if somebody holds it", async () => {
    const cond = make();
    await cond.l.lock();
    const waiting = cond.wait();
    await cond.l.lock();
    cond.signal();
    assert.equal(await isPending(waiting), true);
    cond.l.unlock();
    await waiting;
    assert.equal((cond.l as InstanceType<typeof Mutex>).tryLock(), false);
  });

  test("CO-6 a signal goes to the one who waited when it came, not to one who came later", async () => {
    for (let i = 0; i < 100; i++) {
      const cond = make();
      const mu = cond.l as InstanceType<typeof Mutex>;
      await mu.lock();
      const first = cond.wait();
      await mu.lock();
      cond.signal();
      const second = cond.wait(); // gives up the lock, which the first now gets
      await first;
      mu.unlock();
      assert.equal(i % 20 === 0 ? await isPending(second) : true, true);
    }
  });

  test("a wait that its ctx ends holds the lock again, and takes no later signal", async () => {
    const cond = make();
    const mu = cond.l as InstanceType<typeof Mutex>;
    const [ctx, cancel] = context.withCancel(bg);
    await mu.lock();
    const cancelled = cond.wait(ctx);
    await mu.lock();
    const waiting = cond.wait();
    await mu.lock();
    cancel();
    assert.equal(await isPending(cancelled), true); // the lock is held
    mu.unlock();
    await assert.rejects(cancelled, (error) => error === context.canceled);
    assert.equal(mu.tryLock(), false);
    cond.signal();
    mu.unlock();
    await waiting;
    mu.unlock();
  });

  test("a ctx that is done: wait rejects at once, with the lock held all the time", async () => {
    const cond = make();
    const mu = cond.l as InstanceType<typeof Mutex>;
    await mu.lock();
    const why = new Error("why");
    const wait = cond.wait(AbortSignal.abort(why));
    assert.equal(mu.tryLock(), false);
    await assert.rejects(wait, (error) => error === why);
    assert.equal(mu.tryLock(), false);
  });

  test("cancel and grant in one tick: whichever comes first counts, and the signal is not lost", async () => {
    for (const grantFirst of [true, false]) {
      const cond = make();
      const controller = new AbortController();
      const ends: string[] = [];
      for (const [name, ctx] of [
        ["first", controller.signal],
        ["second", undefined],
      ] as const) {
        go(async () => {
          using _ = await cond.l.lock();
          await cond.wait(ctx).then(
            () => ends.push(`${name} woken`),
            (error) => ends.push(`${name} ${error}`),
          );
        });
      }
      await settle();
      if (grantFirst) cond.signal();
      controller.abort("stopped");
      if (!grantFirst) cond.signal();
      await settle();
      assert.deepEqual(ends.sort(), grantFirst ? ["first woken"] : ["first stopped", "second woken"]);
    }
  });

  test("a wait within a held guard keeps that guard valid: it unlocks in the end, for all kinds of lock", async () => {
    const mu = new Mutex();
    const rw = new RWMutex();
    for (const l of [mu, rw, rw.rlocker()]) {
      const cond = new Cond(l);
      const [ctx, cancel] = context.withCancel(bg);
      const waits = [undefined, ctx].map(async (c) => {
        using _ = await l.lock();
        await cond.wait(c);
      });
      const ends = Promise.allSettled(waits);
      await settle();
      cond.signal();
      cancel();
      assert.deepEqual(
        (await ends).map((end) => end.status),
        ["fulfilled", "rejected"],
      );
      assert.equal(mu.tryLock() && rw.tryLock(), true);
      mu.unlock();
      rw.unlock();
    }
  });

  test("a wait without the lock is as fatal as its unlock, and takes no signal", async () => {
    using _ = onFatal(() => {});
    const cond = make();
    await assert.rejects(cond.wait(), { name: "GoPanic", message: "sync: unlock of unlocked mutex" });
    await cond.l.lock();
    const waiting = cond.wait();
    cond.signal();
    await waiting;
  });

  test("a cond needs a lock", () => {
    assert.throws(() => new Cond(undefined as never), { name: "TypeError", message: /expected a Locker/ });
  });

  test("CO-8 a copy of a cond is no cond", () => {
    const copy: Partial<InstanceType<typeof Cond>> = Object.assign({}, make());
    assert.equal(copy.wait, undefined);
  });
}
