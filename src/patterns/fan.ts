// fanOut, fanIn, orDone, bridge: values led from some channels to others.

import type { Chan, Context, RecvChan, SendCase } from "../internal/types.js";
import { Group } from "../errgroup/group.js";
import { chan } from "../internal/chan/make.js";
import { select } from "../internal/chan/select.js";
import { checkChannel, checkCount } from "./check.js";
import { each, stage, type StageOptions, start } from "./stage.js";

/** So many channels, each with the same buffer. */
export function channels<T>(n: number, options: StageOptions): Chan<T>[] {
  return Array.from({ length: n }, () => chan<T>(options.buffer));
}

/**
 * `n` channels that share the values of `input`: each value goes to one of them, whichever is ready to take it. All
 * of them are closed when the input is.
 */
export function fanOut<T>(ctx: Context, input: RecvChan<T>, n: number, options: StageOptions = {}): RecvChan<T>[] {
  checkChannel("fanOut", input);
  checkCount("fanOut", "n", n, 1);
  const outs = channels<T>(n, options);
  start(ctx, outs, options, () =>
    each(ctx, input, (value) => {
      const cases: Record<string, SendCase | RecvChan<never>> = { done: ctx.done() };
      for (const [i, out] of outs.entries()) cases[i] = out.sending(value);
      return select(cases);
    }),
  );
  return outs;
}

/** A channel with the values of all inputs as they come. It closes when all of them have. */
export function fanIn<T>(ctx: Context, ...inputs: RecvChan<T>[]): RecvChan<T> {
  for (const input of inputs) checkChannel("fanIn", input);
  return stage<T>(ctx, {}, async (out) => {
    const g = new Group();
    for (const input of inputs) void g.go(() => each(ctx, input, (value) => out.send(value, ctx)));
    await g.wait();
  });
}

/**
 * A channel with the values of `input` that closes when the context is done, too: for a loop that shall end with
 * either.
 */
export function orDone<T>(ctx: Context, input: RecvChan<T>, options: StageOptions = {}): RecvChan<T> {
  checkChannel("orDone", input);
  return stage<T>(ctx, options, (out) => each(ctx, input, (value) => out.send(value, ctx)));
}

/** A channel with the values of a channel of channels: all of the first, then all of the second, and so on. */
export function bridge<T>(ctx: Context, inputs: RecvChan<RecvChan<T>>, options: StageOptions = {}): RecvChan<T> {
  checkChannel("bridge", inputs);
  return stage<T>(ctx, options, (out) =>
    each(ctx, inputs, (input) => {
      checkChannel("bridge", input);
      return each(ctx, input, (value) => out.send(value, ctx));
    }),
  );
}
