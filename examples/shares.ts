// Four workers share twenty jobs of varying length: how many each of them did, and how many a second they did
// together.
//
// Nobody hands out the jobs. A worker takes the next one when it is free, so one that has drawn the long jobs does
// fewer of them.
//
// SPEC: program 19, rows P1, C3, S1.
// Run: gort run examples/shares.ts

import { chan, main } from "gort";
import * as sync from "gort/sync";
import * as time from "gort/time";

interface Share {
  done: number;
  busy: number;
}

main(async () => {
  const jobs = chan<number>();
  const shares = Array.from({ length: 4 }, (): Share => ({ done: 0, busy: 0 }));

  const began = performance.now();
  const wg = new sync.WaitGroup();
  for (const share of shares) {
    wg.go(async () => {
      for await (const length of jobs) {
        await time.sleep(length);
        share.done++;
        share.busy += length;
      }
    });
  }
  for (let i = 0; i < 20; i++) await jobs.send((5 + ((i * 7) % 20)) * time.millisecond);
  jobs.close();
  await wg.wait();
  const took = performance.now() - began;

  let total = 0;
  for (const [i, { done, busy }] of shares.entries()) {
    const share = Math.round((100 * busy) / took);
    console.log(`worker ${i + 1}: ${done} jobs, busy for ${time.formatDuration(busy)}, ${share} % of the time`);
    total += done;
  }
  console.log(`together: ${total} jobs, ${Math.round((total * time.second) / took)} a second`);
});

// Output:
// worker 1: … jobs, busy for …ms, … % of the time
// worker 2: … jobs, busy for …ms, … % of the time
// worker 3: … jobs, busy for …ms, … % of the time
// worker 4: … jobs, busy for …ms, … % of the time
// together: 20 jobs, … a second
