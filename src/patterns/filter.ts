// filter: those values that are to go on.

import type { Context, RecvChan } from "../internal/types.js";
import { checkChannel, checkFunction } from "./check.js";
import { each, stage, type StageOptions } from "./stage.js";

/**
 * A channel with those values of `input` for which `keep` is true. A type guard narrows the type of the channel.
 *
 * ```ts
 * const odd = patterns.filter(ctx, numbers, (n) => n % 2 === 1);
 * ```
 */
export function filter<T, S extends T>(
  ctx: Context,
  input: RecvChan<T>,
  keep: (value: T, ctx: Context) => value is S,
  options?: StageOptions,
): RecvChan<S>;
export function filter<T>(
  ctx: Context,
  input: RecvChan<T>,
  keep: (value: T, ctx: Context) => boolean | Promise<boolean>,
  options?: StageOptions,
): RecvChan<T>;
export function filter<T>(
  ctx: Context,
  input: RecvChan<T>,
  keep: (value: T, ctx: Context) => boolean | Promise<boolean>,
  options: StageOptions = {},
): RecvChan<T> {
  checkChannel("filter", input);
  checkFunction("filter", keep);
  return stage<T>(ctx, options, (out) =>
    each(ctx, input, (value) => {
      const kept = keep(value, ctx);
      if (!(kept instanceof Promise)) return kept ? out.send(value, ctx) : undefined;
      return kept.then((yes) => (yes ? out.send(value, ctx) : undefined));
    }),
  );
}
