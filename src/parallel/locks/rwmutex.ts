// shared.RWMutex: many readers or one writer, in all threads.

import type { Cancel } from "../../internal/types.js";
import { reasonToStop, wait } from "../../internal/chan/cancel.js";
import { fatal } from "../../internal/rt/panic.js";
import type { Form } from "../../internal/rt/park.js";
import { passWith } from "../../internal/rt/slice.js";
import { Line, ownerDied } from "../../internal/shared/line.js";
import type { Thread } from "../../internal/shared/thread.js";
import { BLOCKED, DIED, MISUSE, OK, Q1, Q2, RWMUTEX, VALUE, WRITER } from "../../internal/shared/wasm/layout.js";
import { Guard, type Guarded } from "../../sync/guard.js";
import type { Locker } from "../../sync/locker.js";
import { ReadWrite } from "../../sync/readwrite.js";
import { at, create, dispose, passes, Place, refuse } from "./gate.js";

const name = "shared.RWMutex";
const reading: Form = { state: "sync.RWMutex.RLock", result: (guard) => guard };
const writing: Form = { state: "sync.RWMutex.Lock", result: (guard) => guard };

/**
 * A lock that any number of readers or one writer holds, whatever threads they run on. Go: `sync.RWMutex`.
 *
 * Once a writer waits, new readers wait behind it; a goroutine must therefore not take the read lock twice. If a thread dies
 * while it writes, then the next to lock, in either way, is rejected with an error of code `ERR_OWNER_DIED`, and does not hold
 * it; the one after gets it. What a thread reads as it dies is let go of.
 *
 * ```ts
 * const mu = new shared.RWMutex();
 * const report = await mu.withRead(() => summary.run(file));
 * ```
 */
export class RWMutex extends ReadWrite implements Locker, Disposable {
  /** @internal */
  readonly on: Thread;
  /** @internal */
  readonly kind: number = RWMUTEX;
  /** @internal */
  pointer: number;
  /** @internal */
  waiting = 0;
  readonly #readers: Line;
  readonly #writers: Line;
  readonly #reader: Guarded = { release: () => this.#releaseRead() };
  #serial = 0; // of the holder

  constructor();
  /** @internal */
  constructor(place: Place);
  constructor(place?: Place) {
    super();
    const { on, pointer } = place instanceof Place ? place : create(RWMUTEX);
    this.on = on;
    this.pointer = pointer;
    this.#readers = new Line(this, Q1, 0, {
      name,
      enter: (waiter) => on.core.acquireRead(this.pointer, waiter),
      gives: () => new Guard(this.#reader),
    });
    this.#writers = new Line(this, Q2, WRITER, {
      name,
      enter: (waiter) => on.core.acquireWrite(this.pointer, waiter),
      gives: (_got, serial) => this.#hold(serial),
      admit: (there) => on.core.admit(there),
    });
    if (place === undefined) on.registry.adopt(this);
  }

  /** Waits for the lock, to write. Go: `rw.Lock()`. */
  lock(ctx?: Cancel): Promise<Disposable> {
    const stop = refuse(this, name) ?? (ctx === undefined ? undefined : reasonToStop(ctx));
    if (stop !== undefined) return stop;
    const result = this.on.core.acquireWrite(this.pointer, 0);
    if (result === BLOCKED) return wait(this.#writers, writing, undefined, ctx);
    if (result === DIED) return Promise.reject(ownerDied(name));
    return passWith(this.#hold());
  }

  /** Takes the lock for writing if nobody holds it. Throws if who wrote has died, as {@link lock} rejects. Go: `rw.TryLock()`. */
  tryLock(): boolean {
    const result = this.on.core.acquireWrite(at(this, name), 0);
    if (result === DIED) throw ownerDied(name);
    if (result === OK) this.#hold();
    return result === OK;
  }

  /**
   * The writer gives the lock up: to all readers that wait, or else to the next writer. Fatal if no writer holds it.
   */
  unlock(): void {
    if (!this.#release(0)) fatal("sync: Unlock of unlocked RWMutex", "ERR_UNLOCK_OF_UNLOCKED_RWMUTEX");
  }

  /** Waits for the lock, to read. Go: `rw.RLock()`. */
  rlock(ctx?: Cancel): Promise<Disposable> {
    const stop = refuse(this, name) ?? (ctx === undefined ? undefined : reasonToStop(ctx));
    if (stop !== undefined) return stop;
    const result = this.on.core.acquireRead(this.pointer, 0);
    if (result === BLOCKED) return wait(this.#readers, reading, undefined, ctx);
    if (result === DIED) return Promise.reject(ownerDied(name));
    return passWith(new Guard(this.#reader));
  }

  /**
   * Takes the lock for reading if no writer holds it or waits for it. Throws if who wrote has died, as {@link rlock} rejects. Go:
   * `rw.TryRLock()`.
   */
  tryRLock(): boolean {
    const result = this.on.core.acquireRead(at(this, name), 0);
    if (result === DIED) throw ownerDied(name);
    return result === OK;
  }

  /** A reader gives the lock up; the last one lets the next writer in. Fatal if no reader holds it. */
  runlock(): void {
    if (!this.#releaseRead()) fatal("sync: RUnlock of unlocked RWMutex", "ERR_RUNLOCK_OF_UNLOCKED_RWMUTEX");
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
    const result = this.on.core.releaseWrite(at(this, name), serial);
    this.holder = undefined;
    this.on.nudge();
    return result !== MISUSE;
  }

  #releaseRead(): boolean {
    const result = this.on.core.releaseRead(at(this, name));
    this.on.nudge();
    return result !== MISUSE;
  }
}

passes(RWMUTEX, (place) => new RWMutex(place));
