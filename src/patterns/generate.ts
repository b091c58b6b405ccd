// generate: values out of a function.

import type { Context, RecvChan } from "../internal/types.js";
import { checkFunction } from "./check.js";
import { stage, type StageOptions } from "./stage.js";

/**
 * A channel with `fn(0, ctx)`, `fn(1, ctx)`, … until `fn` gives `undefined` or the context is done. `fn` is called
 * for the next value when the last has been taken, or fits the buffer.
 *
 * ```ts
 * const pages = patterns.generate(ctx, (i, ctx) => fetchPage(i, ctx)); // until there is no such page
 * ```
 */
export function generate<T>(
  ctx: Context,
  fn: (i: number, ctx: Context) => T | Promise<T>,
  options: StageOptions = {},
): RecvChan<Exclude<T, undefined>> {
  checkFunction("generate", fn);
  return stage<Exclude<T, undefined>>(ctx, options, async (out) => {
    for (let i = 0; ctx.err() === undefined; i++) {
      const value = await fn(i, ctx);
      if (value === undefined) return;
      await out.send(value as Exclude<T, undefined>, ctx);
    }
  });
}
