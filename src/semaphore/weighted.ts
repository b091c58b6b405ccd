// Weighted: a semaphore whose holders take as much as they need.
//
// Invariants: who waits is let in strictly in order, so a large request is not overtaken by small ones: after every
// step the first who waits needs more than is free. A request for more than the whole is not queued: it can only be
// cancelled. Whose context is done when its turn comes has been cancelled before, and is not let in.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, turnAway, wait } from "../internal/chan/cancel.js";
import { nowhere } from "../internal/chan/nowhere.js";
import { GoPanic } from "../internal/rt/panic.js";
import { type Form, ready, type Standing, type WaitQueue, WatchedQueue } from "../internal/rt/park.js";
import { passWith } from "../internal/rt/slice.js";

const acquiring: Form = { state: "semacquire", result: (permit) => permit };

/** A share of a semaphore: asked for or held. Disposing gives it back, once. */
export class Permit implements Disposable {
  private of: Shares | undefined;
  readonly n: number;

  constructor(of: Shares, n: number) {
    this.of = of;
    this.n = n;
  }

  [Symbol.dispose](): void {
    const { of } = this;
    this.of = undefined;
    of?.release(this.n);
  }
}

/** What every semaphore does, wherever its goroutines wait. */
export abstract class Shares {
  /** @internal */
  readonly size: number;
  /** @internal Where who asks for more than is free waits; the value of a waiter is its {@link Permit}. */
  abstract readonly waiters: Standing;

  /** A semaphore of size `n`. Throws a `RangeError` unless that is an integer >= 0. Go: `semaphore.NewWeighted`. */
  constructor(n: number) {
    check("Weighted", n);
    this.size = n;
  }

  /**
   * Waits until `n` are free, in the order of coming, and takes them. Give them back with {@link release}, or by
   * disposing what this gives (`using permit = await sem.acquire(ctx)`), but not both. Rejects with the context's error
   * when that is done first, also if it is at the call; nothing is taken then. More than the semaphore's size is never
   * free, and keeps nobody else waiting. Go: `s.Acquire`.
   */
  acquire(ctx: Cancel, n: number = 1): Promise<Disposable> {
    if (!isAmount(n)) return Promise.reject(refused("acquire", n));
    const stop = reasonToStop(ctx);
    if (stop !== undefined) return stop;
    const permit = new Permit(this, n);
    if (this.take(n)) return passWith(permit);
    return wait(n > this.size ? nowhere : this.waiters, acquiring, permit, ctx);
  }

  /** Takes `n` if they are free and nobody waits; tells whether it did. Go: `s.TryAcquire`. */
  tryAcquire(n: number = 1): boolean {
    check("tryAcquire", n);
    return this.take(n);
  }

  /** Gives `n` back. Throws a `GoPanic` if that is more than is held. Go: `s.Release`. */
  release(n: number = 1): void {
    check("release", n);
    if (!this.give(n)) throw new GoPanic("semaphore: released more than held", "ERR_SEMAPHORE_RELEASED_TOO_MUCH");
  }

  /** @internal Takes `n` if they are free and nobody waits. */
  abstract take(n: number): boolean;
  /** @internal Gives `n` back, and lets in who waits; false if that is more than is held. */
  abstract give(n: number): boolean;
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
export class Weighted extends Shares {
  #free: number;
  /** @internal */
  readonly waiters: WaitQueue = new WatchedQueue(() => this.#admit());

  /** A semaphore of size `n`. Throws a `RangeError` unless that is an integer >= 0. Go: `semaphore.NewWeighted`. */
  constructor(n: number) {
    super(n);
    this.#free = n;
  }

  /** @internal */
  take(n: number): boolean {
    if (n > this.#free || this.waiters.head !== undefined) return false;
    this.#free -= n;
    return true;
  }

  /** @internal */
  give(n: number): boolean {
    if (n > this.size - this.#free) return false;
    this.#free += n;
    this.#admit();
    return true;
  }

  /** Lets in as many as fit, in order; but nobody whose context is done, even if its wait has not been ended yet. */
  #admit(): void {
    for (let w; (w = this.waiters.head) !== undefined;) {
      const { n } = w.value as Permit;
      if (n > this.#free) return;
      this.waiters.remove(w);
      if (turnAway(w)) continue;
      this.#free -= n;
      ready(w, w.value);
    }
  }
}

function isAmount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function check(operation: string, n: number): void {
  if (!isAmount(n)) throw refused(operation, n);
}

function refused(operation: string, n: number): RangeError {
  return new RangeError(`semaphore: ${operation}: n must be an integer >= 0, got ${String(n)}`);
}
