// gort/errgroup: the public API. Written by "npm run api".

import type { Context } from "gort";

/**
 * A group of goroutines whose results are collected, in the order of starting them; or all their errors.
 *
 * ```ts
 * const pages = new errgroup.Collector<Page>();
 * for (const url of urls) await pages.go(() => fetchPage(ctx, url));
 * const all = await pages.wait(); // rejects with an AggregateError if any failed
 * ```
 *
 * Nothing is cancelled by an error: the others go on. A thrown `GoPanic` is a panic of the program. Go has no
 * counterpart.
 */
export declare class Collector<T> {
  #private;
  /**
   * Starts `f` in a goroutine. The promise: a slot was free, and `f` has been started. Rejects with a `TypeError` if
   * `f` is no function.
   */
  go(f: () => T | Promise<T>): Promise<void>;
  /** Starts `f` in a goroutine if a slot is free; tells whether it did. */
  tryGo(f: () => T | Promise<T>): boolean;
  /** At most `n` goroutines run at once; any number, if `n` is negative. Throws a `GoPanic` while some run. */
  setLimit(n: number): void;
  /**
   * Waits until all have ended; gives their results, or rejects with an `AggregateError` of all errors, in the order in
   * which they came. A goroutine that ended by `goexit` has `undefined` for a result.
   */
  wait(): Promise<T[]>;
}

/**
 * A group of goroutines that work on parts of one task. Go: `errgroup.Group`.
 *
 * What a function throws (or rejects with) is its error; what it returns never is. A thrown `GoPanic` is a panic of the
 * program.
 *
 * ```ts
 * const [g, ctx] = errgroup.withContext(parent);
 * for (const url of urls) await g.go(() => fetchPage(ctx, url));
 * await g.wait(); // rejects with the first error, which has cancelled ctx
 * ```
 */
export declare class Group {
  #private;
  /**
   * Starts `f` in a goroutine. The promise: a slot was free, and `f` has been started; await it, and no more tasks are
   * made than the limit has room for. `wait` waits for `f` in any case. Rejects with a `TypeError` if `f` is no
   * function. Go: `g.Go`.
   */
  go(f: () => unknown): Promise<void>;
  /** Starts `f` in a goroutine if a slot is free; tells whether it did. Go: `g.TryGo`. */
  tryGo(f: () => unknown): boolean;
  /**
   * At most `n` goroutines of the group run at once; any number, if `n` is negative, which is how a group begins. With
   * 0, `go` waits until the limit is changed. Throws a `GoPanic` while goroutines of the group run. Go: `g.SetLimit`.
   */
  setLimit(n: number): void;
  /**
   * Waits until all have ended, also after an error, and cancels the group's context; then rejects with the error that
   * came first, if any came. Whether that was now or before an earlier `wait`: it stays. Go: `g.Wait`.
   */
  wait(): Promise<void>;
}

/**
 * A group and a context that ends with the first error (which is its cause) or when `wait` returns. Go:
 * `errgroup.WithContext`.
 */
export declare function withContext(parent: Context): [g: Group, ctx: Context];

export {};
