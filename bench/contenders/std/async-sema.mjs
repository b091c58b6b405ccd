// async-sema: a mutex is a semaphore of one; where many wait, it is told how many, as its documentation advises.

import { Sema } from "async-sema";

/** Awaited: a yield. */
const soon = Promise.resolve();

export default {
  async mutex(n) {
    const mutex = new Sema(1);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await mutex.acquire();
      sum += i;
      mutex.release();
    }
    return sum;
  },

  async "mutex-ten"(n) {
    const mutex = new Sema(1);
    let count = 0;
    const loop = async () => {
      for (let i = 0; i < n / 10; i++) {
        await mutex.acquire();
        const before = count;
        await soon;
        count = before + 1;
        mutex.release();
      }
    };
    await Promise.all(Array.from({ length: 10 }, loop));
    return count;
  },

  async semaphore(n) {
    const sema = new Sema(10);
    let sum = 0;
    const task = async (i) => {
      sum += i;
      sema.release();
    };
    for (let i = 0; i < n; i++) {
      await sema.acquire();
      void task(i);
    }
    await sema.drain();
    return sum;
  },

  async "semaphore-all"(n) {
    const sema = new Sema(10, { capacity: n });
    let sum = 0;
    const task = async (i) => {
      await sema.acquire();
      sum += i;
      sema.release();
    };
    const tasks = [];
    for (let i = 0; i < n; i++) tasks.push(task(i));
    await Promise.all(tasks);
    return sum;
  },
};
