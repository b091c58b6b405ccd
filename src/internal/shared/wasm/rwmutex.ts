// RWMutex: A readers hold it, or B is 1 and OWNER writes. Q1 are readers, Q2 writers.
//
// A writer who waits keeps new readers out. A phase ends as a writer does: the readers who have waited since before go ahead of
// the next writer.

import {
  A,
  AUX,
  B,
  BLOCKED,
  DIED,
  HELD,
  LOCK,
  MISUSE,
  OK,
  OWNER,
  PARKED,
  Q1,
  Q2,
  SERIAL,
  TAINTED,
  THREAD,
  VALUE,
} from "./layout";
import { age, count, enqueue, isOlder, own, ownFor, somebodys, tell } from "./gate";
import { lock, me, record, unlock } from "./lock";
import { claim, post, remove, ring } from "./waiter";

/** Locks to read, or parks `w` if there is one. DIED: a writer has died, and it is not locked. */
export function acquireRead(o: usize, w: usize): i32 {
  lock(o + LOCK);
  let result = OK;
  if (load<i32>(o, TAINTED) != 0) {
    store<i32>(o, 0, TAINTED);
    result = DIED;
  } else if (load<i32>(o, B) == 0 && load<u32>(o, Q2) == 0) {
    store<i32>(o, load<i32>(o, A) + 1, A);
    count(o, me - 1, 1);
  } else if (w == 0) {
    result = BLOCKED;
  } else {
    enqueue(o, Q1, w);
    result = PARKED;
  }
  unlock(o + LOCK);
  return result;
}

/** Locks to write, or parks `w` if there is one; the serial number is where that of a mutex is. DIED: as {@link acquireRead}. */
export function acquireWrite(o: usize, w: usize): i32 {
  lock(o + LOCK);
  let result = OK;
  if (load<i32>(o, TAINTED) != 0) {
    store<i32>(o, 0, TAINTED);
    result = DIED;
  } else if ((load<i32>(o, B) | load<i32>(o, A) | load<i32>(o, Q1) | load<i32>(o, Q2)) == 0) {
    store<i32>(o, 1, B);
    store<i32>(w == 0 ? record + VALUE : w + AUX, own(o, me - 1));
  } else if (w == 0) {
    result = BLOCKED;
  } else {
    enqueue(o, Q2, w);
    result = PARKED;
  }
  unlock(o + LOCK);
  return result;
}

export function releaseRead(o: usize): i32 {
  lock(o + LOCK);
  const readers = load<i32>(o, A);
  if (readers == 0) {
    unlock(o + LOCK);
    return MISUSE;
  }
  const held = somebodys(o);
  store<i32>(held, load<i32>(held) - 1);
  store<i32>(o, readers - 1, A);
  unlock(o + LOCK);
  admit(o);
  return OK;
}

/** Unlocks; only this very holding if `serial` is not 0. */
export function releaseWrite(o: usize, serial: i32): i32 {
  lock(o + LOCK);
  if (load<i32>(o, B) == 0 || (serial != 0 && load<i32>(o, SERIAL) != serial)) {
    unlock(o + LOCK);
    return MISUSE;
  }
  store<i32>(o, 0, B);
  store<i32>(o, 0, OWNER);
  age(o);
  unlock(o + LOCK);
  admit(o);
  return OK;
}

/** Lets in who may come in now. */
export function admit(o: usize): void {
  while (true) {
    lock(o + LOCK);
    if (load<i32>(o, B) != 0) {
      unlock(o + LOCK);
      return;
    }
    const r = load<u32>(o, Q1) as usize;
    const w = load<u32>(o, Q2) as usize;
    if (r != 0 && (w == 0 || isOlder(o, r))) {
      remove(o + Q1, r);
      if (!claim(r)) {
        unlock(o + LOCK);
        continue;
      }
      store<i32>(o, load<i32>(o, A) + 1, A);
      count(o, load<i32>(r, THREAD), 1);
      const bell = post(r, OK);
      unlock(o + LOCK);
      ring(bell);
      continue;
    }
    if (w == 0 || load<i32>(o, A) != 0) {
      unlock(o + LOCK);
      return;
    }
    remove(o + Q2, w);
    if (!claim(w)) {
      unlock(o + LOCK);
      continue;
    }
    store<i32>(o, 1, B);
    const bell = ownFor(o, w);
    unlock(o + LOCK);
    ring(bell);
    return;
  }
}

/**
 * A thread has died: what it read comes back. If it wrote, the next is told so: a reader who waits, or a writer, or who
 * comes.
 */
export function bereaveReadWrite(o: usize, dead: i32): void {
  lock(o + LOCK);
  const held = o + HELD + ((dead as usize) << 2);
  store<i32>(o, load<i32>(o, A) - load<i32>(held), A);
  store<i32>(held, 0);
  if (load<i32>(o, B) != 0 && load<i32>(o, OWNER) == dead + 1) {
    store<i32>(o, 0, B);
    store<i32>(o, 0, OWNER);
    store<i32>(o, 1, TAINTED);
    age(o);
  }
  unlock(o + LOCK);
  tell(o, Q1);
  tell(o, Q2);
  admit(o);
}
