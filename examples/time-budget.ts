// Fifteen operations, three at a time, each with two seconds at most, and five seconds for all of them.
//
// A context below another one ends with whichever time is over first. Which of the two it was is seen from outside in:
// if the outer one is done, the operation was cancelled with all the rest; else its own time was over.
//
// SPEC: program 20, rows X2, P6, P8.
// Run: gort run examples/time-budget.ts

import { type Context, main } from "gort";
import * as context from "gort/context";
import * as semaphore from "gort/semaphore";
import * as sync from "gort/sync";
import * as time from "gort/time";

/** How long each operation would take, in seconds. */
const operations = [0.5, 1, 3, 7, 0.7, 0.6, 1.4, 0.5, 9, 1, 0.8, 1.9, 1.5, 1.2, 0.1];

type Outcome = "success" | "timeout" | "cancelled";

async function perform(all: Context, slots: semaphore.Weighted, takes: number): Promise<Outcome> {
  try {
    await slots.acquire(all);
  } catch {
    return "cancelled"; // before it began
  }
  const [own, cancel] = context.withTimeout(all, 2 * time.second);
  try {
    await time.sleep(takes, own);
    return "success";
  } catch {
    return all.err() === undefined ? "timeout" : "cancelled";
  } finally {
    cancel();
    slots.release();
  }
}

main(async (ctx) => {
  const [all, cancel] = context.withTimeout(ctx, 5 * time.second);
  const slots = new semaphore.Weighted(3);
  const counts = { success: 0, timeout: 0, cancelled: 0 };
  const wg = new sync.WaitGroup();
  for (const [i, seconds] of operations.entries()) {
    wg.go(async () => {
      const outcome = await perform(all, slots, seconds * time.second);
      console.log(`operation ${i + 1} of ${seconds} s: ${outcome}`);
      counts[outcome]++;
    });
  }
  await wg.wait();
  cancel();
  console.log(`${counts.success} successes, ${counts.timeout} timeouts, ${counts.cancelled} cancelled`);
});

// Unordered output:
// operation 1 of 0.5 s: success
// operation 2 of 1 s: success
// operation 3 of 3 s: timeout
// operation 4 of 7 s: timeout
// operation 5 of 0.7 s: success
// operation 6 of 0.6 s: success
// operation 7 of 1.4 s: success
// operation 8 of 0.5 s: success
// operation 9 of 9 s: timeout
// operation 10 of 1 s: success
// operation 11 of 0.8 s: success
// operation 12 of 1.9 s: cancelled
// operation 13 of 1.5 s: cancelled
// operation 14 of 1.2 s: cancelled
// operation 15 of 0.1 s: cancelled
// 8 successes, 3 timeouts, 4 cancelled
