// Mutex: A is 1 while it is held, by OWNER. And what happens once: a mutex around it, and A is DONE when it has happened.

import {
  A,
  AUX,
  BLOCKED,
  CLOSED,
  DIED,
  DONE,
  LOCK,
  MISUSE,
  OK,
  OWNER,
  PARKED,
  Q1,
  SERIAL,
  TAINTED,
  VALUE,
} from "./layout";
import { age, enqueue, own, ownFor, tell, wakeOlder } from "./gate";
import { lock, me, record, unlock } from "./lock";
import { claim, remove, ring } from "./waiter";

/**
 * Locks, or parks `w` if there is one. The serial number is then in AUX of `w`, without one in this thread's VALUE. DIED: the
 * owner has died, and it is not locked. CLOSED: it has happened.
 */
export function acquire(o: usize, w: usize): i32 {
  lock(o + LOCK);
  const state = load<i32>(o, A);
  let result = OK;
  if (state == DONE) {
    result = CLOSED;
  } else if (load<i32>(o, TAINTED) != 0) {
    store<i32>(o, 0, TAINTED);
    result = DIED;
  } else if (state == 0 && load<u32>(o, Q1) == 0) {
    store<i32>(o, 1, A);
    store<i32>(w == 0 ? record + VALUE : w + AUX, own(o, me - 1));
  } else if (w == 0) {
    result = BLOCKED;
  } else {
    enqueue(o, Q1, w);
    result = PARKED;
  }
  unlock(o + LOCK);
  return result;
}

/** Unlocks; only this very holding if `serial` is not 0. */
export function release(o: usize, serial: i32): i32 {
  while (true) {
    lock(o + LOCK);
    if (load<i32>(o, A) != 1 || (serial != 0 && load<i32>(o, SERIAL) != serial)) {
      unlock(o + LOCK);
      return MISUSE;
    }
    const w = load<u32>(o, Q1) as usize;
    if (w == 0) {
      store<i32>(o, 0, A);
      store<i32>(o, 0, OWNER);
      unlock(o + LOCK);
      return OK;
    }
    remove(o + Q1, w);
    if (!claim(w)) {
      unlock(o + LOCK);
      continue;
    }
    const bell = ownFor(o, w);
    unlock(o + LOCK);
    ring(bell);
    return OK;
  }
}

/** It has happened: whoever waits goes on, and nobody waits any more. */
export function complete(o: usize): void {
  lock(o + LOCK);
  store<i32>(o, DONE, A);
  store<i32>(o, 0, OWNER);
  age(o);
  unlock(o + LOCK);
  wakeOlder(o);
}

/** A thread has died. If it was the owner, the first who waits is told so, or the next to come, and the one after gets it. */
export function bereave(o: usize, dead: i32): void {
  lock(o + LOCK);
  if (load<i32>(o, A) == 1 && load<i32>(o, OWNER) == dead + 1) {
    store<i32>(o, 0, A);
    store<i32>(o, 0, OWNER);
    store<i32>(o, 1, TAINTED);
  }
  unlock(o + LOCK);
  if (load<i32>(o, A) == DONE) {
    wakeOlder(o);
  } else {
    tell(o, Q1);
    handOver(o);
  }
}

/** To the first who waits, if nobody holds it. */
function handOver(o: usize): void {
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
    store<i32>(o, 1, A);
    const bell = ownFor(o, w);
    unlock(o + LOCK);
    ring(bell);
    return;
  }
}
