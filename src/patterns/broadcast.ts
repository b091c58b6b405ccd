// broadcast and tee: every value to everybody.

import type { Chan, Context, RecvChan } from "../internal/types.js";
import { checkChannel, checkCount } from "./check.js";
import { channels } from "./fan.js";
import { each, type StageOptions, start } from "./stage.js";

/**
 * `n` channels of which each gets every value of `input`. The next value comes when all have taken the last, so the
 * slowest sets the pace: give them a buffer, or put a {@link queue} that drops behind those that may lag.
 */
export function broadcast<T>(ctx: Context, input: RecvChan<T>, n: number, options: StageOptions = {}): RecvChan<T>[] {
  checkChannel("broadcast", input);
  return copies(ctx, input, checkCount("broadcast", "n", n, 1), options);
}

/** Two channels of which each gets every value of `input`: {@link broadcast} to two. */
export function tee<T>(ctx: Context, input: RecvChan<T>, options: StageOptions = {}): [RecvChan<T>, RecvChan<T>] {
  checkChannel("tee", input);
  const [a, b] = copies(ctx, input, 2, options);
  return [a as Chan<T>, b as Chan<T>];
}

function copies<T>(ctx: Context, input: RecvChan<T>, n: number, options: StageOptions): Chan<T>[] {
  const outs = channels<T>(n, options);
  start(ctx, outs, options, () => each(ctx, input, (value) => Promise.all(outs.map((out) => out.send(value, ctx)))));
  return outs;
}
