// A suite for every kind of lock for readers and writers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, gosched } from "gort";
import * as context from "gort/context";
import { onFatal } from "gort/runtime";
import * as sync from "gort/sync";
import { isPending, settle } from "../support/settle.js";
import { numbers, stressSeed } from "../support/seed.js";
import type { Primitives } from "./primitives.js";

export function rwMutexes({ RWMutex }: Primitives): void {
  const bg = context.background();

  for (const n of [1, 3, 4]) {
    test(`RW-1 ${n} readers hold the lock at the same time`, async () => {
      const mu = new RWMutex();
      const wg = new sync.WaitGroup();
      const all = new sync.WaitGroup();
      all.add(n);
      for (let i = 0; i < n; i++) {
        wg.go(async () => {
          await mu.rlock();
          all.done();
          await all.wait(); // while holding it
          mu.runlock();
        });
      }
      await wg.wait();
      assert.equal(mu.tryLock(), true);
    });
  }

  for (const readers of [1, 3, 5, 10]) {
    test(`RW-2 RW-8 ${readers} readers and 2 writers never hold the lock together`, async () => {
      const seed = stressSeed();
      const random = numbers(seed + readers);
      const mu = new RWMutex();
      const wg = new sync.WaitGroup();
      let activity = 0;
      const pause = async () => {
        for (let k = random(3); k > 0; k--) await gosched();
      };
      const reader = async () => {
        for (let i = 0; i < 300; i++) {
          if (i % 5 !== 0) await mu.rlock();
          else if (!mu.tryRLock()) continue;
          const seen = ++activity;
          assert.ok(seen >= 1 && seen < 10_000, `GORT_SEED=${seed}: a reader sees ${seen}`);
          await pause();
          activity--;
          mu.runlock();
          await pause();
        }
      };
      const writer = async () => {
        for (let i = 0; i < 300; i++) {
          if (i % 5 !== 0) await mu.lock();
          else if (!mu.tryLock()) continue;
          activity += 10_000;
          assert.equal(activity, 10_000, `GORT_SEED=${seed}`);
          await pause();
          assert.equal(activity, 10_000, `GORT_SEED=${seed}`);
          activity -= 10_000;
          mu.unlock();
          await pause();
        }
      };
      for (let i = 0; i < readers; i++) wg.go(reader);
      wg.go(writer);
      wg.go(writer);
      await wg.wait();
      assert.equal(mu.tryLock(), true);
    });
  }

  test("RW-3 tryLock and tryRLock succeed only where nothing stands in the way", () => {
    const mu = new RWMutex();
    assert.equal(mu.tryLock(), true);
    assert.deepEqual([mu.tryLock(), mu.tryRLock()], [false, false]);
    mu.unlock();
    assert.equal(mu.tryRLock(), true);
    assert.deepEqual([mu.tryLock(), mu.tryRLock()], [false, true]);
    mu.runlock();
    assert.equal(mu.tryLock(), false);
    mu.runlock();
    assert.equal(mu.tryLock(), true);
  });

  test("RW-4 rlocker's lock is the read lock: many hold it, a writer waits for all, readers wait for the writer", async () => {
    const mu = new RWMutex();
    const locker = mu.rlocker();
    await locker.lock();
    using _ = await locker.lock();
    const writing = mu.lock();
    assert.equal(await isPending(writing), true);
    locker.unlock();
    const reading = locker.lock();
    assert.equal(await isPending(writing), true);
    _[Symbol.dispose]();
    await writing;
    assert.equal(await isPending(reading), true);
    mu.unlock();
    await reading;
    assert.equal(mu.tryLock(), false);
    await assert.rejects(mu.rlocker().lock(AbortSignal.abort("stop")), (error) => error === "stop");
  });

  test("RW-5 once a writer waits, new readers stand behind it", async () => {
    const mu = new RWMutex();
    await mu.rlock();
    const writing = mu.lock();
    assert.equal(mu.tryRLock(), false);
    const reading = mu.rlock();
    mu.runlock();
    await writing;
    assert.equal(await isPending(reading), true);
    mu.unlock();
    await reading;
  });

  test("RW-6 all readers that wait as a writer ends go before the next writer", async () => {
    const mu = new RWMutex();
    await mu.lock();
    const got: string[] = [];
    const wg = new sync.WaitGroup();
    const write = async (name: string) => {
      await mu.lock();
      got.push(name);
      await gosched();
      mu.unlock();
    };
    const read = async (name: string) => {
      await mu.rlock();
      got.push(name);
      await gosched();
      mu.runlock();
    };
    wg.go(write, "W1");
    wg.go(read, "R1");
    wg.go(read, "R2");
    wg.go(write, "W2");
    wg.go(read, "R3");
    await settle();
    mu.unlock(); // the first writer, as far as the rule goes: the readers come next, and then the writers in their order
    await wg.wait();
    assert.deepEqual(got, ["R1", "R2", "R3", "W1", "W2"]);
  });

  test("RW-6 the queue W1 R1 R2 W2 R3 behind a reader gives W1 R1 R2 R3 W2", async () => {
    const mu = new RWMutex();
    await mu.rlock();
    const got: string[] = [];
    const waits = [
      mu.lock().then((lock) => [got.push("W1"), lock[Symbol.dispose]()]),
      mu.rlock().then((lock) => [got.push("R1"), lock[Symbol.dispose]()]),
      mu.rlock().then((lock) => [got.push("R2"), lock[Symbol.dispose]()]),
      mu.lock().then((lock) => [got.push("W2"), lock[Symbol.dispose]()]),
      mu.rlock().then((lock) => [got.push("R3"), lock[Symbol.dispose]()]),
    ];
    mu.runlock();
    await Promise.all(waits);
    assert.deepEqual(got, ["W1", "R1", "R2", "R3", "W2"]);
  });

  test("RW-7 a read lock taken twice, with a writer between, waits for ever", async () => {
    const mu = new RWMutex();
    await mu.rlock();
    const writing = mu.lock();
    const again = mu.rlock();
    assert.deepEqual([await isPending(writing), await isPending(again)], [true, true]);
  });

  test("RW-8 the last of the readers lets the writer in", async () => {
    const mu = new RWMutex();
    const readers = await Promise.all([mu.rlock(), mu.rlock(), mu.rlock()]);
    let written = false;
    const writing = mu.lock().then(() => (written = true));
    for (const reader of readers) {
      await settle();
      assert.equal(written, false);
      reader[Symbol.dispose]();
    }
    await writing;
  });

  test("RW-9 unlocking what is not locked so is fatal: a GoPanic for those who test for it", () => {
    using _ = onFatal(() => {});
    const unlock = { name: "GoPanic", message: "sync: Unlock of unlocked RWMutex" };
    const runlock = { name: "GoPanic", message: "sync: RUnlock of unlocked RWMutex" };
    const mu = new RWMutex();
    assert.throws(() => mu.unlock(), unlock);
    assert.throws(() => mu.runlock(), runlock);
    assert.equal(mu.tryRLock(), true);
    assert.throws(() => mu.unlock(), unlock);
    mu.runlock();
    assert.throws(() => mu.runlock(), runlock);
    assert.equal(mu.tryLock(), true);
    assert.throws(() => mu.runlock(), runlock);
    mu.unlock();
    assert.throws(() => mu.unlock(), unlock);
  });

  test("a writer that gives up lets the readers behind it in, unless another writer waits", async () => {
    const mu = new RWMutex();
    await mu.rlock();
    const [first, cancelFirst] = context.withCancel(bg);
    const [second, cancelSecond] = context.withCancel(bg);
    const writers = [mu.lock(first), mu.lock(second)];
    const readers = [mu.rlock(), mu.rlock()];
    cancelFirst();
    await assert.rejects(writers[0] as Promise<Disposable>, (error) => error === context.canceled);
    assert.equal(await isPending(readers[0] as Promise<Disposable>), true);
    cancelSecond();
    await assert.rejects(writers[1] as Promise<Disposable>, (error) => error === context.canceled);
    await Promise.all(readers);
    for (let i = 0; i < 3; i++) mu.runlock();
    assert.equal(mu.tryLock(), true);
  });

  test("cancel and grant in one tick: a reader", async () => {
    for (const grantFirst of [true, false]) {
      const mu = new RWMutex();
      await mu.lock();
      const [ctx, cancel] = context.withCancel(bg);
      const reading = mu.rlock(ctx);
      if (grantFirst) mu.unlock();
      cancel();
      if (!grantFirst) mu.unlock();
      if (grantFirst) (await reading)[Symbol.dispose]();
      else await assert.rejects(reading, (error) => error === context.canceled);
      assert.equal(mu.tryLock(), true);
    }
  });

  test("cancel and grant in one tick: a writer, with readers behind it", async () => {
    for (const grantFirst of [true, false]) {
      const mu = new RWMutex();
      await mu.rlock();
      const controller = new AbortController();
      const writing = mu.lock(controller.signal);
      const reading = mu.rlock();
      if (grantFirst) mu.runlock();
      controller.abort("stop");
      if (!grantFirst) mu.runlock();
      if (grantFirst) (await writing)[Symbol.dispose]();
      else await assert.rejects(writing, (error) => error === "stop");
      (await reading)[Symbol.dispose]();
      assert.equal(mu.tryLock(), true);
    }
  });

  test("one cancel for a writer and the reader behind it ends both, and lets in a third that waits without", async () => {
    for (const from of ["context", "signal"]) {
      const mu = new RWMutex();
      await mu.rlock();
      const controller = new AbortController();
      const [ctx, cancel] = context.withCancel(bg);
      const one = from === "context" ? ctx : controller.signal;
      const [child] = context.withCancel(ctx);
      const waits = [mu.lock(one), mu.rlock(one), mu.rlock(from === "context" ? child : one), mu.rlock()];
      const ends = Promise.allSettled(waits);
      cancel();
      controller.abort(context.canceled);
      const how = (await ends).map((end) => (end.status === "rejected" ? end.reason : "held"));
      assert.deepEqual(how, [context.canceled, context.canceled, context.canceled, "held"]);
      mu.runlock();
      mu.runlock();
      assert.equal(mu.tryLock(), true);
    }
  });

  test("a ctx that is done wins over a lock that is free, for readers and writers", async () => {
    const mu = new RWMutex();
    const [ctx, cancel] = context.withCancel(bg);
    cancel();
    for (const wait of [
      () => mu.lock(ctx),
      () => mu.rlock(ctx),
      () => mu.with(assert.fail, ctx),
      () => mu.withRead(assert.fail, ctx),
    ]) {
      await assert.rejects(wait(), (error) => error === context.canceled);
    }
    assert.equal(mu.tryLock(), true);
  });

  test("a reader's guard counts once; after the last explicit runlock its dispose is a GoPanic", async () => {
    const mu = new RWMutex();
    const [first, second] = [await mu.rlock(), await mu.rlock()];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    assert.equal(mu.tryLock(), false);
    mu.runlock();
    const panic = { name: "GoPanic", message: "sync: guard disposed after an explicit unlock" };
    assert.throws(() => second[Symbol.dispose](), panic);
    const writing = await mu.lock();
    mu.unlock();
    assert.throws(() => writing[Symbol.dispose](), panic);
  });

  test("with writes alone, withRead reads together; both give what their functions give", async () => {
    const mu = new RWMutex();
    const gate = chan<void>();
    let reading = 0;
    const reads = [1, 2].map((n) =>
      mu.withRead(async () => {
        reading++;
        await gate.recv();
        return n;
      }),
    );
    await settle();
    assert.equal(reading, 2);
    const write = mu.with(() => "written");
    go(() => gate.close());
    assert.deepEqual(await Promise.all([...reads, write]), [1, 2, "written"]);
  });
}
