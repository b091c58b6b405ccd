// collect: all values in an array.

import type { Context } from "../internal/types.js";
import { checkParent } from "../context/derived.js";
import { isChannel } from "./check.js";
import { checkSource, iterate, type Source } from "./source.js";

/**
 * All values of a channel, or of whatever else can be iterated, once it has ended. Rejects with the context's error
 * when that is done.
 *
 * ```ts
 * const odd = await patterns.collect(ctx, patterns.filter(ctx, numbers, (n) => n % 2 === 1));
 * ```
 */
export async function collect<T>(ctx: Context, input: Source<T>): Promise<T[]> {
  checkParent(ctx);
  checkSource("collect", input);
  const all: T[] = [];
  if (!isChannel(input)) {
    await iterate(ctx, input, (value) => void all.push(value));
    return all;
  }
  for (;;) {
    const some = await input.recvMany(Infinity, ctx);
    if (some.length === 0) return all;
    for (const value of some) all.push(value);
  }
}
