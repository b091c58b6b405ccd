// gort/sync: the public API. Written by "npm run api".

import type { Cancel } from "gort";

/**
 * Waits for a collection of goroutines to finish. Go: `sync.WaitGroup`.
 *
 * ```ts
 * const wg = new sync.WaitGroup();
 * for (const url of urls) wg.go(fetchPage, url);
 * await wg.wait();
 * ```
 */
export declare class WaitGroup {
  #private;
  /** Adds `n`, which may be negative, to the counter; at 0 everybody who waits goes on. Below 0: a `GoPanic`. */
  add(n: number): void;
  /** Takes 1 from the counter. */
  done(): void;
  /** Waits until the counter is 0. With `ctx`: rejects with its error when it is done first. */
  wait(ctx?: Cancel): Promise<void>;
  /** Starts `fn(...args)` as a goroutine that counts from now until it ends. It must not fail: that is a panic. Go: `wg.Go`. */
  go<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): void;
}

export {};
