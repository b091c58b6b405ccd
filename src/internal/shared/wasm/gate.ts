// Locks and their like: a word or two, and the goroutines that wait for them, the first come first.
//
// Whoever lets go hands over to the first in the queue in the same step, and says whose it is now. What a thread holds is counted
// for it in HELD, so that it can be let go of when the thread dies.

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
  THREAD,
} from "./layout";
import { lock, me, unlock } from "./lock";
import { claim, post, push, remove, ring } from "./waiter";

// @ts-ignore
@inline
function count(o: usize, thread: i32, delta: i32): void {
  const at = o + HELD + ((thread as usize) << 2);
  store<i32>(at, load<i32>(at) + delta);
}

// Mutex: A is 1 while it is held, by OWNER (number + 1); B is 1 if the last owner has died with it.

/** Locks, or parks `w` if there is one. DIED: the owner has died, and it is not locked. */
export function acquire(o: usize, w: usize): i32 {
  lock(o + LOCK);
  let result = OK;
  if (load<i32>(o, B) != 0) {
    store<i32>(o, 0, B);
    result = DIED;
  } else if (load<i32>(o, A) == 0) {
    store<i32>(o, 1, A);
    store<i32>(o, me, OWNER);
  } else if (w == 0) {
    result = BLOCKED;
  } else {
    push(o + Q1, w);
    result = PARKED;
  }
  unlock(o + LOCK);
  return result;
}

export function release(o: usize): i32 {
  while (true) {
    lock(o + LOCK);
    if (load<i32>(o, A) == 0) {
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
    store<i32>(o, load<i32>(w, THREAD) + 1, OWNER);
    const bell = post(w, OK);
    unlock(o + LOCK);
    ring(bell);
    return OK;
  }
}

/** The owner has died: the first who waits is told so, or the next to come. */
export function bereave(o: usize, dead: i32): void {
  while (true) {
    lock(o + LOCK);
    if (load<i32>(o, A) == 0 || load<i32>(o, OWNER) != dead + 1) {
      unlock(o + LOCK);
      return;
    }
    const w = load<u32>(o, Q1) as usize;
    if (w == 0) {
      store<i32>(o, 0, A);
      store<i32>(o, 0, OWNER);
      store<i32>(o, 1, B);
      unlock(o + LOCK);
      return;
    }
    remove(o + Q1, w);
    if (!claim(w)) {
      unlock(o + LOCK);
      continue;
    }
    const bell = post(w, DIED);
    unlock(o + LOCK);
    ring(bell);
    release(o); // to the next, who gets it
    return;
  }
}

// RWMutex: A readers hold it, or B is 1 and OWNER writes. Q1 are readers, Q2 writers. A writer who waits keeps new readers out.

export function acquireRead(o: usize, w: usize): i32 {
  lock(o + LOCK);
  let result = OK;
  if (load<i32>(o, B) == 0 && load<u32>(o, Q2) == 0) {
    store<i32>(o, load<i32>(o, A) + 1, A);
    count(o, me - 1, 1);
  } else if (w == 0) {
    result = BLOCKED;
  } else {
    push(o + Q1, w);
    result = PARKED;
  }
  unlock(o + LOCK);
  return result;
}

export function acquireWrite(o: usize, w: usize): i32 {
  lock(o + LOCK);
  let result = OK;
  if (load<i32>(o, B) == 2) {
    store<i32>(o, 0, B);
    result = DIED;
  } else if (load<i32>(o, B) == 0 && load<i32>(o, A) == 0) {
    store<i32>(o, 1, B);
    store<i32>(o, me, OWNER);
  } else if (w == 0) {
    result = BLOCKED;
  } else {
    push(o + Q2, w);
    result = PARKED;
  }
  unlock(o + LOCK);
  return result;
}

export function releaseRead(o: usize): i32 {
  lock(o + LOCK);
  if (load<i32>(o, A) == 0) {
    unlock(o + LOCK);
    return MISUSE;
  }
  store<i32>(o, load<i32>(o, A) - 1, A);
  count(o, me - 1, -1);
  unlock(o + LOCK);
  admit(o, false);
  return OK;
}

export function releaseWrite(o: usize): i32 {
  lock(o + LOCK);
  if (load<i32>(o, B) != 1) {
    unlock(o + LOCK);
    return MISUSE;
  }
  store<i32>(o, 0, B);
  store<i32>(o, 0, OWNER);
  unlock(o + LOCK);
  admit(o, true);
  return OK;
}

/** Lets in who may: after a writer all readers that wait, otherwise a writer, if nobody is in; readers, if no writer waits. */
export function admit(o: usize, readersFirst: bool): void {
  let readers = readersFirst;
  while (true) {
    lock(o + LOCK);
    const r = load<u32>(o, Q1) as usize;
    const w = load<u32>(o, Q2) as usize;
    if (load<i32>(o, B) != 0) {
      unlock(o + LOCK);
      return;
    }
    if (r != 0 && (readers || w == 0)) {
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
    store<i32>(o, load<i32>(w, THREAD) + 1, OWNER);
    const bell = post(w, OK);
    unlock(o + LOCK);
    ring(bell);
    return;
  }
}

/** What a dead thread held of it is let go of. Whoever writes next is told, if the dead one wrote. */
export function bereaveReadWrite(o: usize, dead: i32): void {
  lock(o + LOCK);
  const at = o + HELD + ((dead as usize) << 2);
  const reads = load<i32>(at);
  store<i32>(at, 0);
  if (reads > 0) store<i32>(o, max(load<i32>(o, A) - reads, 0), A);
  const wrote = load<i32>(o, B) == 1 && load<i32>(o, OWNER) == dead + 1;
  unlock(o + LOCK);
  if (wrote) {
    let told = false;
    while (!told) {
      lock(o + LOCK);
      const w = load<u32>(o, Q2) as usize;
      if (w == 0) {
        store<i32>(o, 2, B);
        store<i32>(o, 0, OWNER);
        unlock(o + LOCK);
        return;
      }
      remove(o + Q2, w);
      if (!claim(w)) {
        unlock(o + LOCK);
        continue;
      }
      store<i32>(o, 0, B);
      store<i32>(o, 0, OWNER);
      const bell = post(w, DIED);
      unlock(o + LOCK);
      ring(bell);
      told = true;
    }
  }
  admit(o, wrote);
}

// WaitGroup: A counts.

/** Adds; MISUSE if the counter would become negative, and nothing is added. */
export function add(o: usize, delta: i32): i32 {
  lock(o + LOCK);
  const n = load<i32>(o, A) + delta;
  if (n < 0) {
    unlock(o + LOCK);
    return MISUSE;
  }
  store<i32>(o, n, A);
  unlock(o + LOCK);
  if (n == 0) wakeWaiting(o, true);
  return OK;
}

export function wait(o: usize, w: usize): i32 {
  lock(o + LOCK);
  let result = OK;
  if (load<i32>(o, A) != 0) {
    if (w == 0) {
      result = BLOCKED;
    } else {
      push(o + Q1, w);
      result = PARKED;
    }
  }
  unlock(o + LOCK);
  return result;
}

/** Wakes all who wait, as long as `A` is 0 if it counts. */
export function wakeWaiting(o: usize, counts: bool): void {
  while (true) {
    lock(o + LOCK);
    const w = load<u32>(o, Q1) as usize;
    if (w == 0 || (counts && load<i32>(o, A) != 0)) {
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

// Cond: who waits stands in Q1, with the number that A had when they came.

export function stand(o: usize, w: usize): i32 {
  lock(o + LOCK);
  store<i32>(w, load<i32>(o, A), AUX);
  push(o + Q1, w);
  unlock(o + LOCK);
  return PARKED;
}

/** Wakes the first who waits. False if nobody does. */
export function signal(o: usize): bool {
  while (true) {
    lock(o + LOCK);
    const w = load<u32>(o, Q1) as usize;
    if (w == 0) {
      unlock(o + LOCK);
      return false;
    }
    remove(o + Q1, w);
    if (!claim(w)) {
      unlock(o + LOCK);
      continue;
    }
    const bell = post(w, OK);
    unlock(o + LOCK);
    ring(bell);
    return true;
  }
}

/** Wakes those who wait now, and not those who come meanwhile. */
export function broadcast(o: usize): void {
  lock(o + LOCK);
  const now = load<i32>(o, A) + 1;
  store<i32>(o, now, A);
  unlock(o + LOCK);
  wakeEarlier(o, now);
}

/** Wakes those who came before A was this number. */
export function wakeEarlier(o: usize, now: i32): void {
  while (true) {
    lock(o + LOCK);
    const w = load<u32>(o, Q1) as usize;
    if (w == 0 || load<i32>(w, AUX) - now >= 0) {
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

// Semaphore: A of B are taken. Who waits wants AUX of them.

export function take(o: usize, n: i32, w: usize): i32 {
  lock(o + LOCK);
  let result = OK;
  if (load<u32>(o, Q1) == 0 && load<i32>(o, B) - load<i32>(o, A) >= n) {
    store<i32>(o, load<i32>(o, A) + n, A);
    count(o, me - 1, n);
  } else if (w == 0) {
    result = BLOCKED;
  } else {
    store<i32>(w, n, AUX);
    push(o + Q1, w);
    result = PARKED;
  }
  unlock(o + LOCK);
  return result;
}

export function give(o: usize, n: i32): i32 {
  lock(o + LOCK);
  if (load<i32>(o, A) < n) {
    unlock(o + LOCK);
    return MISUSE;
  }
  store<i32>(o, load<i32>(o, A) - n, A);
  count(o, me - 1, -n);
  unlock(o + LOCK);
  grant(o);
  return OK;
}

/** Lets in who waits, in order, while there is enough for the first. */
export function grant(o: usize): void {
  while (true) {
    lock(o + LOCK);
    const w = load<u32>(o, Q1) as usize;
    if (w == 0 || load<i32>(o, B) - load<i32>(o, A) < load<i32>(w, AUX)) {
      unlock(o + LOCK);
      return;
    }
    remove(o + Q1, w);
    if (!claim(w)) {
      unlock(o + LOCK);
      continue;
    }
    store<i32>(o, load<i32>(o, A) + load<i32>(w, AUX), A);
    count(o, load<i32>(w, THREAD), load<i32>(w, AUX));
    const bell = post(w, OK);
    unlock(o + LOCK);
    ring(bell);
  }
}

/** What a dead thread had taken comes back. */
export function bereaveSemaphore(o: usize, dead: i32): void {
  lock(o + LOCK);
  const at = o + HELD + ((dead as usize) << 2);
  const held = load<i32>(at);
  store<i32>(at, 0);
  if (held > 0) store<i32>(o, max(load<i32>(o, A) - held, 0), A);
  unlock(o + LOCK);
  grant(o);
}
