// take: the first values.

import type { Context, RecvChan } from "../internal/types.js";
import { checkChannel, checkCount } from "./check.js";
import { stage, type StageOptions } from "./stage.js";

/**
 * A channel with the first `n` values of `input`; no more than these are received. Whoever sends on `input` goes on
 * waiting until the context is done.
 */
export function take<T>(ctx: Context, input: RecvChan<T>, n: number, options: StageOptions = {}): RecvChan<T> {
  checkChannel("take", input);
  checkCount("take", "n", n, 0);
  return stage<T>(ctx, options, async (out) => {
    for (let left = n; left > 0; left--) {
      const [value, ok] = await input.recvOk(ctx);
      if (!ok) return;
      await out.send(value, ctx);
    }
  });
}
