// A counter behind a mutex, and a cache behind a read-write lock.
//
// Between two awaits nothing else runs, so `n++` needs no lock. A lock is needed where an await stands between the
// read and the write: the first counter, without one, loses updates; the second does not. Readers of the cache share
// its lock, a writer has it alone.
//
// SPEC: program 9, rows S1, R9.
// Run: gort run examples/counter.ts

import { gosched, main } from "gort";
import * as sync from "gort/sync";
import * as time from "gort/time";

class Counter {
  #n = 0;
  readonly #mu = new sync.Mutex();

  get value(): number {
    return this.#n;
  }

  /** Reads, waits, and writes: somebody else may have written in between. */
  async addUnsafely(): Promise<void> {
    const before = this.#n;
    await gosched();
    this.#n = before + 1;
  }

  add(): Promise<void> {
    return this.#mu.with(() => this.addUnsafely());
  }
}

/** Looks up slowly, once for each key. */
class Cache {
  readonly #mu = new sync.RWMutex();
  readonly #entries = new Map<string, number>();
  lookups = 0;
  reading = 0;
  mostReading = 0;

  async get(key: string): Promise<number> {
    const found = await this.#mu.withRead(async () => {
      this.mostReading = Math.max(this.mostReading, ++this.reading);
      await gosched(); // reading takes a while
      this.reading--;
      return this.#entries.get(key);
    });
    return found ?? (await this.#mu.with(() => this.#lookUp(key)));
  }

  async #lookUp(key: string): Promise<number> {
    const found = this.#entries.get(key); // somebody may have been here while we waited for the lock
    if (found !== undefined) return found;
    if (this.reading > 0) throw new Error("a reader beside a writer");
    this.lookups++;
    await time.sleep(time.millisecond);
    this.#entries.set(key, key.length);
    return key.length;
  }
}

async function thousand(f: () => Promise<unknown>): Promise<void> {
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 1000; i++) wg.go(f);
  await wg.wait();
}

main(async () => {
  const careless = new Counter();
  await thousand(() => careless.addUnsafely());
  console.log(`a thousand additions without a lock: ${careless.value}`);

  const safe = new Counter();
  await thousand(() => safe.add());
  console.log(`a thousand additions with a lock: ${safe.value}`);

  const cache = new Cache();
  const keys = ["ash", "birch", "chestnut"];
  let next = 0;
  let sum = 0;
  await thousand(async () => {
    const value = await cache.get(keys[next++ % keys.length] as string);
    sum += value; // `sum += await …` would read the sum before it waits
  });
  console.log(`a thousand reads of ${keys.length} keys: ${cache.lookups} lookups, sum ${sum}`);
  console.log(`readers at the same time: ${cache.mostReading > 100 ? "many" : cache.mostReading}`);
});

// Output:
// a thousand additions without a lock: …
// a thousand additions with a lock: 1000
// a thousand reads of 3 keys: 3 lookups, sum 5331
// readers at the same time: many
