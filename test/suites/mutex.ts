// A suite for every kind of mutex.

import assert from "node:assert/strict";
import { test } from "node:test";
import { go, gosched } from "gort";
import * as context from "gort/context";
import { onFatal } from "gort/runtime";
import * as sync from "gort/sync";
import { order } from "../support/order.js";
import { isPending, settle } from "../support/settle.js";
import type { Primitives } from "./primitives.js";

export function mutexes({ Mutex }: Primitives): void {
  const bg = context.background();

  test("MU-1 MU-2 ten goroutines take the lock a thousand times each, every third try without waiting; nobody overlaps", async () => {
    const mu = new Mutex();
    const wg = new sync.WaitGroup();
    let held = 0;
    let taken = 0;
    for (let g = 0; g < 10; g++) {
      wg.go(async () => {
        for (let i = 0; i < 1000; i++) {
          if (i % 3 === 0) {
            if (!mu.tryLock()) continue;
          } else {
            await mu.lock();
          }
          assert.equal(++held, 1);
          taken++;
          if (i % 7 === 0) await gosched();
          held--;
          mu.unlock();
        }
      });
    }
    await wg.wait();
    assert.ok(taken > 10 * 666);
    assert.equal(mu.tryLock(), true);
  });

  test("MU-2 MU-9 tryLock takes a free lock, and not one that is held", async () => {
    const mu = new Mutex();
    assert.equal(mu.tryLock(), true);
    assert.equal(mu.tryLock(), false);
    mu.unlock();
    await mu.lock();
    assert.equal(mu.tryLock(), false);
    mu.unlock();
    assert.equal(mu.tryLock(), true);
  });

  test("MU-4 a goroutine that takes the lock again at once does not keep others from it", async () => {
    const mu = new Mutex();
    let got = 0;
    let greedy = 0;
    go(async () => {
      while (got < 10) {
        await mu.lock();
        greedy++;
        await gosched();
        mu.unlock();
      }
    });
    await gosched();
    for (; got < 10; got++) {
      await mu.lock();
      mu.unlock();
    }
    assert.ok(greedy <= 12, `${greedy} rounds for 10`);
  });

  test("MU-4 whoever tries while the lock is being handed over comes after the one who waited", async () => {
    const mu = new Mutex();
    const { step, reached } = order();
    await mu.lock();
    go(async () => {
      await mu.lock();
      step(1);
      mu.unlock();
    });
    await gosched();
    mu.unlock();
    assert.equal(mu.tryLock(), false);
    await mu.lock();
    step(2);
    await reached(2);
  });

  test("MU-5 one goroutine may lock and another unlock", async () => {
    const mu = new Mutex();
    await mu.lock();
    go(() => mu.unlock());
    await mu.lock();
    mu.unlock();
  });

  test("MU-6 locking twice in one goroutine waits for ever", async () => {
    const mu = new Mutex();
    await mu.lock();
    assert.equal(await isPending(mu.lock()), true);
  });

  test("MU-7 those who wait get the lock in the order of their coming", async () => {
    const mu = new Mutex();
    const got: number[] = [];
    const wg = new sync.WaitGroup();
    await mu.lock();
    for (let i = 0; i < 5; i++) {
      wg.go(async () => {
        await mu.lock();
        got.push(i);
        mu.unlock();
      });
    }
    await settle();
    mu.unlock();
    await wg.wait();
    assert.deepEqual(got, [0, 1, 2, 3, 4]);
  });

  test("MU-7 a waiter that gives up does not swallow the next unlock, and is not waited for", async () => {
    const mu = new Mutex();
    await mu.lock();
    const [ctx, cancel] = context.withCancel(bg);
    const given = [mu.lock(), mu.lock(ctx), mu.lock()];
    const ends = Promise.allSettled(given);
    cancel();
    mu.unlock();
    await given[0];
    assert.equal(await isPending(given[2] as Promise<Disposable>), true);
    mu.unlock();
    assert.deepEqual(
      (await ends).map((end) => (end.status === "rejected" ? end.reason : "held")),
      ["held", context.canceled, "held"],
    );
    assert.equal(mu.tryLock(), false);
    mu.unlock();
    assert.equal(mu.tryLock(), true);
  });

  test("cancel and grant in one tick: whichever comes first counts, and the lock is not lost", async () => {
    for (const grantFirst of [true, false]) {
      for (const others of [0, 1]) {
        const mu = new Mutex();
        await mu.lock();
        const [ctx, cancel] = context.withCancel(bg);
        const waiting = mu.lock(ctx);
        const behind = Array.from({ length: others }, () => mu.lock());
        if (grantFirst) mu.unlock();
        cancel();
        if (!grantFirst) mu.unlock();
        if (grantFirst) {
          await waiting;
          mu.unlock();
        } else {
          await assert.rejects(waiting, (error) => error === context.canceled);
        }
        await Promise.all(behind);
        assert.equal(mu.tryLock(), others === 0);
      }
    }
  });

  test("a ctx that is done wins over a lock that is free; an AbortSignal's reason is what it rejects with", async () => {
    const mu = new Mutex();
    const why = new Error("why");
    await assert.rejects(mu.lock(AbortSignal.abort(why)), (error) => error === why);
    await assert.rejects(mu.lock(context.withTimeout(bg, 0)[0]), (error) => error === context.deadlineExceeded);
    await assert.rejects(
      mu.with(() => assert.fail("called"), AbortSignal.abort(why)),
      (error) => error === why,
    );
    await assert.rejects(mu.lock({} as never), { name: "TypeError", message: /Context or an AbortSignal/ });
    assert.equal(mu.tryLock(), true);
    const controller = new AbortController();
    const waiting = mu.lock(controller.signal);
    assert.equal(await isPending(waiting), true);
    controller.abort(why);
    await assert.rejects(waiting, (error) => error === why);
    mu.unlock();
    assert.equal(mu.tryLock(), true);
  });

  test("a time-out ends a wait for the lock", async () => {
    const mu = new Mutex();
    await mu.lock();
    const [ctx] = context.withTimeout(bg, 1);
    await assert.rejects(mu.lock(ctx), (error) => error === context.deadlineExceeded);
  });

  test("MU-3 unlocking what is not locked is a GoPanic for those who test for it, and tells them", () => {
    const told: Error[] = [];
    {
      using _ = onFatal((error) => told.push(error));
      const panic = {
        name: "GoPanic",
        message: "sync: unlock of unlocked mutex",
        code: "ERR_UNLOCK_OF_UNLOCKED_MUTEX",
      };
      const mu = new Mutex();
      assert.throws(() => mu.unlock(), panic);
      assert.equal(mu.tryLock(), true);
      mu.unlock();
      assert.throws(() => mu.unlock(), panic);
      assert.equal(mu.tryLock(), true);
    }
    assert.deepEqual(
      told.map((error) => error.message),
      Array(2).fill("sync: unlock of unlocked mutex"),
    );
  });

  test("the first dispose of a guard unlocks, a later one does nothing, also when somebody else holds the lock by then", async () => {
    const mu = new Mutex();
    const guard = await mu.lock();
    guard[Symbol.dispose]();
    guard[Symbol.dispose]();
    assert.equal(mu.tryLock(), true);
    guard[Symbol.dispose]();
    assert.equal(mu.tryLock(), false);
  });

  test("disposing a guard after an explicit unlock is a GoPanic, and leaves the lock to whoever holds it", async () => {
    const panic = { name: "GoPanic", message: "sync: guard disposed after an explicit unlock" };
    const mu = new Mutex();
    const guard = await mu.lock();
    mu.unlock();
    assert.throws(() => guard[Symbol.dispose](), panic);
    const second = await mu.lock();
    mu.unlock();
    await mu.lock();
    assert.throws(() => second[Symbol.dispose](), panic);
    assert.equal(mu.tryLock(), false);
  });

  test("using holds the lock for a block, and hands it on at its end", async () => {
    const mu = new Mutex();
    const { step, reached } = order();
    const locked = async (first: number, second: number) => {
      using _ = await mu.lock();
      step(first);
      await gosched();
      step(second);
    };
    go(locked, 1, 2);
    go(locked, 3, 4);
    await reached(4);
    assert.equal(mu.tryLock(), true);
  });

  test("with gives what its function gives, and unlocks whatever happens", async () => {
    const mu = new Mutex();
    assert.equal(await mu.with(() => 1), 1);
    assert.equal(await mu.with(async () => 2), 2);
    const broken = new Error("broken");
    await assert.rejects(
      mu.with(() => Promise.reject(broken)),
      (error) => error === broken,
    );
    await assert.rejects(
      mu.with(() => {
        throw broken;
      }),
      (error) => error === broken,
    );
    assert.equal(mu.tryLock(), true);
  });
}
