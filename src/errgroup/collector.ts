// Collector: goroutines that each give a result, and all errors among them.

import { Limiter } from "./limiter.js";

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
export class Collector<T> {
  readonly #goroutines = new Limiter((error) => this.#errors.push(error));
  readonly #results: T[] = [];
  readonly #errors: unknown[] = [];
  #started = 0;

  /**
   * Starts `f` in a goroutine. The promise: a slot was free, and `f` has been started. Rejects with a `TypeError` if
   * `f` is no function.
   */
  go(f: () => T | Promise<T>): Promise<void> {
    return this.#goroutines.start(this.#collected(f));
  }

  /** Starts `f` in a goroutine if a slot is free; tells whether it did. */
  tryGo(f: () => T | Promise<T>): boolean {
    const place = this.#started;
    if (this.#goroutines.tryStart(this.#collected(f))) return true;
    this.#started = place;
    return false;
  }

  /** At most `n` goroutines run at once; any number, if `n` is negative. Throws a `GoPanic` while some run. */
  setLimit(n: number): void {
    this.#goroutines.setLimit(n);
  }

  /**
   * Waits until all have ended; gives their results, or rejects with an `AggregateError` of all errors, in the order in
   * which they came. A goroutine that ended by `goexit` has `undefined` for a result.
   */
  async wait(): Promise<T[]> {
    await this.#goroutines.wait();
    const { length } = this.#errors;
    if (length > 0) throw new AggregateError(this.#errors, `errgroup: ${length} of ${this.#started} failed`);
    this.#results.length = this.#started;
    return [...this.#results];
  }

  #collected(f: () => T | Promise<T>): () => unknown {
    if (typeof f !== "function") return f; // will be refused
    const place = this.#started++;
    return async () => {
      this.#results[place] = await f();
    };
  }
}
