// Sometimes: does something, but not every time.

import { now } from "../internal/rt/alarm.js";

/** When a {@link Sometimes} runs: any of these that holds is enough; with none of them, the first time only. */
export interface SometimesOptions {
  /** The first so many times. */
  readonly first?: number;
  /** Every so many times, the first included. */
  readonly every?: number;
  /** When so many milliseconds have passed since it last ran. */
  readonly interval?: number;
}

/**
 * Runs a function on some of its calls, for what would be too much every time. Go: `rate.Sometimes`.
 *
 * ```ts
 * const sometimes = new rate.Sometimes({ interval: 10_000 });
 * sometimes.do(() => console.log("still busy"));
 * ```
 */
export class Sometimes {
  readonly #options: SometimesOptions;
  #count = 0;
  #ranAt = 0;

  constructor(options: SometimesOptions = {}) {
    this.#options = options;
  }

  /** Runs `f` if it is time to. Go: `s.Do(f)`. */
  do(f: () => void): void {
    const { first = 0, every = 0, interval = 0 } = this.#options;
    const runs =
      this.#count === 0 ||
      (first > 0 && this.#count < first) ||
      (every > 0 && this.#count % every === 0) ||
      (interval > 0 && now() - this.#ranAt >= interval);
    if (runs) f();
    if (runs && interval > 0) this.#ranAt = now();
    this.#count++;
  }
}
