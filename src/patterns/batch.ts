// batch: values put together.

import type { Context, RecvChan } from "../internal/types.js";
import { select } from "../internal/chan/select.js";
import { Timer } from "../time/timer.js";
import { checkChannel, checkCount, checkMillis } from "./check.js";
import { stage, type StageOptions } from "./stage.js";

/** When a batch of {@link batch} is complete: by the first that comes true. At least one must be given. */
export interface BatchOptions extends StageOptions {
  /** It has so many values. */
  size?: number | undefined;
  /** So many milliseconds have passed since its first value came. */
  every?: number | undefined;
}

/**
 * A channel with arrays of the values of `input`, none of them empty. What has come when the input closes is the last
 * one.
 *
 * ```ts
 * for await (const rows of patterns.batch(ctx, input, { size: 100, every: time.second })) await insert(rows);
 * ```
 */
export function batch<T>(ctx: Context, input: RecvChan<T>, options: BatchOptions): RecvChan<T[]> {
  checkChannel("batch", input);
  const { size = Infinity, every = Infinity } = options;
  checkCount("batch", "size", size, 1);
  checkMillis("batch", "every", every);
  if (size === Infinity && every === Infinity) {
    throw new TypeError("patterns: batch: expected a size, or every, or both");
  }

  return stage<T[]>(ctx, options, async (out) => {
    const timer = new Timer(Infinity);
    let values: T[] = [];
    const flush = () => {
      const full = values;
      values = [];
      return out.send(full, ctx);
    };
    while (ctx.err() === undefined) {
      const s = await select({ value: input, late: values.length > 0 ? timer.c : undefined, done: ctx.done() });
      if (s.case === "value") {
        if (!s.ok) break;
        values.push(s.value);
        if (values.length === 1) timer.reset(every);
      }
      if (s.case === "late" || values.length >= size) await flush();
    }
    if (values.length > 0) await flush(); // rejects if the context is done: half a batch goes nowhere then
  });
}
