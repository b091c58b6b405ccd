// shared.Cond: waiting for a change of what a lock guards, in all threads.
//
// In the shared memory it refers to its lock, so that a thread that gets the cond has the lock as well.

import type { Cancel } from "../../internal/types.js";
import { wait } from "../../internal/chan/cancel.js";
import type { Form } from "../../internal/rt/park.js";
import { Line } from "../../internal/shared/line.js";
import type { Thread } from "../../internal/shared/thread.js";
import { A, B, COND, MUTEX, Q1, RWMUTEX } from "../../internal/shared/wasm/layout.js";
import { Condition } from "../../sync/cond.js";
import type { Locker } from "../../sync/locker.js";
import { ReadLocker } from "../../sync/readwrite.js";
import { at, dispose, made, passes, Place, refuse } from "./gate.js";
import { Mutex } from "./mutex.js";
import { RWMutex } from "./rwmutex.js";

const name = "shared.Cond";
const waiting: Form = { state: "sync.Cond.Wait", result: () => undefined };

/** How the lock is locked. */
const asMutex = 0;
const toWrite = 1;
const toRead = 2;

/**
 * A meeting point for goroutines that wait for a condition and those that make it true, whatever threads they run on. A thread
 * that gets it has its lock with it. Go: `sync.Cond`.
 *
 * ```ts
 * const cond = new shared.Cond(new shared.Mutex());
 * await cond.l.lock();
 * while (jobs.len === 0) await cond.wait();
 * const job = await jobs.recv();
 * cond.l.unlock();
 * ```
 */
export class Cond extends Condition implements Disposable {
  /** @internal */
  readonly on: Thread;
  /** @internal */
  readonly kind: number = COND;
  /** @internal */
  pointer: number;
  /** @internal */
  waiting = 0;
  readonly #line: Line;

  /** The lock is a `shared.Mutex`, a `shared.RWMutex`, or the `rlocker()` of one. */
  constructor(l: Locker);
  /** @internal */
  constructor(l: Locker, place: Place);
  constructor(l: Locker, place?: Place) {
    super(l);
    const { on, pointer } = place instanceof Place ? place : create(l);
    this.on = on;
    this.pointer = pointer;
    this.#line = new Line(this, Q1, 0, {
      name,
      enter: (waiter) => on.core.stand(this.pointer, waiter),
      gives: () => undefined,
    });
    if (place === undefined) on.registry.adopt(this);
  }

  /** Wakes the one who has waited longest, if anybody waits. Go: `c.Signal()`. */
  signal(): void {
    this.on.core.signal(at(this, name));
    this.on.nudge();
  }

  /** Wakes all who wait. Go: `c.Broadcast()`. */
  broadcast(): void {
    this.on.core.broadcast(at(this, name));
    this.on.nudge();
  }

  /** This thread does not use the cond any more. */
  [Symbol.dispose](): void {
    dispose(this);
  }

  /** @internal */
  stand(ctx: Cancel | undefined): Promise<void> {
    return refuse(this, name) ?? wait<void>(this.#line, waiting, undefined, ctx);
  }

  /** @internal */
  withdraw(): void {
    if (!this.#line.withdrawLast()) this.signal();
  }
}

function create(l: Locker): Place {
  const of = l instanceof ReadLocker ? l.of : l;
  if (!(of instanceof Mutex) && !(of instanceof RWMutex)) {
    throw new TypeError("shared.Cond: the lock must be a shared.Mutex, a shared.RWMutex, or the rlocker() of one");
  }
  let how = asMutex;
  if (of instanceof RWMutex) how = of === l ? toWrite : toRead;
  return made((on) => on.core.createCond(at(of, name), how));
}

passes(
  COND,
  (place) => {
    const { on } = place;
    const { kind, how, lock } = lockOf(place);
    on.core.travel(lock);
    const of = on.registry.unpack(kind, lock, 0) as Mutex | RWMutex;
    return new Cond(how === toRead ? (of as RWMutex).rlocker() : of, place);
  },
  (place) => {
    const { kind, lock } = lockOf(place);
    place.on.registry.drop(kind, lock, 0);
  },
);

function lockOf({ on, pointer }: Place): { kind: number; how: number; lock: number } {
  const how = on.i32[(pointer + A) >> 2] as number;
  return { kind: how === asMutex ? MUTEX : RWMUTEX, how, lock: on.i32[(pointer + B) >> 2] as number };
}
