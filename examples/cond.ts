// A bounded queue on a condition variable: producers wait while it is full, consumers while it is empty.
//
// A channel with a buffer is just that, and what one would use. It is shown here for what the loop around `wait` is
// for: between a signal and the moment its receiver holds the lock again, somebody else may have been faster.
//
// SPEC: program 11, rows S2.
// Run: gort run examples/cond.ts

import { main } from "gort";
import * as sync from "gort/sync";
import * as time from "gort/time";

class Queue<T> {
  readonly #mu = new sync.Mutex();
  readonly #notEmpty = new sync.Cond(this.#mu);
  readonly #notFull = new sync.Cond(this.#mu);
  readonly #items: T[] = [];
  readonly #capacity: number;
  #closed = false;
  longest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  put(item: T): Promise<void> {
    return this.#mu.with(async () => {
      while (this.#items.length === this.#capacity) await this.#notFull.wait();
      this.#items.push(item);
      this.longest = Math.max(this.longest, this.#items.length);
      this.#notEmpty.signal();
    });
  }

  /** `undefined` when the queue is closed and empty. */
  take(): Promise<T | undefined> {
    return this.#mu.with(async () => {
      while (this.#items.length === 0 && !this.#closed) await this.#notEmpty.wait();
      this.#notFull.signal();
      return this.#items.shift();
    });
  }

  close(): Promise<void> {
    return this.#mu.with(() => {
      this.#closed = true;
      this.#notEmpty.broadcast();
    });
  }
}

main(async () => {
  const queue = new Queue<number>(3);
  const producers = new sync.WaitGroup();
  for (let p = 0; p < 2; p++) {
    producers.go(async () => {
      for (let i = 1; i <= 10; i++) await queue.put(p * 10 + i);
    });
  }

  const consumers = new sync.WaitGroup();
  const taken: number[] = [];
  for (let c = 0; c < 3; c++) {
    consumers.go(async () => {
      for (let item; (item = await queue.take()) !== undefined;) {
        await time.sleep(time.millisecond);
        taken.push(item);
      }
    });
  }

  await producers.wait();
  await queue.close();
  await consumers.wait();
  console.log(`${taken.length} items, sum ${taken.reduce((sum, n) => sum + n, 0)}`);
  console.log(`the queue never held more than ${queue.longest}`);
});

// Output:
// 20 items, sum 210
// the queue never held more than 3
