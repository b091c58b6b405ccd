// Sometimes: does something, but not every time.

import { now } from "../internal/rt/alarm.js";

/**
 * When a {@link Sometimes} runs: any of these that holds is enough; with none of them, the first time only. 0 or less:
 * does not count.
 */
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
  readonly #first: number;
  readonly #every: number;
  readonly #interval: number;
  #count = 0;
  #ranAt = 0;

  /** Throws a `RangeError` if an option is no number. */
  constructor({ first = 0, every = 0, interval = 0 }: SometimesOptions = {}) {
    this.#first = check("first", first);
    this.#every = check("every", every);
    this.#interval = check("interval", interval);
  }

  /** Runs `f` if it is time to. What `f` throws is thrown, and that time does not count. Go: `s.Do(f)`. */
  do(f: () => void): void {
    if (this.#isTime()) {
      f();
      this.#ranAt = now();
    }
    this.#count++;
  }

  #isTime(): boolean {
    return (
      this.#count === 0 ||
      this.#count < this.#first ||
      (this.#every > 0 && this.#count % this.#every === 0) ||
      (this.#interval > 0 && now() - this.#ranAt >= this.#interval)
    );
  }
}

function check(name: string, n: number): number {
  if (typeof n === "number" && !Number.isNaN(n)) return n;
  throw new RangeError(`rate: Sometimes: ${name} must be a number, got ${String(n)}`);
}
