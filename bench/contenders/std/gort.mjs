// gort, in the idioms that its documentation shows.

import * as context from "../../../dist/context/index.js";
import * as errgroup from "../../../dist/errgroup/index.js";
import { go } from "../../../dist/index.js";
import * as patterns from "../../../dist/patterns/index.js";
import * as semaphore from "../../../dist/semaphore/index.js";
import * as sync from "../../../dist/sync/index.js";

/** Awaited: a yield. */
const soon = Promise.resolve();

/** Runs ten goroutines to their end. */
const ten = async (f) => {
  const wg = new sync.WaitGroup();
  for (let k = 0; k < 10; k++) wg.go(f);
  await wg.wait();
};

function* numbers(n) {
  for (let i = 0; i < n; i++) yield i;
}

const stages = async (n, f, g, h) => {
  let sum = 0;
  await patterns
    .pipeline(context.background(), numbers(n))
    .map(f)
    .map(g)
    .map(h)
    .forEach((v) => {
      sum += v;
    });
  return sum;
};

export default {
  context(n) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const [ctx, cancel] = context.withCancel(context.background());
      cancel();
      if (ctx.err() === context.canceled) sum += i;
    }
    return sum;
  },

  "with-cancel"(n) {
    const [root, end] = context.withCancel(context.background());
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const [ctx, cancel] = context.withCancel(root);
      cancel();
      if (ctx.err() === context.canceled) sum += i;
    }
    end();
    return sum;
  },

  "with-timeout"(n) {
    const [root, end] = context.withCancel(context.background());
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const [ctx, cancel] = context.withTimeout(root, 60_000);
      cancel();
      if (ctx.err() === context.canceled) sum += i;
    }
    end();
    return sum;
  },

  "cancel-tree"(n, meter) {
    const [root, end] = context.withCancel(context.background());
    const all = [];
    meter.off(() => {
      while (all.length < n) {
        const [branch] = context.withCancel(root);
        all.push(branch);
        for (let i = 1; i < 100; i++) all.push(context.withCancel(branch)[0]);
      }
    });
    end();
    return meter.off(() => all.filter((ctx) => ctx.err() === context.canceled).length);
  },

  async mutex(n) {
    const mu = new sync.Mutex();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await mu.lock();
      sum += i;
      mu.unlock();
    }
    return sum;
  },

  async "mutex-ten"(n) {
    const mu = new sync.Mutex();
    let count = 0;
    await ten(async () => {
      for (let i = 0; i < n / 10; i++) {
        await mu.lock();
        const before = count;
        await soon;
        count = before + 1;
        mu.unlock();
      }
    });
    return count;
  },

  async "rwmutex-read"(n) {
    const mu = new sync.RWMutex();
    let read = 0;
    let written = 0;
    await ten(async () => {
      for (let i = 0; i < n / 10; i++) {
        if (i % 100 === 99) {
          await mu.lock();
          const before = written;
          await soon;
          written = before + 1;
          mu.unlock();
        } else {
          await mu.rlock();
          const before = written;
          await soon;
          if (written === before) read++;
          mu.runlock();
        }
      }
    });
    return read + written;
  },

  async semaphore(n) {
    const ctx = context.background();
    const sem = new semaphore.Weighted(10);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await sem.acquire(ctx);
      go(async () => {
        sum += i;
        sem.release();
      });
    }
    await sem.acquire(ctx, 10);
    return sum;
  },

  async "semaphore-all"(n) {
    const ctx = context.background();
    const sem = new semaphore.Weighted(10);
    const wg = new sync.WaitGroup();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      wg.go(async () => {
        await sem.acquire(ctx);
        sum += i;
        sem.release();
      });
    }
    await wg.wait();
    return sum;
  },

  async errgroup(n) {
    const g = new errgroup.Group();
    g.setLimit(10);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await g.go(async () => {
        sum += i;
      });
    }
    await g.wait();
    return sum;
  },

  pipeline: (n) =>
    stages(
      n,
      (v) => v + 1,
      (v) => v * 2,
      (v) => v / 2 - 1,
    ),

  "pipeline-async": (n) =>
    stages(
      n,
      async (v) => v + 1,
      async (v) => v * 2,
      async (v) => v / 2 - 1,
    ),

  async "pool-submit"(n) {
    const ctx = context.background();
    const pool = new patterns.WorkerPool(async (_, job) => job, { max: 10, queue: 100 });
    let sum = 0;
    for (let i = 0; i < n; i += 1_000) {
      const results = await Promise.all(Array.from({ length: 1_000 }, (_, k) => pool.submit(ctx, i + k)));
      for (const result of results) sum += result;
    }
    await pool.shutdown(ctx);
    return sum;
  },

  async "pool-feed"(n) {
    const ctx = context.background();
    const pool = new patterns.WorkerPool(async (_, job) => job, { max: 10, queue: 100 });
    const { results } = pool;
    go(async () => {
      await pool.feed(ctx, numbers(n));
      await pool.shutdown(ctx);
    });
    let sum = 0;
    for await (const { value } of results) sum += value;
    return sum;
  },
};
