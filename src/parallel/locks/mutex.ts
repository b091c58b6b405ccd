// shared.Mutex: one holder at a time, in all threads.

import type { Cancel } from "../../internal/types.js";
import { reasonToStop, wait } from "../../internal/chan/cancel.js";
import { fatal } from "../../internal/rt/panic.js";
import type { Form } from "../../internal/rt/park.js";
import { passWith } from "../../internal/rt/slice.js";
import { Line, ownerDied } from "../../internal/shared/line.js";
import type { Thread } from "../../internal/shared/thread.js";
import { BLOCKED, DIED, MISUSE, MUTEX, OK, Q1, VALUE } from "../../internal/shared/wasm/layout.js";
import { Exclusive, Guard } from "../../sync/guard.js";
import type { Locker } from "../../sync/locker.js";
import { at, create, dispose, passes, Place, refuse } from "./gate.js";

const name = "shared.Mutex";
const locking: Form = { state: "sync.Mutex.Lock", result: (guard) => guard };

/**
 * A lock that one goroutine at a time holds, whatever thread it runs on; those who wait get it in the order of their coming. It
 * can be given to a task, and sent. Go: `sync.Mutex`.
 *
 * If the thread that holds it dies, then the next to lock it is rejected with an error of code `ERR_OWNER_DIED`, and does not
 * hold it; the one after gets it.
 *
 * ```ts
 * const mu = new shared.Mutex();
 * await Promise.all([update.run(mu, file, 1), update.run(mu, file, 2)]);
 * ```
 */
export class Mutex extends Exclusive implements Locker, Disposable {
  /** @internal */
  readonly on: Thread;
  /** @internal */
  readonly kind: number = MUTEX;
  /** @internal */
  pointer: number;
  /** @internal */
  waiting = 0;
  readonly #line: Line;
  #serial = 0; // of the holder

  constructor();
  /** @internal */
  constructor(place: Place);
  constructor(place?: Place) {
    super();
    const { on, pointer } = place instanceof Place ? place : create(MUTEX);
    this.on = on;
    this.pointer = pointer;
    this.#line = new Line(this, Q1, 0, {
      name,
      enter: (waiter) => on.core.acquire(this.pointer, waiter),
      gives: (_got, serial) => this.#hold(serial),
    });
    if (place === undefined) on.registry.adopt(this);
  }

  /**
   * Waits for the lock. Disposing what it gives unlocks: `using lock = await mu.lock()`. Go: `mu.Lock()`.
   * With `ctx`: rejects with its error when it is done first; the lock is then not held.
   */
  lock(ctx?: Cancel): Promise<Disposable> {
    const stop = refuse(this, name) ?? (ctx === undefined ? undefined : reasonToStop(ctx));
    if (stop !== undefined) return stop;
    const result = this.on.core.acquire(this.pointer, 0);
    if (result === BLOCKED) return wait(this.#line, locking, undefined, ctx);
    if (result === DIED) return Promise.reject(ownerDied(name));
    return passWith(this.#hold());
  }

  /** Takes the lock if nobody holds it. Throws if who held it has died, as {@link lock} rejects. Go: `mu.TryLock()`. */
  tryLock(): boolean {
    const result = this.on.core.acquire(at(this, name), 0);
    if (result === DIED) throw ownerDied(name);
    if (result === OK) this.#hold();
    return result === OK;
  }

  /**
   * Hands the lock to the one who has waited longest, or frees it. Any goroutine of any thread may do so. Unlocking what is not
   * locked is fatal. Go: `mu.Unlock()`.
   */
  unlock(): void {
    if (!this.#release(0)) fatal("sync: unlock of unlocked mutex", "ERR_UNLOCK_OF_UNLOCKED_MUTEX");
  }

  /** This thread does not use the lock any more. */
  [Symbol.dispose](): void {
    dispose(this);
  }

  /** @internal */
  override release(guard: Guard): boolean {
    return this.holder === guard && this.#release(this.#serial);
  }

  #hold(serial: number = this.on.i32[(this.on.record + VALUE) >> 2] as number): Guard {
    this.#serial = serial;
    return (this.holder = new Guard(this));
  }

  #release(serial: number): boolean {
    const result = this.on.core.release(at(this, name), serial);
    this.holder = undefined;
    this.on.nudge();
    return result !== MISUSE;
  }
}

passes(MUTEX, (place) => new Mutex(place));
