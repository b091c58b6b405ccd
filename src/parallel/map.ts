// map: one task for each item, on all processors.

import type { Context } from "../internal/types.js";
import { withContext } from "../errgroup/group.js";
import { getProcs } from "../internal/rt/procs.js";
import type { Task } from "./task.js";

/** How {@link map} works. */
export interface MapOptions {
  /** How many run at once; four for each processor, if it is not given. */
  readonly limit?: number;
}

/**
 * Runs `t` for each item, several at once on all processors, and gives the results in the order of the items. The first error
 * ends it: it rejects with that, those that have not begun never do, and those that run see it in their context. The same for
 * `ctx`.
 *
 * ```ts
 * const thumbnails = await map(ctx, images, resize);
 * ```
 */
export async function map<T, R>(
  ctx: Context,
  items: Iterable<T>,
  t: Task<[T], R>,
  { limit = 4 * getProcs() }: MapOptions = {},
): Promise<R[]> {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new RangeError(`map: limit must be an integer >= 1, got ${String(limit)}`);
  }
  if (typeof t?.runWith !== "function") {
    throw new TypeError(
      `map: expected a task, got ${typeof t}; task(import.meta, function …) makes one, at module level`,
    );
  }
  const [group, until] = withContext(ctx);
  group.setLimit(limit);
  const results: R[] = [];
  let i = 0;
  for (const item of items) {
    if (until.err() !== undefined) break;
    const at = i++;
    await group.go(async () => {
      results[at] = await t.runWith(until, item);
    });
  }
  await group.wait();
  const err = ctx.err();
  if (err !== undefined) throw err;
  return results;
}
