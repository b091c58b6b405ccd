// Jobs for pools and stages, that say where they run.

import { threadId } from "node:worker_threads";
import type { Chan } from "gort";
import { canceled } from "gort/context";
import { context, task } from "gort/parallel";

export interface Job {
  readonly n: number;
  readonly odd: Chan<number>;
}

/** The square; but an even one ends after the odd one behind it. */
export const square = task(import.meta, async function square({ n, odd }: Job) {
  if (n === 13) throw new RangeError("13 is refused");
  if (n % 2 === 1) await odd.send(n);
  else await odd.recv();
  return { square: n * n, thread: threadId };
});

/** Fails if it is told to; otherwise says that it has begun, waits until it is cancelled, and says that. */
export const last = task(import.meta, async function last({ says, fails }: { says: Chan<string>; fails: boolean }) {
  if (fails) {
    await says.recv(); // once another has begun
    throw new RangeError("told to fail");
  }
  const ctx = context();
  await says.send("begun");
  await ctx.done().recv();
  await says.send(ctx.err() === canceled ? "canceled" : String(ctx.err()));
});
