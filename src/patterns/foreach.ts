// forEach and mapAll: a function called for every item, at most so many times at once.

import type { Context } from "../internal/types.js";
import { checkParent } from "../context/derived.js";
import { withContext } from "../errgroup/group.js";
import { Weighted } from "../semaphore/weighted.js";
import { checkCount, checkFunction } from "./check.js";
import { checkSource, iterate, type Source } from "./source.js";
import { isEnd } from "./stage.js";

/** How {@link forEach} and {@link mapAll} work. */
export interface LimitOptions {
  /** How many calls run at once; 1 if not given. Infinity: all of them. */
  limit?: number | undefined;
}

/**
 * Calls `fn(item, ctx)` for every item of an iterable, an async iterable, a channel or a stream. An item is asked for
 * when there is somebody to work on it.
 *
 * Rejects with the first error of `fn` or of the items, or with the context's; by then, the context that the other
 * calls got has been cancelled, and all of them have ended.
 *
 * ```ts
 * await patterns.forEach(ctx, files, (file, ctx) => upload(ctx, file), { limit: 10 });
 * ```
 */
export async function forEach<T>(
  ctx: Context,
  items: Source<T>,
  fn: (item: T, ctx: Context) => unknown,
  options: LimitOptions = {},
): Promise<void> {
  await bounded("forEach", ctx, items, fn, options);
}

/** {@link forEach}, with the results of `fn` in the order of the items. */
export async function mapAll<T, R>(
  ctx: Context,
  items: Source<T>,
  fn: (item: T, ctx: Context) => R | Promise<R>,
  options: LimitOptions = {},
): Promise<R[]> {
  checkFunction("mapAll", fn);
  const results: R[] = [];
  const one = async (item: T, own: Context, i: number) => {
    results[i] = await fn(item, own);
  };
  await bounded("mapAll", ctx, items, one, options);
  return results;
}

async function bounded<T>(
  operation: string,
  ctx: Context,
  items: Source<T>,
  fn: (item: T, ctx: Context, i: number) => unknown,
  options: LimitOptions,
): Promise<void> {
  checkParent(ctx);
  checkSource(operation, items);
  checkFunction(operation, fn);
  const limit = checkCount(operation, "limit", options.limit ?? 1, 1);
  const [g, own] = withContext(ctx);
  const places = new Weighted(Math.min(limit, Number.MAX_SAFE_INTEGER));
  let next = 0;

  void g.go(async () => {
    if (limit === 1) return iterate(own, items, (item) => fn(item, own, next++));
    await places.acquire(own); // a place first, and then an item for it
    await iterate(own, items, async (item) => {
      const i = next++;
      void g.go(async () => {
        await fn(item, own, i);
        places.release();
      });
      await places.acquire(own);
    });
  });
  try {
    await g.wait();
  } catch (error) {
    throw isEnd(ctx, error) ? ctx.err() : error;
  }
}
