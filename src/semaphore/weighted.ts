// Weighted: a semaphore whose holders take as much as they need.
//
// Invariants: who waits is let in strictly in order, so a large request is not overtaken by small ones: after every step the first who
// waits needs more than is free. A request for more than the whole is not queued: it can only be cancelled.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { nowhere } from "../internal/chan/nowhere.js";
import { GoPanic } from "../internal/rt/panic.js";
import { type Form, ready, WatchedQueue } from "../internal/rt/park.js";
import { passWith } from "../internal/rt/slice.js";

const acquiring: Form = { state: "semacquire", result: (permit) => permit };

/** A share of a semaphore; disposing gives it back, once. */
class Permit implements Disposable {
  private of: Weighted | undefined;
  private readonly n: number;

  constructor(of: Weighted, n: number) {
    this.of = of;
    this.n = n;
  }

  [Symbol.dispose](): void {
    const { of } = this;
    this.of = undefined;
    of?.release(this.n);
  }
}

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
export class Weighted {
  readonly #size: number;
  #held = 0;
  readonly #waiters = new WatchedQueue(() => this.#admit());

  /** A semaphore of size `n`. Throws a `RangeError` unless that is an integer >= 0. */
  constructor(n: number) {
    this.#size = amount("Weighted", n);
  }

  /**
   * Waits until `n` are free, in the order of coming, and takes them. Disposing what it gives releases them.
   * Rejects with the context's error when that is done first, also if it is at the call; nothing is taken then.
   */
  acquire(ctx: Cancel, n: number = 1): Promise<Disposable> {
    const stop = reasonToStop(ctx);
    if (stop !== undefined) return stop;
    try {
      if (this.tryAcquire(n)) return passWith(new Permit(this, n));
    } catch (error) {
      return Promise.reject(error);
    }
    return wait(n > this.#size ? nowhere : this.#waiters, acquiring, n, ctx);
  }

  /** Takes `n` if they are free and nobody waits; tells whether it did. */
  tryAcquire(n: number = 1): boolean {
    if (amount("acquire", n) > this.#size - this.#held || this.#waiters.head !== undefined) return false;
    this.#held += n;
    return true;
  }

  /** Gives `n` back. Throws a `GoPanic` if that is more than is held. */
  release(n: number = 1): void {
    if (amount("release", n) > this.#held) throw new GoPanic("semaphore: released more than held", "ERR_SEMAPHORE_RELEASED_TOO_MUCH");
    this.#held -= n;
    this.#admit();
  }

  /** Lets in as many as fit, in order. */
  #admit(): void {
    for (let w; (w = this.#waiters.head) !== undefined; ) {
      const n = w.value as number;
      if (n > this.#size - this.#held) return;
      this.#held += n;
      this.#waiters.remove(w);
      ready(w, new Permit(this, n));
    }
  }
}

function amount(operation: string, n: number): number {
  if (Number.isSafeInteger(n) && n >= 0) return n;
  throw new RangeError(`semaphore: ${operation}: n must be an integer >= 0, got ${String(n)}`);
}
