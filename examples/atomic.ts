// Atomic integers: a counter, a maximum by compare-and-swap, and a configuration that is swapped while it is used.
//
// In one thread an ordinary variable does for the counter. These live on shared memory: passed to tasks on other
// threads, they count there, too.
//
// SPEC: program 12, rows S3.
// Run: gort run examples/atomic.ts

import { gosched, main } from "gort";
import * as atomic from "gort/atomic";
import * as sync from "gort/sync";

/** Raises `max` to `n`, unless it is higher already. */
async function raise(max: atomic.Int64, n: bigint): Promise<number> {
  for (let tries = 1; ; tries++) {
    const seen = max.load();
    await gosched(); // so that others come in between: else the first try always succeeds
    if (seen >= n || max.compareAndSwap(seen, n)) return tries;
  }
}

main(async () => {
  const count = new atomic.Int64();
  const max = new atomic.Int64();
  const retries = new atomic.Int32();
  const wg = new sync.WaitGroup();
  for (let i = 1; i <= 100; i++) {
    wg.go(async () => {
      for (let j = 0; j < 10; j++) {
        count.add(1n);
        await gosched();
      }
    });
    wg.go(async () => {
      retries.add((await raise(max, BigInt((i * 37) % 101))) - 1);
    });
  }
  await wg.wait();
  console.log(`count ${count.load()}, maximum ${max.load()}`);
  console.log(`some had to try again: ${retries.load() > 0}`);

  interface Config {
    readonly version: number;
    readonly limit: number;
  }
  const config = new atomic.Value<Config>();
  config.store({ version: 1, limit: 10 });
  const before = config.swap({ version: 2, limit: 20 });
  console.log(`from version ${before?.version} to ${config.load()?.version}`);

  const small = new atomic.Uint32(2 ** 32 - 1);
  console.log(`it wraps around: ${small.add(1)}`);
});

// Output:
// count 1000, maximum 100
// some had to try again: true
// from version 1 to 2
// it wraps around: 0
