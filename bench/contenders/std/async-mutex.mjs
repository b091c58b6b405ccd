// async-mutex: what acquire gives releases.

import { Mutex, Semaphore } from "async-mutex";

/** Awaited: a yield. */
const soon = Promise.resolve();

export default {
  async mutex(n) {
    const mutex = new Mutex();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const release = await mutex.acquire();
      sum += i;
      release();
    }
    return sum;
  },

  async "mutex-ten"(n) {
    const mutex = new Mutex();
    let count = 0;
    const loop = async () => {
      for (let i = 0; i < n / 10; i++) {
        const release = await mutex.acquire();
        const before = count;
        await soon;
        count = before + 1;
        release();
      }
    };
    await Promise.all(Array.from({ length: 10 }, loop));
    return count;
  },

  async semaphore(n) {
    const semaphore = new Semaphore(10);
    let sum = 0;
    const task = async (i, release) => {
      sum += i;
      release();
    };
    for (let i = 0; i < n; i++) {
      const [, release] = await semaphore.acquire();
      void task(i, release);
    }
    await semaphore.acquire(10);
    return sum;
  },

  async "semaphore-all"(n) {
    const semaphore = new Semaphore(10);
    let sum = 0;
    const task = async (i) => {
      const [, release] = await semaphore.acquire();
      sum += i;
      release();
    };
    const tasks = [];
    for (let i = 0; i < n; i++) tasks.push(task(i));
    await Promise.all(tasks);
    return sum;
  },
};
