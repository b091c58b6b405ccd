// What locks and their like have in common: a word or two, queues of goroutines, and who holds how much.
//
// Invariants: whoever lets go hands over to the first in the queue, or is about to; who comes while somebody waits stands behind
// them. What can be held by several is counted for each thread in HELD, never below 0, all together A: so it can be let go of
// when a thread dies. A thread that is stopped between two steps leaves them to sweep.ts, which therefore does the second step
// of all.

import { A, AUX, CLOSED, DIED, HELD, LOCK, OK, OWNER, PHASE, Q1, SERIAL, TAINTED, THREAD } from "./layout";
import { lock, me, unlock } from "./lock";
import { claim, post, push, remove, ring } from "./waiter";

/** Lets `w` wait, at the end of a queue. */
// @ts-ignore
@inline
export function enqueue(o: usize, queue: usize, w: usize): void {
  store<i32>(w, load<i32>(o, PHASE), AUX);
  push(o + queue, w);
}

/** Whether `w` has waited since before the present phase. */
// @ts-ignore
@inline
export function isOlder(o: usize, w: usize): bool {
  return load<i32>(w, AUX) - load<i32>(o, PHASE) < 0;
}

/** All who wait are older from now on. */
// @ts-ignore
@inline
export function age(o: usize): void {
  store<i32>(o, load<i32>(o, PHASE) + 1, PHASE);
}

/** Makes a thread the one that holds it alone. Gives the serial number of this holding. */
// @ts-ignore
@inline
export function own(o: usize, thread: i32): i32 {
  const next = load<i32>(o, SERIAL) + 1;
  const serial = next == 0 ? 1 : next;
  store<i32>(o, serial, SERIAL);
  store<i32>(o, thread + 1, OWNER);
  return serial;
}

/** {@link own}, by the thread of a waiter that has been claimed; it learns the serial number. */
// @ts-ignore
@inline
export function ownFor(o: usize, w: usize): u32 {
  store<i32>(w, own(o, load<i32>(w, THREAD)), AUX);
  return post(w, OK);
}

/** Counts for a thread. */
// @ts-ignore
@inline
export function count(o: usize, thread: i32, n: i32): void {
  const at = o + HELD + ((thread as usize) << 2);
  store<i32>(at, load<i32>(at) + n);
}

/** Where it is counted that a thread holds some: this one, if it does; there must be one that does. */
// @ts-ignore
@inline
export function somebodys(o: usize): usize {
  let at = o + HELD + (((me - 1) as usize) << 2);
  if (load<i32>(at) == 0) {
    at = o + HELD;
    while (load<i32>(at) == 0) at += 4;
  }
  return at;
}

/** Tells the first of a queue that the owner has died, unless somebody else has been told: then it has been dealt with. */
export function tell(o: usize, queue: usize): void {
  while (true) {
    lock(o + LOCK);
    const w = load<u32>(o + queue) as usize;
    if (w == 0 || load<i32>(o, TAINTED) == 0) {
      unlock(o + LOCK);
      return;
    }
    remove(o + queue, w);
    if (!claim(w)) {
      unlock(o + LOCK);
      continue;
    }
    store<i32>(o, 0, TAINTED);
    const bell = post(w, DIED);
    unlock(o + LOCK);
    ring(bell);
    return;
  }
}

/** Who was told that the owner had died has died, too, before it could hear of it. */
export function taint(o: usize): void {
  lock(o + LOCK);
  store<i32>(o, 1, TAINTED);
  unlock(o + LOCK);
}

/** Wakes all who are older, in their order. The result is not OK: had one of them died, nobody would have to take its place. */
export function wakeOlder(o: usize): void {
  while (true) {
    lock(o + LOCK);
    const w = load<u32>(o, Q1) as usize;
    if (w == 0 || !isOlder(o, w)) {
      unlock(o + LOCK);
      return;
    }
    remove(o + Q1, w);
    if (!claim(w)) {
      unlock(o + LOCK);
      continue;
    }
    const bell = post(w, CLOSED);
    unlock(o + LOCK);
    ring(bell);
  }
}

/** Wakes all who wait, as long as A is 0: for what comes to 0 once and stays so. */
export function wakeWaiting(o: usize): void {
  while (true) {
    lock(o + LOCK);
    const w = load<u32>(o, Q1) as usize;
    if (w == 0 || load<i32>(o, A) != 0) {
      unlock(o + LOCK);
      return;
    }
    remove(o + Q1, w);
    if (!claim(w)) {
      unlock(o + LOCK);
      continue;
    }
    const bell = post(w, OK);
    unlock(o + LOCK);
    ring(bell);
  }
}
