// A suite for every kind of semaphore.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Context, go, GoPanic, gosched } from "gort";
import * as context from "gort/context";
import { gomaxprocs, numGoroutine } from "gort/runtime";
import * as sync from "gort/sync";
import * as time from "gort/time";
import { order } from "../support/order.js";
import { isPending, settle } from "../support/settle.js";
import { numbers, stressSeed } from "../support/seed.js";
import { virtualClock } from "../support/virtual.js";
import type { Primitives } from "./primitives.js";

export function semaphores({ Weighted }: Primitives): void {
  const bg = context.background();
  const isPanic = { name: "GoPanic", message: "semaphore: released more than held" };

  test("SM-1 any number of goroutines with any weights: the whole is never exceeded, and all end", async () => {
    const seed = stressSeed();
    const random = numbers(seed);
    const n = 20;
    const sem = new Weighted(n);
    const wg = new sync.WaitGroup();
    let held = 0;
    let rounds = 0;
    for (let i = 0; i < n; i++) {
      wg.go(async () => {
        for (let round = 0; round < 10_000 / n; round++) {
          await sem.acquire(bg, i);
          held += i;
          assert.ok(held <= n, `${held} are held, seed ${seed}`);
          for (let naps = random(3); naps > 0; naps--) await gosched();
          held -= i;
          sem.release(i);
          rounds++;
        }
      });
    }
    await wg.wait();
    assert.equal(rounds, 10_000);
    assert.equal(sem.tryAcquire(n), true);
  });

  test("SM-2 releasing more than is held is a panic, and changes nothing", async () => {
    const sem = new Weighted(1);
    assert.throws(() => sem.release(1), isPanic);
    await sem.acquire(bg, 1);
    assert.throws(
      () => sem.release(2),
      (e) => e instanceof GoPanic && e.code === "ERR_SEMAPHORE_RELEASED_TOO_MUCH",
    );
    assert.equal(sem.tryAcquire(), false);
    sem.release(1);
    assert.throws(() => sem.release(), isPanic);
  });

  test("SM-3 tryAcquire takes what is free and nothing more", async () => {
    const sem = new Weighted(2);
    await sem.acquire(bg, 1);
    const got = [sem.tryAcquire(1), sem.tryAcquire(1)];
    sem.release(2);
    got.push(sem.tryAcquire(1));
    await sem.acquire(bg, 1);
    got.push(sem.tryAcquire(1));
    assert.deepEqual(got, [true, false, true, false]);
  });

  test("SM-4 acquire with a time-out fails with the context's error when its time is over", async () => {
    using clock = virtualClock();
    const sem = new Weighted(2);
    const tryFor10ms = async () => {
      const [ctx, cancel] = context.withTimeout(bg, 10 * time.millisecond);
      const result = sem.acquire(ctx, 1).then(
        () => "acquired",
        (e: unknown) => e,
      );
      await clock.advance(10);
      cancel();
      return result;
    };
    await sem.acquire(bg, 1);
    assert.equal(await tryFor10ms(), "acquired");
    assert.equal(await tryFor10ms(), context.deadlineExceeded);
    sem.release(2);
    assert.equal(await tryFor10ms(), "acquired");
    await sem.acquire(bg, 1);
    assert.equal(await tryFor10ms(), context.deadlineExceeded);
  });

  test("SM-5 a request for more than the whole only waits for its context, and holds up nobody", async () => {
    const sem = new Weighted(2);
    const [ctx, cancel] = context.withCancel(bg);
    const tooMuch = sem.acquire(ctx, 3);
    for (let i = 0; i < 6; i++) {
      await sem.acquire(bg, 1);
      await sem.acquire(bg, 1);
      assert.equal(await isPending(tooMuch), true);
      sem.release(2);
    }
    cancel();
    await assert.rejects(tooMuch, (e) => e === context.canceled);
    const never = sem.acquire(bg, 3);
    assert.equal(sem.tryAcquire(2), true);
    assert.equal(await isPending(never), true);
  });

  test("SM-6 SM-9 a large request is not starved by small ones that go on releasing and acquiring", async () => {
    const n = 10;
    const sem = new Weighted(n);
    const wg = new sync.WaitGroup();
    let over = false;
    let turns = 0;
    for (let i = 0; i < n; i++) {
      await sem.acquire(bg, 1);
      wg.go(async () => {
        while (!over) {
          turns++;
          await gosched();
          sem.release(1);
          await sem.acquire(bg, 1);
        }
        sem.release(1);
      });
    }
    await sem.acquire(bg, n);
    over = true;
    sem.release(n);
    await wg.wait();
    assert.ok(turns >= n);
    assert.equal(sem.tryAcquire(n), true);
  });

  test("SM-6 SM-11 who waits is let in strictly in order of coming, as many as fit, up to the first who does not", async () => {
    const { step, reached } = order();
    const sem = new Weighted(5);
    await sem.acquire(bg, 5);
    const want = (n: number, at: number) => go(async () => (await sem.acquire(bg, n), step(at)));
    want(2, 2);
    want(1, 3);
    want(4, 5);
    want(1, 6);
    await settle();
    step(1);
    sem.release(4); // 2 and 1 fit, 4 does not, and the last must not overtake it
    await reached(3);
    await settle();
    step(4);
    sem.release(3);
    await settle();
    sem.release(1);
    await reached(6);
  });

  test("SM-7 when the first who waits gives up, those behind are let in at once if they fit", async () => {
    const sem = new Weighted(10);
    await sem.acquire(bg, 1);
    const [ctx, cancel] = context.withCancel(bg);
    const big = sem.acquire(ctx, 10);
    const small = sem.acquire(bg, 1);
    assert.equal(await isPending(small), true);
    cancel();
    await small;
    await assert.rejects(big, (e) => e === context.canceled);
    assert.equal(sem.tryAcquire(8), true);
    assert.equal(sem.tryAcquire(1), false);
  });

  test("SM-7 one who gives up from the middle of the queue lets nobody overtake the first", async () => {
    const sem = new Weighted(2);
    await sem.acquire(bg, 1);
    const first = sem.acquire(bg, 2);
    const stop = new AbortController();
    const middle = sem.acquire(stop.signal, 1);
    const last = sem.acquire(bg, 1);
    stop.abort(new Error("enough"));
    await assert.rejects(middle, { message: "enough" });
    assert.equal(await isPending(first), true);
    assert.equal(await isPending(last), true);
    sem.release(1);
    await first;
    assert.equal(await isPending(last), true);
    sem.release(2);
    await last;
  });

  test("SM-8 a cancel just before the release that would have granted: acquire fails, and the tokens are free", async () => {
    const sem = new Weighted(2);
    await sem.acquire(bg, 1);
    const [ctx, cancel] = context.withCancel(bg);
    const waiting = sem.acquire(ctx, 2);
    await settle();
    cancel();
    sem.release(1);
    await assert.rejects(waiting, (e) => e === context.canceled);
    assert.equal(sem.tryAcquire(2), true);
  });

  test("SM-8 a release just before the cancel: the request has been granted, and its holder gives it back", async () => {
    const sem = new Weighted(2);
    await sem.acquire(bg, 1);
    const [ctx, cancel] = context.withCancel(bg);
    const waiting = sem.acquire(ctx, 2);
    await settle();
    sem.release(1);
    cancel();
    const permit = await waiting;
    assert.equal(sem.tryAcquire(1), false);
    permit[Symbol.dispose]();
    assert.equal(sem.tryAcquire(2), true);
  });

  test("SM-8 one cancel for several who wait: none of them is let in by the going of another", async () => {
    for (const make of [
      () => context.withCancel(bg),
      () => {
        const stop = new AbortController();
        return [stop.signal, () => stop.abort(context.canceled)] as const;
      },
    ]) {
      const sem = new Weighted(2);
      await sem.acquire(bg, 1);
      const [ctx, cancel] = make();
      const all = [sem.acquire(ctx, 2), sem.acquire(ctx, 1), sem.acquire(bg, 1), sem.acquire(ctx, 1)];
      await settle();
      cancel();
      const results = await Promise.allSettled(all.filter((_, i) => i !== 2));
      assert.deepEqual(
        results.map((r) => r.status === "rejected" && r.reason === context.canceled),
        [true, true, true],
      );
      await all[2];
      assert.equal(sem.tryAcquire(1), false);
      sem.release(2);
      assert.equal(sem.tryAcquire(2), true);
    }
  });

  test("SM-8 a done context fails, though tokens are free; nothing is taken", async () => {
    const sem = new Weighted(1);
    const [ctx, cancel] = context.withCancel(bg);
    cancel();
    await assert.rejects(sem.acquire(ctx), (e) => e === context.canceled);
    await assert.rejects(sem.acquire(ctx, 0), (e) => e === context.canceled);
    await assert.rejects(sem.acquire(AbortSignal.abort("stop"), 1), (e) => e === "stop");
    assert.equal(sem.tryAcquire(1), true);
  });

  test("SM-8 cancels and grants in any order lose no token", async () => {
    const seed = stressSeed();
    const random = numbers(seed);
    const size = 4;
    const sem = new Weighted(size);
    const wg = new sync.WaitGroup();
    const cancels: (() => void)[] = [];
    let held = 0;
    for (let i = 0; i < 500; i++) {
      const [ctx, cancel] = context.withCancel(bg);
      cancels.push(cancel);
      wg.go(async () => {
        const n = random(size + 1);
        for (let naps = random(20); naps > 0; naps--) await gosched();
        try {
          await sem.acquire(ctx, n);
        } catch (error) {
          assert.equal(error, context.canceled);
          return;
        }
        held += n;
        assert.ok(held <= size, `${held} are held, seed ${seed}`);
        await gosched();
        if (random(2) === 0) cancels[random(cancels.length)]?.();
        held -= n;
        sem.release(n);
        cancels[random(cancels.length)]?.();
      });
    }
    await wg.wait();
    assert.equal(sem.tryAcquire(size), true, `tokens were lost, seed ${seed}`);
    for (const cancel of cancels) cancel();
  });

  test("SM-9 tryAcquire fails while somebody waits, even if there would be enough", async () => {
    const sem = new Weighted(3);
    await sem.acquire(bg, 1);
    const big = sem.acquire(bg, 3);
    assert.equal(sem.tryAcquire(1), false);
    assert.equal(sem.tryAcquire(0), false);
    sem.release(1);
    await big;
  });

  test("SM-10 a request for nothing passes at once if nobody waits, and else waits in the queue", async () => {
    const sem = new Weighted(1);
    await sem.acquire(bg, 1);
    await sem.acquire(bg, 0);
    sem.release(0);
    const one = sem.acquire(bg, 1);
    const none = sem.acquire(bg, 0);
    assert.equal(await isPending(none), true);
    sem.release(1);
    await one;
    await none;
    const empty = new Weighted(0);
    await empty.acquire(bg, 0);
    assert.equal(empty.tryAcquire(), false);
  });

  test("SM-12 a bounded number of workers: in the end, acquiring the whole waits for all of them", async () => {
    const before = numGoroutine();
    const workers = gomaxprocs(0);
    const sem = new Weighted(workers);
    const lengths: number[] = [];
    const collatz = (n: number): number => (n === 1 ? 0 : 1 + collatz(n % 2 === 0 ? n / 2 : 3 * n + 1));
    for (let i = 0; i < 32; i++) {
      await sem.acquire(bg, 1);
      go(async () => {
        await gosched();
        lengths[i] = collatz(i + 1);
        sem.release(1);
      });
    }
    await sem.acquire(bg, workers);
    assert.deepEqual(lengths.slice(0, 10), [0, 1, 7, 2, 5, 8, 16, 3, 19, 6]);
    assert.equal(lengths.filter((x) => x >= 0).length, 32);
    await settle();
    assert.equal(numGoroutine(), before);
  });

  test("a permit releases what it stands for when it is disposed, once", async () => {
    const sem = new Weighted(3);
    const permit = await sem.acquire(bg, 2);
    const other = await sem.acquire(bg);
    permit[Symbol.dispose]();
    permit[Symbol.dispose]();
    assert.equal(sem.tryAcquire(2), true);
    assert.equal(sem.tryAcquire(1), false);
    const waiting = sem.acquire(bg, 1);
    other[Symbol.dispose]();
    {
      using third = await waiting;
      assert.equal(sem.tryAcquire(1), false);
      assert.notEqual(third, other);
    }
    assert.equal(sem.tryAcquire(1), true);
  });

  test("a permit that is disposed after everything was released is a panic", async () => {
    const sem = new Weighted(1);
    const permit = await sem.acquire(bg);
    sem.release();
    assert.throws(() => permit[Symbol.dispose](), isPanic);
    permit[Symbol.dispose]();
  });

  test("acquire takes an AbortSignal, rejects with its reason, and leaves no listener", async () => {
    const sem = new Weighted(1);
    await sem.acquire(bg);
    const stop = new AbortController();
    let listeners = 0;
    const add = stop.signal.addEventListener.bind(stop.signal);
    const remove = stop.signal.removeEventListener.bind(stop.signal);
    stop.signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    stop.signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    const granted = sem.acquire(stop.signal);
    const waiting = sem.acquire(stop.signal);
    assert.equal(listeners, 1);
    sem.release();
    await granted;
    const reason = new Error("no more");
    stop.abort(reason);
    await assert.rejects(waiting, (e) => e === reason);
    assert.equal(listeners, 0);
  });

  test("the size and the amounts are integers >= 0; anything else is refused with its place and value, and changes nothing", async () => {
    for (const bad of [-1, 1.5, NaN, Infinity, "1" as unknown as number, null as unknown as number]) {
      const refused = (where: string) => ({
        name: "RangeError",
        message: `semaphore: ${where}: n must be an integer >= 0, got ${String(bad)}`,
      });
      assert.throws(() => new Weighted(bad), refused("Weighted"));
      const sem = new Weighted(1);
      assert.throws(() => sem.tryAcquire(bad), refused("tryAcquire"));
      assert.throws(() => sem.release(bad), refused("release"));
      await assert.rejects(sem.acquire(bg, bad), refused("acquire"));
      await sem.acquire(bg, 1);
    }
    const sem = new Weighted(1);
    await assert.rejects(sem.acquire(undefined as unknown as Context), {
      name: "TypeError",
      message: /ctx must be a Context/,
    });
    await assert.rejects(sem.acquire(1 as unknown as Context), { name: "TypeError", message: /ctx must be a Context/ });
    assert.equal(sem.tryAcquire(1), true);
  });
}
