// p-limit: all tasks are handed over at once, and it keeps those that wait.

import pLimit from "p-limit";

const make = () => pLimit(10);

const limited = async (n) => {
  const queue = make();
  let sum = 0;
  const tasks = [];
  for (let i = 0; i < n; i++) {
    tasks.push(
      queue(async () => {
        sum += i;
      }),
    );
  }
  await Promise.all(tasks);
  return sum;
};

export default {
  semaphore: limited,

  "semaphore-all": limited,

  async "pool-submit"(n) {
    const queue = make();
    let sum = 0;
    for (let i = 0; i < n; i += 1_000) {
      const results = await Promise.all(Array.from({ length: 1_000 }, (_, k) => queue(async () => i + k)));
      for (const result of results) sum += result;
    }
    return sum;
  },
};
