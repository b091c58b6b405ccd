// from: a channel out of whatever can be iterated.

import type { Context, RecvChan } from "../internal/types.js";
import { checkSource, iterate, type Source } from "./source.js";
import { stage, type StageOptions } from "./stage.js";

/**
 * A channel with the values of an iterable, an async iterable, a `ReadableStream`, a Node stream or another channel.
 * The next value is asked for when the last has been taken, or fits the buffer.
 *
 * When the context is done the source is released: a generator's `finally` runs, a stream is cancelled or destroyed.
 *
 * ```ts
 * const lines = patterns.from(ctx, readline.createInterface({ input }));
 * ```
 */
export function from<T>(ctx: Context, source: Source<T>, options: StageOptions = {}): RecvChan<T> {
  checkSource("from", source);
  return stage<T>(ctx, options, (out) => iterate(ctx, source, (value) => out.send(value, ctx)));
}
