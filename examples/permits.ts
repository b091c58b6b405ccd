// A semaphore: three of six tasks at a time; and five calls on two lines, within one second.
//
// `acquire` takes a context, so that who waits for a permit gives up when the time is over: the call that has not begun
// costs nothing. Here each call takes 600 ms: two are through in time, two are cut off in the middle, and the fifth
// never gets a line.
//
// SPEC: program 15, rows P6, P8, C7.
// Run: gort run examples/permits.ts

import { type Context, main } from "gort";
import * as context from "gort/context";
import * as semaphore from "gort/semaphore";
import * as sync from "gort/sync";
import * as time from "gort/time";

async function sixTasks(ctx: Context): Promise<void> {
  const sem = new semaphore.Weighted(3);
  const wg = new sync.WaitGroup();
  let active = 0;
  let most = 0;
  for (let task = 1; task <= 6; task++) {
    wg.go(async () => {
      await sem.acquire(ctx);
      most = Math.max(most, ++active);
      await time.sleep(20 * time.millisecond);
      active--;
      sem.release();
    });
  }
  await wg.wait();
  console.log(`6 tasks have run, ${most} at a time`);
}

async function call(ctx: Context, lines: semaphore.Weighted): Promise<string> {
  let begun = false;
  try {
    await lines.acquire(ctx);
    begun = true;
    await time.sleep(600 * time.millisecond, ctx); // the other side is working
    return "answered";
  } catch (error) {
    if (error !== ctx.err()) throw error;
    return begun ? "cut off" : "no line was free in time";
  } finally {
    if (begun) lines.release();
  }
}

main(async (ctx) => {
  await sixTasks(ctx);

  const [deadline, cancel] = context.withTimeout(ctx, time.second);
  const lines = new semaphore.Weighted(2);
  const answers: string[] = [];
  const wg = new sync.WaitGroup();
  for (let n = 1; n <= 5; n++) wg.go(async () => (answers[n] = await call(deadline, lines)));
  await wg.wait();
  cancel();
  for (let n = 1; n <= 5; n++) console.log(`call ${n}: ${answers[n]}`);
  console.log(`both lines are free again: ${lines.tryAcquire(2)}`);
});

// Output:
// 6 tasks have run, 3 at a time
// call 1: answered
// call 2: answered
// call 3: cut off
// call 4: cut off
// call 5: no line was free in time
// both lines are free again: true
