// WaitGroup: A counts. A phase ends when it comes to 0: who has waited until then goes on, whatever is added meanwhile.

import { A, BLOCKED, LOCK, MISUSE, OK, PARKED, Q1 } from "./layout";
import { age, enqueue, wakeOlder } from "./gate";
import { lock, unlock } from "./lock";

/** Adds. MISUSE if the counter would become negative, BLOCKED if it would become too large: then nothing is added. */
export function add(o: usize, delta: i32): i32 {
  lock(o + LOCK);
  const n = (load<i32>(o, A) as i64) + (delta as i64);
  if (n < 0 || n > 0x7fff_ffff) {
    unlock(o + LOCK);
    return n < 0 ? MISUSE : BLOCKED;
  }
  store<i32>(o, n as i32, A);
  if (n == 0) age(o);
  unlock(o + LOCK);
  if (n == 0) wakeOlder(o);
  return OK;
}

/** OK if the counter is 0; otherwise parks `w` if there is one. */
export function wait(o: usize, w: usize): i32 {
  lock(o + LOCK);
  let result = OK;
  if (load<i32>(o, A) != 0) {
    if (w == 0) {
      result = BLOCKED;
    } else {
      enqueue(o, Q1, w);
      result = PARKED;
    }
  }
  unlock(o + LOCK);
  return result;
}
