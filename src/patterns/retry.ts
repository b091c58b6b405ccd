// retry: another attempt, after a while.

import type { Context } from "../internal/types.js";
import { checkParent } from "../context/derived.js";
import { isExit } from "../internal/rt/goroutine.js";
import { GoPanic } from "../internal/rt/panic.js";
import { random } from "../internal/rt/random.js";
import { sleep } from "../time/sleep.js";
import { checkCount, checkFunction } from "./check.js";
import { isEnd } from "./stage.js";

/** How {@link retry} works. */
export interface RetryOptions {
  /** How often the function is called in all; 3 if not given. Infinity: until it succeeds. */
  attempts?: number | undefined;
  /**
   * How many milliseconds to wait after a failure: a number for the first wait, which doubles from then on (100 if
   * not given), or a function of the number of attempts that have failed.
   */
  backoff?: number | ((failed: number) => number) | undefined;
  /**
   * The part of each wait that is left to chance, from 0 (none; the default) to 1 (all of it), so that many clients
   * do not come back at once.
   */
  jitter?: number | undefined;
  /** Whether an error is worth another attempt. All are, if not given. */
  retryIf?: ((error: unknown) => boolean) | undefined;
}

/**
 * Calls `fn(ctx, attempt)` until it succeeds, and gives what it gave. Rejects with the last error when the attempts
 * are used up or `retryIf` says no, and with the context's error as soon as that is done. A thrown `GoPanic` is not
 * tried again.
 *
 * ```ts
 * const page = await patterns.retry(ctx, (ctx) => fetchPage(ctx, url), { attempts: 5, backoff: 200, jitter: 0.5 });
 * ```
 */
export async function retry<R>(
  ctx: Context,
  fn: (ctx: Context, attempt: number) => R | Promise<R>,
  options: RetryOptions = {},
): Promise<R> {
  checkParent(ctx);
  checkFunction("retry", fn);
  const { attempts = 3, backoff = 100, jitter = 0, retryIf } = options;
  checkCount("retry", "attempts", attempts, 1);
  if (!(jitter >= 0 && jitter <= 1)) {
    throw new RangeError(`patterns: retry: jitter must be from 0 to 1, got ${String(jitter)}`);
  }
  if (typeof backoff !== "function" && !(backoff >= 0)) {
    throw new RangeError(
      `patterns: retry: backoff must be a number of milliseconds >= 0 or a function, got ${String(backoff)}`,
    );
  }
  for (let attempt = 1; ; attempt++) {
    const err = ctx.err();
    if (err !== undefined) throw err;
    try {
      return await fn(ctx, attempt);
    } catch (error) {
      if (isEnd(ctx, error)) throw ctx.err();
      const worth = attempt < attempts && !(error instanceof GoPanic) && !isExit(error) && (retryIf?.(error) ?? true);
      if (!worth) throw error;
    }
    const wait = typeof backoff === "function" ? backoff(attempt) : backoff * 2 ** (attempt - 1);
    await sleep(wait * (1 - (jitter * random(1e6)) / 1e6), ctx);
  }
}
