// Cond: who waits stands in Q1. A phase ends with a broadcast: it is for those who have waited until then. B is the lock, A how
// it is locked.

import { A, B, CLOSED, COND, GATE_SIZE, LOCK, OK, PARKED, Q1 } from "./layout";
import { age, enqueue, isOlder, wakeOlder } from "./gate";
import { lock, unlock } from "./lock";
import { create, travel } from "./object";
import { claim, post, remove, ring } from "./waiter";

/** A cond with its lock, which lives as long as the cond: that has a reference, as a message would. */
export function createCond(locker: usize, how: i32): usize {
  const o = create(COND, GATE_SIZE as u32);
  if (o == 0) return 0;
  travel(locker);
  store<i32>(o, how, A);
  store<u32>(o, locker as u32, B);
  return o;
}

export function stand(o: usize, w: usize): i32 {
  lock(o + LOCK);
  enqueue(o, Q1, w);
  unlock(o + LOCK);
  return PARKED;
}

/**
 * Wakes the first who waits; and before it those who have been woken by a broadcast that is still under way. False for
 * nobody.
 */
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
    const old = isOlder(o, w);
    const bell = post(w, old ? CLOSED : OK);
    unlock(o + LOCK);
    ring(bell);
    if (!old) return true;
  }
}

export function broadcast(o: usize): void {
  lock(o + LOCK);
  age(o);
  unlock(o + LOCK);
  wakeOlder(o);
}
