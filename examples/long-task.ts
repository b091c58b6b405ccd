// A long task ends early: by a time-out, by hand with a cause, and in the middle of a computation.
//
// A task that waits hands its context to what it waits for, and the wait ends with the context. A task that computes
// has to look: JavaScript cannot interrupt a loop, so `await gosched()` lets others run (the one who cancels among
// them), and `ctx.err()` tells. Whoever makes a context cancels it in the end, also when all went well.
//
// SPEC: program 13, rows X2, P8.
// Run: gort run examples/long-task.ts

import { type CancelFunc, type Context, go, gosched, main } from "gort";
import * as context from "gort/context";
import * as time from "gort/time";

/** Ten steps of 50 ms each. */
async function copyTapes(ctx: Context): Promise<string> {
  for (let tape = 1; tape <= 10; tape++) await time.sleep(50 * time.millisecond, ctx);
  return "all tapes are copied";
}

/** Has nothing to wait for. */
async function countForEver(ctx: Context): Promise<never> {
  for (let n = 0; ; n++) {
    if (n % 10_000 !== 0) continue;
    await gosched();
    const err = ctx.err();
    if (err !== undefined) throw err;
  }
}

async function report(
  name: string,
  [ctx, cancel]: [Context, CancelFunc],
  task: (ctx: Context) => Promise<string>,
): Promise<void> {
  try {
    console.log(`${name}: ${await task(ctx)}`);
  } catch (error) {
    if (error !== ctx.err()) throw error; // it failed for a reason of its own
    console.log(`${name}: ${ctx.err()?.message}, because: ${context.cause(ctx)?.message}`);
  } finally {
    cancel();
  }
}

main(async (ctx) => {
  await report("enough time", context.withTimeout(ctx, time.minute), copyTapes);
  await report("too little time", context.withTimeout(ctx, 200 * time.millisecond), copyTapes);

  const [byHand, cancel] = context.withCancelCause(ctx);
  go(async () => {
    await time.sleep(120 * time.millisecond);
    cancel(new Error("the tapes are the wrong ones"));
  });
  await report("stopped by hand", [byHand, cancel], copyTapes);

  await report("computing", context.withTimeout(ctx, 100 * time.millisecond), countForEver);
});

// Output:
// enough time: all tapes are copied
// too little time: context deadline exceeded, because: context deadline exceeded
// stopped by hand: context canceled, because: the tapes are the wrong ones
// computing: context deadline exceeded, because: context deadline exceeded
