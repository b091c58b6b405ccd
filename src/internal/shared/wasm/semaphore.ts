// Semaphore: A of B are taken. Who waits wants AUX of them; they are let in strictly in their order.

import { A, AUX, B, BLOCKED, GATE_SIZE, HELD, LOCK, MISUSE, OK, PARKED, Q1, SEMAPHORE, THREAD } from "./layout";
import { count, somebodys } from "./gate";
import { lock, me, unlock } from "./lock";
import { create } from "./object";
import { claim, post, push, remove, ring } from "./waiter";

export function createSemaphore(size: i32): usize {
  const o = create(SEMAPHORE, GATE_SIZE as u32);
  if (o != 0) store<i32>(o, size, B);
  return o;
}

/** Takes `n`, or parks `w` if there is one. */
export function take(o: usize, n: i32, w: usize): i32 {
  if (w != 0) store<i32>(w, n, AUX);
  lock(o + LOCK);
  let result = OK;
  if (load<u32>(o, Q1) == 0 && load<i32>(o, B) - load<i32>(o, A) >= n) {
    store<i32>(o, load<i32>(o, A) + n, A);
    count(o, me - 1, n);
  } else if (w == 0) {
    result = BLOCKED;
  } else {
    push(o + Q1, w);
    result = PARKED;
  }
  unlock(o + LOCK);
  return result;
}

/** Gives `n` back, those of this thread first. MISUSE if so many are not taken: then none. */
export function give(o: usize, n: i32): i32 {
  let rest = n;
  while (true) {
    lock(o + LOCK);
    const taken = load<i32>(o, A);
    if (taken < n && rest == n) {
      unlock(o + LOCK);
      return MISUSE;
    }
    if (rest == 0 || taken == 0) {
      unlock(o + LOCK);
      break; // there may be less than the rest by now: a holder has died
    }
    const held = somebodys(o);
    const part = min(rest, load<i32>(held));
    store<i32>(held, load<i32>(held) - part);
    store<i32>(o, taken - part, A);
    unlock(o + LOCK);
    rest -= part;
  }
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
  const held = o + HELD + ((dead as usize) << 2);
  store<i32>(o, load<i32>(o, A) - load<i32>(held), A);
  store<i32>(held, 0);
  unlock(o + LOCK);
  grant(o);
}
