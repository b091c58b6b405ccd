// A worker pool under load: jobs that fail one time in ten, results, statistics, and a shutdown with a time limit.
//
// `feed` hands the pool a job as soon as there is room, so nothing piles up; what comes of the jobs arrives on
// `results`. The shutdown does what has been accepted, but only for so long: then it drops what has not begun,
// cancels what has, and says which jobs those were.
//
// SPEC: program 7, rows P1, X2, S1.
// Run: gort run examples/pool.ts

import { go, main } from "gort";
import * as context from "gort/context";
import * as patterns from "gort/patterns";
import * as sync from "gort/sync";
import * as time from "gort/time";

interface Order {
  id: number;
  pages: number;
}

async function print(ctx: context.Context, order: Order): Promise<string> {
  await time.sleep(order.pages * time.millisecond, ctx);
  if (order.id % 10 === 0) throw new Error(`order ${order.id}: paper jam`);
  return `order ${order.id}: ${order.pages} pages`;
}

main(async (ctx) => {
  const pool = new patterns.WorkerPool(print, { max: 3, queue: 4, timeout: 2 * time.second });

  let printed = 0;
  const reader = new sync.WaitGroup();
  reader.go(async () => {
    for await (const outcome of pool.results) {
      if (outcome.ok) printed++;
      else console.log(`failed: ${(outcome.error as Error).message}`);
    }
  });

  const orders = Array.from({ length: 40 }, (_, i) => ({ id: i + 1, pages: 1 + (i % 5) }));
  await pool.feed(ctx, orders);
  console.log("all orders have been accepted");

  // Three long orders keep all printers busy, and two more wait: they will not be ready when the shop closes.
  await pool.feed(
    ctx,
    [41, 42, 43, 44, 45].map((id) => ({ id, pages: 1000 })),
  );
  go(async () => {
    await pool.submit(ctx, { id: 99, pages: 1 }).catch((error: Error) => console.log(`order 99: ${error.message}`));
  });
  const [soon, cancel] = context.withTimeout(ctx, 100 * time.millisecond);
  const { cancelled, dropped } = await pool.shutdown(soon);
  cancel();
  await reader.wait();

  console.log(`printed ${printed}`);
  const ids = (list: readonly Order[]) => list.map(({ id }) => id).join(" ");
  console.log(`cancelled in print: ${ids(cancelled)}`);
  console.log(`not begun: ${ids(dropped)}`);

  const { accepted, completed, failed, workers, latency, throughput } = pool.stats();
  console.log(`${accepted} accepted, ${completed} ended, ${failed} failed`);
  for (const { worker, jobs } of workers) console.log(`worker ${worker} had ${jobs} jobs`);
  console.log(`latency p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms`);
  console.log(`${throughput.toFixed(0)} jobs a second`);
});

// Unordered output:
// failed: order 10: paper jam
// failed: order 20: paper jam
// failed: order 30: paper jam
// failed: order 40: paper jam
// all orders have been accepted
// order 99: worker pool is shut down
// printed 36
// cancelled in print: 41 42 43
// not begun: 44 45
// 45 accepted, 43 ended, 7 failed
// worker 1 had … jobs
// worker 2 had … jobs
// worker 3 had … jobs
// latency p50 … ms, p99 … ms
// … jobs a second
