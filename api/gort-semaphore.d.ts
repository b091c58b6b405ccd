// gort/semaphore: the public API. Written by "npm run api".

import type { Cancel } from "gort";

/**
 * Bounds how much of something is in use at once. Go: `semaphore.Weighted`.
 *
 * ```ts
 * const sem = new semaphore.Weighted(10);
 * await sem.acquire(ctx);
 * try {
 *   await work();
 * } finally {
 *   sem.release();
 * }
 * ```
 */
export declare class Weighted extends Shares {
  #private;
  /** A semaphore of size `n`. Throws a `RangeError` unless that is an integer >= 0. Go: `semaphore.NewWeighted`. */
  constructor(n: number);
}

/** What every semaphore does, wherever its goroutines wait. */
declare abstract class Shares {
  /** A semaphore of size `n`. Throws a `RangeError` unless that is an integer >= 0. Go: `semaphore.NewWeighted`. */
  constructor(n: number);
  /**
   * Waits until `n` are free, in the order of coming, and takes them. Give them back with {@link release}, or by
   * disposing what this gives (`using permit = await sem.acquire(ctx)`), but not both. Rejects with the context's error
   * when that is done first, also if it is at the call; nothing is taken then. More than the semaphore's size is never
   * free, and keeps nobody else waiting. Go: `s.Acquire`.
   */
  acquire(ctx: Cancel, n?: number): Promise<Disposable>;
  /** Takes `n` if they are free and nobody waits; tells whether it did. Go: `s.TryAcquire`. */
  tryAcquire(n?: number): boolean;
  /** Gives `n` back. Throws a `GoPanic` if that is more than is held. Go: `s.Release`. */
  release(n?: number): void;
}

export {};
