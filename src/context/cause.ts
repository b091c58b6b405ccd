// cause: why a context is done.

import type { Context } from "../internal/types.js";
import { causeOf } from "./tree.js";

/**
 * Why `ctx` is done: the cause given to its `cancel`, or its error; `undefined` while it is not done. Go: `context.Cause`.
 */
export function cause(ctx: Context): Error | undefined {
  const err = ctx.err();
  return err === undefined ? undefined : causeOf(ctx, err);
}
