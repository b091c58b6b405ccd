// Four workers share twenty jobs of varying length: how many each of them did, and how many a second they did together.
//
// Nobody hands out the jobs. A worker takes the next one when it is free, so one that has drawn the long jobs does fewer of them.
//
// SPEC: program 19, rows P1, C3, S1.
// Run: gort run examples/shares.ts

import { chan, main } from "gort";
import * as sync from "gort/sync";
import * as time from "gort/time";

interface Share {
  jobs: number;
  busy: number;
}

main(async () => {
  const jobs = chan<number>();
  const shares = Array.from({ length: 4 }, (): Share => ({ jobs: 0, busy: 0 }));

  const began = performance.now();
  const wg = new sync.WaitGroup();
  for (const share of shares) {
    wg.go(async () => {
      for await (const length of jobs) {
        await time.sleep(length);
        share.jobs++;
        share.busy += length;
      }
    });
  }
  for (let i = 0; i < 20; i++) await jobs.send((5 + ((i * 7) % 20)) * time.millisecond);
  jobs.close();
  await wg.wait();
  const took = performance.now() - began;

  shares.forEach(({ jobs, busy }, i) => {
    console.log(`worker ${i + 1}: ${jobs} jobs, busy for ${time.formatDuration(busy)} (${Math.round((100 * busy) / took)} %)`);
  });
  console.log(`together: ${shares.reduce((sum, { jobs }) => sum + jobs, 0)} jobs, ${Math.round(20_000 / took)} a second`);
});

// Output:
// worker 1: … jobs, busy for …ms (… %)
// worker 2: … jobs, busy for …ms (… %)
// worker 3: … jobs, busy for …ms (… %)
// worker 4: … jobs, busy for …ms (… %)
// together: 20 jobs, … a second
