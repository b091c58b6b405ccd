// shared.Semaphore: a semaphore whose holders, in all threads, take as much as they need.

import type { Cancel } from "../../internal/types.js";
import { Line } from "../../internal/shared/line.js";
import type { Thread } from "../../internal/shared/thread.js";
import { B, OK, Q1, SEMAPHORE } from "../../internal/shared/wasm/layout.js";
import { Permit, Shares } from "../../semaphore/weighted.js";
import { at, dispose, made, passes, Place, refuse } from "./gate.js";

const name = "shared.Semaphore";
const largest = 2 ** 31 - 1;

/**
 * Bounds how much of something all threads together use at once. Go: `semaphore.Weighted`.
 *
 * What a thread has taken as it dies comes back.
 *
 * ```ts
 * const connections = new shared.Semaphore(10);
 * await Promise.all(urls.map((url) => fetchPage.run(connections, url)));
 * ```
 */
export class Semaphore extends Shares implements Disposable {
  /** @internal */
  readonly on: Thread;
  /** @internal */
  readonly kind: number = SEMAPHORE;
  /** @internal */
  pointer: number;
  /** @internal */
  waiting = 0;
  /** @internal */
  readonly waiters: Line;

  /** A semaphore of size `n`. Throws a `RangeError` unless that is an integer from 0 to 2^31 - 1. Go: `semaphore.NewWeighted`. */
  constructor(n: number);
  /** @internal */
  constructor(n: number, place: Place);
  constructor(n: number, place?: Place) {
    super(n);
    if (n > largest) throw new RangeError(`${name}: n must be at most 2^31 - 1, got ${n}`);
    const { on, pointer } = place instanceof Place ? place : made(({ core }) => core.createSemaphore(n));
    this.on = on;
    this.pointer = pointer;
    this.waiters = new Line(this, Q1, 0, {
      name,
      enter: (waiter, permit) => on.core.take(this.pointer, (permit as Permit).n, waiter),
      gives: (_got, amount) => new Permit(this, amount),
      admit: (there) => on.core.grant(there),
    });
    if (place === undefined) on.registry.adopt(this);
  }

  override acquire(ctx: Cancel, n?: number): Promise<Disposable> {
    return refuse(this, name) ?? super.acquire(ctx, n);
  }

  /** @internal */
  take(n: number): boolean {
    return n <= this.size && this.on.core.take(at(this, name), n, 0) === OK;
  }

  /** @internal */
  give(n: number): boolean {
    if (n > this.size || this.on.core.give(at(this, name), n) !== OK) return false;
    this.on.nudge();
    return true;
  }

  /** This thread does not use the semaphore any more. */
  [Symbol.dispose](): void {
    dispose(this);
  }
}

passes(SEMAPHORE, (place) => new Semaphore(place.on.i32[(place.pointer + B) >> 2] as number, place));
