// Where a goroutine of this thread stands in the queue of an object that threads share.
//
// There, a waiter of the shared memory stands for ours, which knows it by the pointer in its `value`; back from there, PLACE
// leads to ours. If ours is one of several (a select, or a wait with a context), then whoever wakes one of them must first get
// the claim of their group, be it another thread or somebody in this one: so the queues of this thread in which the others
// stand ask for it before they give one of them away.
//
// Invariant: a waiter of the shared memory is freed by its own thread: when it has been posted back, or has left its queue.

import { nowhere } from "../chan/nowhere.js";
import { fail, ready, type Standing, type Waiter, WaitQueue } from "../rt/park.js";
import type { SharedObject } from "./object.js";
import { type Thread, thread } from "./thread.js";
import { GROUP, OBJECT, PARKED, PLACE, RESULT, WAITER } from "./wasm/layout.js";

/** Ours, by PLACE. */
const places: (Waiter | undefined)[] = [];
const free: number[] = [];

export abstract class SharedQueue implements Standing {
  readonly on: Thread;
  readonly of: SharedObject;
  readonly #queue: number;
  readonly #flags: number;
  #entered = 0;

  /** The queue of an object at offset `queue`; `flags` are those of its waiters. */
  constructor(of: SharedObject, queue: number, flags: number) {
    this.on = of.on;
    this.of = of;
    this.#queue = queue;
    this.#flags = flags;
    this.on.readers[WAITER] = posted;
  }

  /** Does the operation, or puts the waiter into the queue: then PARKED. Otherwise what {@link settle} is told. */
  abstract enter(waiter: number, offered: unknown): number;
  /** Wakes `w`: its operation has happened, or what else the result says. `parked`: it has been in the queue meanwhile. */
  abstract settle(w: Waiter, waiter: number, result: number, parked: boolean): void;
  /** There is no memory for a waiter; the operation does not happen. */
  refused(_offered: unknown): void {}
  /** A waiter has left the queue; its operation does not happen. */
  left(_waiter: number): void {}

  /**
   * The spare waiter has just been put into the queue; the next to be pushed is the one that it stands for. Gives it, without
   * its mark.
   */
  entered(waiter: number): number {
    this.on.useSpare();
    return (this.#entered = waiter & ~1);
  }

  push(w: Waiter): void {
    if (this.#entered !== 0) {
      this.#place(w, this.#entered);
      this.#entered = 0;
      this.on.expect();
      return;
    }
    const offered = w.value;
    let waiter: number;
    try {
      waiter = this.represent(w);
    } catch (error) {
      this.refused(offered);
      fail(w, error);
      return;
    }
    if (w.peer !== undefined) {
      this.on.i32[(waiter + GROUP) >> 2] = waiter;
      askForClaims(w);
    }
    const result = this.enter(waiter, offered);
    if (result === PARKED) {
      this.on.expect();
      return;
    }
    vacate(this.on, waiter);
    this.settle(w, waiter, result, false);
    this.on.free(waiter);
  }

  /** `w` is one of several, so it is none that its thread looks at itself. */
  leave(w: Waiter): void {
    const waiter = w.value as number;
    vacate(this.on, waiter);
    this.on.forget();
    this.on.core.unlink(this.on.i32[(waiter + OBJECT) >> 2] as number, this.#queue, waiter);
    this.left(waiter);
    this.on.free(waiter);
  }

  /** `w`, which has just been put into the queue, is woken by its own goroutine. False if somebody else has woken it. */
  withdraw(w: Waiter): boolean {
    const { on, of } = this;
    const waiter = w.value as number;
    if (on.core.unlink(of.pointer, this.#queue, waiter) === 0) return false;
    vacate(on, waiter);
    on.forget();
    on.free(waiter);
    ready(w, undefined);
    return true;
  }

  /** Makes the waiter that stands for `w` out there. */
  represent(w: Waiter): number {
    const waiter = this.on.waiter(this.of.pointer, this.#flags);
    this.#place(w, waiter);
    return waiter;
  }

  #place(w: Waiter, waiter: number): void {
    const place = free.pop() ?? places.length;
    this.on.i32[(waiter + PLACE) >> 2] = place;
    places[place] = w;
    w.value = waiter;
    this.of.waiting++;
    this.on.standing++;
  }
}

/** A waiter has come back: somebody has done its operation. */
function posted(waiter: number): void {
  const on = thread();
  const w = vacate(on, waiter);
  on.forget();
  (w.queue as SharedQueue).settle(w, waiter, on.i32[(waiter + RESULT) >> 2] as number, true);
  on.freeWaiter(waiter);
}

export function vacate(on: Thread, waiter: number): Waiter {
  const place = on.i32[(waiter + PLACE) >> 2] as number;
  const w = places[place] as Waiter;
  places[place] = undefined;
  free.push(place);
  (w.queue as SharedQueue).of.waiting--;
  on.standing--;
  return w;
}

/** Lets the queues of this thread in which the others of a circle stand ask for the claim. */
export function askForClaims(w: Waiter): void {
  for (let peer = w.peer; peer !== undefined && peer !== w; peer = peer.peer) {
    if (peer.queue instanceof WaitQueue) peer.queue.shift = shiftClaimed;
  }
}

/** {@link WaitQueue.shift}, for a queue in which some may have been woken by another thread already. */
function shiftClaimed(this: WaitQueue): Waiter | undefined {
  for (;;) {
    const w = WaitQueue.prototype.shift.call(this);
    if (w === undefined || claims(w)) return w;
    w.queue = nowhere; // its goroutine is about to hear from the other thread
  }
}

/** Decides for a waiter, if that is still to be done. */
function claims(w: Waiter): boolean {
  for (let peer = w.peer; peer !== undefined && peer !== w; peer = peer.peer) {
    const { queue } = peer;
    if (queue instanceof SharedQueue) {
      const group = queue.on.i32[((peer.value as number) + GROUP) >> 2] as number;
      return queue.on.core.claimOwn(group) !== 0;
    }
  }
  return true;
}
