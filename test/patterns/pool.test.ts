// WorkerPool, on a clock that stands still.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Context, go, goexit } from "gort";
import * as context from "gort/context";
import * as patterns from "gort/patterns";
import * as runtime from "gort/runtime";
import * as time from "gort/time";
import { isPending } from "../support/settle.js";
import { rest, type VirtualClock, virtualClock } from "../support/virtual.js";

const ctx = context.background();
const closed = { name: "PoolClosedError", code: "ERR_POOL_CLOSED" };

/** A job is how many milliseconds it takes. */
const sleeper = async (own: Context, ms: number): Promise<number> => {
  await time.sleep(ms, own);
  return ms;
};

/** Runs a test, and proves that it leaves no goroutine and no timer behind. */
async function leavingNothing(f: (clock: VirtualClock) => Promise<void>): Promise<void> {
  using clock = virtualClock();
  await rest();
  const base = runtime.numGoroutine();
  await f(clock);
  await rest();
  assert.equal(runtime.numGoroutine(), base, "goroutines are left");
}

describe("a fixed pool", () => {
  test("P1 does all jobs, never more than its workers at once, each result to whoever submitted it", () =>
    leavingNothing(async (clock) => {
      let atWork = 0;
      let most = 0;
      const pool = new patterns.WorkerPool<number, number>(
        async (_ctx, job) => {
          most = Math.max(most, ++atWork);
          await time.sleep(10);
          atWork--;
          return job * job;
        },
        { max: 3, queue: 4 },
      );
      assert.equal(pool.stats().size, 3);
      const results = Promise.all(Array.from({ length: 10 }, (_, i) => pool.submit(ctx, i)));
      await clock.advance(40);
      assert.deepEqual(await results, [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
      assert.equal(most, 3);
      assert.deepEqual(await pool.shutdown(ctx), { dropped: [], cancelled: [] });
    }));

  test("P1 trySubmit: to a free worker, then to the queue, then undefined", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { max: 2, queue: 1 });
      const accepted = [pool.trySubmit(ctx, 10), pool.trySubmit(ctx, 20), pool.trySubmit(ctx, 30)];
      assert.equal(pool.trySubmit(ctx, 40), undefined);
      const waiting = pool.submit(ctx, 50);
      assert.deepEqual(pool.stats().queued, 1);
      assert.equal(pool.trySubmit(ctx, 60), undefined);
      await clock.advance(100);
      assert.deepEqual(await Promise.all([...accepted, waiting]), [10, 20, 30, 50]);
      await pool.shutdown(ctx);
    }));

  test("P1 jobs begin in the order of submission, those that waited for room included", () =>
    leavingNothing(async (clock) => {
      const begun: number[] = [];
      const pool = new patterns.WorkerPool<number, void>((own, n) => (begun.push(n), time.sleep(1, own)), {
        max: 1,
        queue: 2,
      });
      const all = Promise.all([1, 2, 3, 4, 5, 6].map((n) => pool.submit(ctx, n)));
      await clock.advance(10);
      await all;
      assert.deepEqual(begun, [1, 2, 3, 4, 5, 6]);
      await pool.shutdown(ctx);
    }));

  test("P1 a job that throws rejects its submit, and the worker goes on", () =>
    leavingNothing(async () => {
      const boom = new Error("boom");
      const pool = new patterns.WorkerPool<string, string>(
        (_ctx, job) => {
          if (job === "throw") throw boom;
          if (job === "exit") goexit();
          return job === "reject" ? Promise.reject(boom) : job;
        },
        { max: 1 },
      );
      await assert.rejects(pool.submit(ctx, "throw"), (error) => error === boom);
      await assert.rejects(pool.submit(ctx, "reject"), (error) => error === boom);
      await assert.rejects(pool.submit(ctx, "exit"), /ended its goroutine/);
      assert.equal(await pool.submit(ctx, "fine"), "fine");
      const { failed, completed, workers } = pool.stats();
      assert.deepEqual([failed, completed, workers[0]?.failed, workers[0]?.jobs], [3, 4, 3, 4]);
      await pool.shutdown(ctx);
    }));

  test("P1 a task takes the worker's place", () =>
    leavingNothing(async () => {
      const task = { runWith: (_ctx: Context, n: number) => Promise.resolve(n + 1) };
      const pool = new patterns.WorkerPool(task, { max: 1 });
      assert.equal(await pool.submit(ctx, 1), 2);
      await pool.shutdown(ctx);
    }));
});

describe("an elastic pool", () => {
  test("P1 grows with the work up to max, and shrinks to min after `idle`", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { min: 1, max: 4, idle: 100 });
      assert.equal(pool.stats().size, 1);
      const first = pool.submit(ctx, 10);
      assert.equal(pool.stats().size, 1);
      const rest4 = [20, 30, 40, 50].map((ms) => pool.submit(ctx, ms));
      assert.equal(pool.stats().size, 4);
      await clock.advance(60);
      assert.deepEqual(await Promise.all([first, ...rest4]), [10, 20, 30, 40, 50]);
      assert.equal(pool.stats().size, 4);
      await clock.advance(59); // the first that became free has waited 100 ms by 120
      assert.equal(pool.stats().size, 4);
      await clock.advance(100);
      assert.equal(pool.stats().size, 1);
      assert.equal(clock.next, Infinity, "the last waits without a timer");
      await pool.shutdown(ctx);
    }));

  test("P1 under a light load the workers that are not needed end", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { min: 1, max: 3, idle: 100 });
      const burst = Promise.all([10, 10, 10].map((ms) => pool.submit(ctx, ms)));
      await clock.advance(10);
      await burst;
      for (let i = 0; i < 5; i++) {
        const done = pool.submit(ctx, 10);
        await clock.advance(50);
        await done;
      }
      assert.equal(pool.stats().size, 1);
      await pool.shutdown(ctx);
    }));

  test("P1 with min 0 it ends all its workers, and hires again; they take over the numbers", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { min: 0, max: 2, idle: 10 });
      for (let i = 0; i < 3; i++) {
        const done = pool.submit(ctx, 1);
        await clock.advance(20);
        await done;
        assert.equal(pool.stats().size, 0);
      }
      assert.deepEqual(pool.stats().workers, [{ worker: 1, state: "ended", jobs: 3, failed: 0, busy: 3 }]);
      await pool.shutdown(ctx);
    }));

  test("P1 a job that comes in the very moment in which a worker would end is done", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { min: 0, max: 1, idle: 10 });
      void pool.submit(ctx, 1);
      await clock.advance(1);
      clock.skip(10);
      clock.jump(); // the worker has been woken, and has not run yet
      const done = pool.submit(ctx, 5);
      await clock.advance(20);
      assert.equal(await done, 5);
      await pool.shutdown(ctx);
    }));
});

describe("resize", () => {
  test("P1 of a fixed pool: more workers at once, fewer as their jobs end", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { max: 1, queue: 10 });
      const jobs = [100, 100, 100, 100].map((ms) => pool.submit(ctx, ms));
      pool.resize(3);
      assert.deepEqual([pool.stats().size, pool.stats().queued], [3, 1]);
      await clock.advance(50);
      pool.resize(1);
      assert.equal(pool.stats().size, 3);
      await clock.advance(50);
      assert.equal(pool.stats().size, 1);
      await clock.advance(100);
      await Promise.all(jobs);
      await pool.shutdown(ctx);
    }));

  test("P1 to zero: free workers end at once, jobs wait until there are workers again", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { max: 2, queue: 1 });
      pool.resize(0);
      assert.equal(pool.stats().size, 0);
      const queued = pool.submit(ctx, 1);
      const atTheDoor = pool.submit(ctx, 2);
      assert.equal(pool.trySubmit(ctx, 3), undefined);
      await clock.advance(100);
      assert.equal(await isPending(queued), true);
      pool.resize(1);
      await clock.advance(100);
      assert.deepEqual([await queued, await atTheDoor], [1, 2]);
      pool.resize(0);
      assert.equal(pool.stats().size, 0);
      await pool.shutdown(ctx);
    }));

  test("P1 to zero, and shut down: what is queued nobody will do, and the report says so", () =>
    leavingNothing(async () => {
      const pool = new patterns.WorkerPool(sleeper, { max: 1, queue: 5 });
      pool.resize(0);
      const rejected = [1, 2].map((ms) => assert.rejects(pool.submit(ctx, ms), closed));
      assert.deepEqual(await pool.shutdown(ctx), { dropped: [1, 2], cancelled: [] });
      await Promise.all(rejected);
      pool.resize(3);
      assert.equal(pool.stats().size, 0);
    }));

  test("P1 of an elastic pool: its max; min follows when it must", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { min: 2, max: 3, idle: 10 });
      pool.resize(1);
      assert.equal(pool.stats().size, 1);
      pool.resize(5);
      assert.equal(pool.stats().size, 2);
      const jobs = [1, 1, 1, 1, 1].map((ms) => pool.submit(ctx, ms));
      assert.equal(pool.stats().size, 5);
      await clock.advance(100);
      await Promise.all(jobs);
      assert.equal(pool.stats().size, 2);
      await pool.shutdown(ctx);
      assert.throws(() => pool.resize(-1), /WorkerPool.resize: n must be an integer >= 0, got -1/);
    }));
});

describe("contexts and time limits", () => {
  test("P1 the context of a submit that waits is done: the job is never begun, and its place goes to the next", () =>
    leavingNothing(async (clock) => {
      const begun: number[] = [];
      const pool = new patterns.WorkerPool<number, void>((own, ms) => (begun.push(ms), time.sleep(ms, own)), {
        max: 1,
        queue: 1,
      });
      const running = pool.submit(ctx, 10);
      const [soon] = context.withTimeout(ctx, 5);
      const isLate = (error: unknown) => error === context.deadlineExceeded;
      const queued = assert.rejects(pool.submit(soon, 20), isLate);
      const atTheDoor = assert.rejects(pool.submit(soon, 30), isLate);
      const next = pool.submit(ctx, 40);
      await clock.advance(5);
      await Promise.all([queued, atTheDoor]);
      assert.equal(pool.stats().queued, 1);
      await assert.rejects(pool.submit(soon, 50), isLate);
      await assert.rejects(pool.trySubmit(soon, 50) ?? Promise.resolve(), isLate);
      await clock.advance(100);
      await Promise.all([running, next]);
      assert.deepEqual(begun, [10, 40]);
      await pool.shutdown(ctx);
    }));

  test("P1 the job's context is a child of its submit's: values, cancellation; it is done when the job is", () =>
    leavingNothing(async (clock) => {
      const key = context.key<string>("user");
      const seen: Context[] = [];
      const pool = new patterns.WorkerPool<number, string | undefined>(
        async (own, ms) => {
          seen.push(own);
          await time.sleep(ms, own);
          return own.value(key);
        },
        { max: 2 },
      );
      const [own, cancel] = context.withCancel(context.withValue(ctx, key, "gopher"));
      assert.equal(await pool.submit(own, 0), "gopher");
      assert.equal(seen[0]?.err(), context.canceled);
      const running = assert.rejects(pool.submit(own, 100), (error) => error === context.canceled);
      await rest();
      cancel();
      await running;
      assert.equal(seen[1]?.err(), context.canceled);
      assert.equal(clock.next, Infinity);
      await pool.shutdown(ctx);
    }));

  test("P1 a job's time limit counts from its beginning; the submit rejects then, whether the job heeds its context or not", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool<[ms: number, heeds: boolean], string>(
        async (own, [ms, heeds]) => {
          await time.sleep(ms, heeds ? own : undefined);
          return "done";
        },
        { max: 1, queue: 3, timeout: 100 },
      );
      const settled: [at: number, what: unknown][] = [];
      for (const job of [
        [90, true],
        [150, true],
        [150, false],
        [10, true],
      ] as [number, boolean][]) {
        go(async () => {
          const what = await pool.submit(ctx, job).catch((error: unknown) => error);
          settled.push([clock.now(), what]);
        });
      }
      await clock.advance(1000);
      const late = context.deadlineExceeded;
      // The third keeps its worker until 340: it cannot be stopped.
      assert.deepEqual(settled, [
        [90, "done"],
        [190, late],
        [290, late],
        [350, "done"],
      ]);
      assert.equal(pool.stats().completed, 4);
      await pool.shutdown(ctx);
    }));
});

describe("shutdown", () => {
  test("P1 does what has been accepted, turns away what waits for room and what comes", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { max: 1, queue: 1 });
      const accepted = [pool.submit(ctx, 10), pool.submit(ctx, 10)];
      const atTheDoor = assert.rejects(pool.submit(ctx, 10), closed);
      const report = pool.shutdown(ctx);
      await atTheDoor;
      await assert.rejects(pool.submit(ctx, 1), closed);
      await assert.rejects(pool.trySubmit(ctx, 1) ?? Promise.resolve(), closed);
      await assert.rejects(pool.feed(ctx, [1]), closed);
      assert.equal(await isPending(report), true);
      await clock.advance(20);
      assert.deepEqual(await Promise.all(accepted), [10, 10]);
      assert.deepEqual(await report, { dropped: [], cancelled: [] });
      assert.deepEqual(await pool.shutdown(ctx), { dropped: [], cancelled: [] });
    }));

  test("P1 with a time limit: after it, drops what has not begun, cancels what has, and reports both", () =>
    leavingNothing(async (clock) => {
      const causes: unknown[] = [];
      const pool = new patterns.WorkerPool<number, number>(
        async (own, ms) => {
          try {
            return await sleeper(own, ms);
          } catch (error) {
            causes.push(context.cause(own));
            throw error;
          }
        },
        { max: 2, queue: 5 },
      );
      const fine = pool.submit(ctx, 40);
      const rejected = [200, 300, 400].map((ms) => assert.rejects(pool.submit(ctx, ms), closed));
      const [soon] = context.withTimeout(ctx, 50);
      const report = pool.shutdown(soon);
      await clock.advance(50);
      assert.equal(await fine, 40);
      assert.deepEqual(await report, { dropped: [400], cancelled: [200, 300] });
      await Promise.all(rejected);
      await rest();
      assert.equal(causes.length, 2);
      for (const cause of causes) assert.ok(cause instanceof patterns.PoolClosedError);
      assert.equal(pool.stats().size, 0);
    }));

  test("P1 with a context that is done already: by force, at once; a second shutdown may force the first", () =>
    leavingNothing(async () => {
      const [done, cancel] = context.withCancel(ctx);
      cancel();
      for (const first of [done, ctx]) {
        const pool = new patterns.WorkerPool(sleeper, { max: 1, queue: 1 });
        const rejected = [1000, 2000].map((ms) => assert.rejects(pool.submit(ctx, ms), closed));
        await rest();
        const report = pool.shutdown(first);
        const second = await pool.shutdown(done);
        assert.deepEqual(second, { dropped: [2000], cancelled: [1000] });
        assert.deepEqual(await report, second);
        await Promise.all(rejected);
      }
    }));

  test("P1 by force, it does not wait for a job that does not heed its context", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool<number, void>((_ctx, ms) => time.sleep(ms), { max: 1 });
      const rejected = assert.rejects(pool.submit(ctx, 500), closed);
      const [soon] = context.withTimeout(ctx, 10);
      const report = pool.shutdown(soon);
      await clock.advance(10);
      assert.deepEqual(await report, { dropped: [], cancelled: [500] });
      await rejected;
      assert.equal(pool.stats().size, 1);
      await clock.advance(500);
      assert.equal(pool.stats().size, 0);
    }));

  test("P1 `await using` does what has been accepted", () =>
    leavingNothing(async (clock) => {
      let done: Promise<number> | undefined;
      const whole = (async () => {
        await using pool = new patterns.WorkerPool(sleeper, { max: 1 });
        done = pool.submit(ctx, 10);
      })();
      await clock.advance(10);
      await whole;
      assert.equal(await done, 10);
    }));
});

describe("results and feed", () => {
  test("P1 the outcomes of all jobs, failures too, in the order of ending; closed after the shutdown", () =>
    leavingNothing(async (clock) => {
      const boom = new Error("boom");
      const pool = new patterns.WorkerPool<number, number>(
        async (own, ms) => {
          await time.sleep(ms, own);
          if (ms === 20) throw boom;
          return -ms;
        },
        { max: 3 },
      );
      const { results } = pool;
      assert.equal(pool.results, results);
      void pool.submit(ctx, 30); // nobody awaits these: their outcomes come on the channel
      void pool.submit(ctx, 20);
      void pool.submit(ctx, 10);
      const all = patterns.collect(ctx, results);
      const report = pool.shutdown(ctx);
      await clock.advance(50);
      await report;
      const outcomes = (await all).map(({ worker, ...outcome }) => (assert.ok(worker >= 1 && worker <= 3), outcome));
      assert.deepEqual(outcomes, [
        { job: 10, took: 10, ok: true, value: -10 },
        { job: 20, took: 20, ok: false, error: boom },
        { job: 30, took: 30, ok: true, value: -30 },
      ]);
      assert.deepEqual(await new patterns.WorkerPool(sleeper, { max: 1 }).shutdown(ctx), {
        dropped: [],
        cancelled: [],
      });
    }));

  test("P1 a worker goes on only when its outcome has been taken; a forced shutdown does not wait for that", () =>
    leavingNothing(async () => {
      let begun = 0;
      const pool = new patterns.WorkerPool<number, number>((_ctx, n) => (begun++, n), { max: 2, queue: 10 });
      const { results } = pool;
      const fed = pool.feed(ctx, [1, 2, 3, 4, 5]);
      await rest();
      await fed;
      assert.equal(begun, 2);
      assert.equal((await results.recv())?.ok, true);
      await rest();
      assert.equal(begun, 3);
      const [done, cancel] = context.withCancel(ctx);
      cancel();
      const { dropped } = await pool.shutdown(done);
      assert.deepEqual(dropped, [4, 5]);
      assert.deepEqual(await patterns.collect(ctx, results), []);
    }));

  test("P1 feed takes a job from its source when there is room, and no sooner", () =>
    leavingNothing(async (clock) => {
      let asked = 0;
      const source = function* () {
        while (asked < 8) yield ++asked * 10;
      };
      const pool = new patterns.WorkerPool(sleeper, { max: 2, queue: 1 });
      const fed = pool.feed(ctx, source());
      await rest();
      assert.equal(asked, 4, "two at work, one in the queue, one at the door");
      await clock.advance(10);
      assert.equal(asked, 5);
      await clock.advance(1000);
      await fed;
      assert.equal(pool.stats().completed, 8);
      await pool.shutdown(ctx);
    }));

  test("P1 a fed job whose context is done before it begins is not begun", () =>
    leavingNothing(async (clock) => {
      const begun: number[] = [];
      const pool = new patterns.WorkerPool<number, void>((own, ms) => (begun.push(ms), time.sleep(ms, own)), {
        max: 1,
        queue: 5,
      });
      const [own, cancel] = context.withCancel(ctx);
      const { results } = pool;
      await pool.feed(own, [10, 20, 30]);
      await rest();
      cancel();
      const outcomes = patterns.collect(ctx, results);
      await clock.advance(100);
      await pool.shutdown(ctx);
      assert.deepEqual(begun, [10]);
      assert.deepEqual(
        (await outcomes).map((o) => [o.job, o.ok]),
        [
          [10, false],
          [20, false],
          [30, false],
        ],
      );
    }));

  test("P1 feed ends with its context: what was at the door is not taken", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { max: 1 });
      const [own, cancel] = context.withCancel(ctx);
      const fed = assert.rejects(pool.feed(own, [10, 20]), (error) => error === context.canceled);
      await rest();
      cancel();
      await fed;
      await clock.advance(100);
      assert.equal(pool.stats().accepted, 1);
      await pool.shutdown(ctx);
    }));
});

describe("figures", () => {
  test("P1 per worker, latency percentiles, throughput; and progress after every job", () =>
    leavingNothing(async (clock) => {
      const progress: string[] = [];
      const pool = new patterns.WorkerPool<number, void>((own, ms) => time.sleep(ms, own), {
        max: 2,
        queue: 100,
        onProgress: ({ accepted, completed, queued, running }) =>
          progress.push(`${completed}/${accepted} ${queued}+${running}`),
      });
      assert.deepEqual(pool.stats().latency, { mean: 0, p50: 0, p90: 0, p99: 0, max: 0 });
      assert.equal(pool.stats().throughput, 0);
      await clock.advance(5000); // what was before the first job does not count
      const jobs = Array.from({ length: 10 }, () => pool.submit(ctx, 100));
      await clock.advance(150);
      const now = pool.stats();
      assert.deepEqual([now.queued, now.running, now.accepted, now.completed], [6, 2, 10, 2]);
      assert.deepEqual(
        now.workers.map((w) => [w.state, w.jobs, w.busy]),
        [
          ["busy", 1, 100],
          ["busy", 1, 100],
        ],
      );
      await clock.advance(5000); // nor does what comes after the last
      await Promise.all(jobs);
      const stats = pool.stats();
      assert.deepEqual(stats.latency, { mean: 300, p50: 300, p90: 500, p99: 500, max: 500 });
      assert.equal(stats.throughput, 20);
      assert.deepEqual(
        stats.workers.map((w) => [w.worker, w.state, w.jobs, w.failed, w.busy]),
        [
          [1, "idle", 5, 0, 500],
          [2, "idle", 5, 0, 500],
        ],
      );
      assert.equal(progress.length, 10);
      assert.equal(progress[0], "1/10 8+1");
      assert.equal(progress[9], "10/10 0+0");
      await pool.shutdown(ctx);
      assert.deepEqual(
        pool.stats().workers.map(({ state }) => state),
        ["ended", "ended"],
      );
    }));

  test("P1 percentiles are of the nearest rank; throughput counts from the first job to the last", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { max: 1 });
      for (const ms of [10, 20, 30]) {
        const done = pool.submit(ctx, ms);
        await clock.advance(40);
        await done;
      }
      assert.deepEqual(pool.stats().latency, { mean: 20, p50: 20, p90: 30, p99: 30, max: 30 });
      assert.equal(pool.stats().throughput, 3 / 0.11);
      await pool.shutdown(ctx);
    }));

  test("P1 a job within its time limit costs no goroutine", () =>
    leavingNothing(async () => {
      const pool = new patterns.WorkerPool<number, number>((_ctx, n) => n, { max: 1, timeout: 100 });
      await pool.submit(ctx, 0);
      const before = runtime.metrics().goroutinesCreated;
      for (let i = 0; i < 10; i++) await pool.submit(ctx, i);
      assert.equal(runtime.metrics().goroutinesCreated, before);
      await pool.shutdown(ctx);
    }));

  test("P1 latencies are of the last 1,024 jobs", () =>
    leavingNothing(async (clock) => {
      const pool = new patterns.WorkerPool(sleeper, { max: 1 });
      const slow = pool.submit(ctx, 100);
      await clock.advance(100);
      await slow;
      for (let i = 0; i < 1023; i++) await pool.submit(ctx, 0);
      assert.equal(pool.stats().latency.max, 100);
      await pool.submit(ctx, 0);
      assert.equal(pool.stats().latency.max, 0);
      await pool.shutdown(ctx);
    }));
});

test("P1 bad options are refused", () => {
  const wrong = (x: unknown) => x as never;
  for (const [options, message] of [
    [{ max: 0 }, /max must be an integer >= 1, got 0/],
    [{ max: 2, min: 3 }, /min must be at most max/],
    [{ max: 2, min: -1 }, /min must be an integer >= 0, got -1/],
    [{ max: Infinity }, /min must be at most max, and finite/],
    [{ max: 1, queue: -1 }, /queue must be/],
    [{ max: 1, idle: 0 }, /idle must be/],
    [{ max: 1, timeout: -5 }, /timeout must be a number of milliseconds above 0, got -5/],
  ] as const) {
    assert.throws(() => new patterns.WorkerPool(sleeper, options), message);
  }
  assert.throws(
    () => new patterns.WorkerPool(wrong(undefined), { max: 1 }),
    /expected a function or a task, got undefined/,
  );
});
