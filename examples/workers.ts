// A worker pool: three workers square the jobs of one channel and send the results to another.
//
// The shape to remember: whoever sends closes. The jobs are closed when there are no more; the results are closed
// when the last worker has ended, and then the range over them ends, too.
//
// SPEC: program 4, rows P1, C2, C3, S1.
// Run: gort run examples/workers.ts

import { chan, go, main, type RecvChan, type SendChan } from "gort";
import * as sync from "gort/sync";
import * as time from "gort/time";

interface Result {
  worker: number;
  job: number;
  square: number;
}

async function worker(id: number, jobs: RecvChan<number>, results: SendChan<Result>): Promise<void> {
  for await (const job of jobs) {
    await time.sleep(5 * time.millisecond); // it is hard work
    await results.send({ worker: id, job, square: job * job });
  }
}

main(async () => {
  const jobs = chan<number>(9);
  const results = chan<Result>();

  const wg = new sync.WaitGroup();
  for (let id = 1; id <= 3; id++) wg.go(worker, id, jobs, results);
  go(async () => {
    await wg.wait();
    results.close();
  });

  for (let job = 1; job <= 9; job++) await jobs.send(job);
  jobs.close();

  for await (const r of results) console.log(`worker ${r.worker}: ${r.job} squared is ${r.square}`);
});

// Unordered output:
// worker …: 1 squared is 1
// worker …: 2 squared is 4
// worker …: 3 squared is 9
// worker …: 4 squared is 16
// worker …: 5 squared is 25
// worker …: 6 squared is 36
// worker …: 7 squared is 49
// worker …: 8 squared is 64
// worker …: 9 squared is 81
