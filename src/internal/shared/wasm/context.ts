// Contexts that have gone to other threads: whether they have ended and how, and who wants to know.
//
// Its own thread has no handle of it, since it has the context itself. When nobody else refers to it, it goes back there.

import {
  A,
  CONTEXT,
  CONTEXT_SIZE,
  DEADLINE,
  HOLDERS,
  IS_SIGNAL,
  KIND,
  OWNER,
  REASON,
  RETURN,
  RETURNED,
} from "./layout";
import { free } from "./heap";
import { create } from "./object";
import { wakeWaiting } from "./gate";
import { me } from "./lock";
import { deliver, kick } from "./waiter";

/** A context of this thread, with a reference for the message that it is to go into. 0 if no memory is left. */
export function createContext(isSignal: bool, deadline: f64): usize {
  const o = create(CONTEXT, CONTEXT_SIZE as u32);
  if (o == 0) return 0;
  store<i32>(o, 1, A);
  store<i32>(o, me, OWNER);
  store<i32>(o, isSignal, IS_SIGNAL);
  store<f64>(o, deadline, DEADLINE);
  store<i32>(o + HOLDERS + ((((me - 1) as usize) >> 5) << 2), 0); // the one reference is the message's
  return o;
}

/** It has ended, in this way. */
export function endContext(o: usize, tag: i32, aux: i32, number: f64): void {
  store<i32>(o, tag, REASON);
  store<i32>(o, aux, REASON + 4);
  store<f64>(o, number, REASON + 8);
  atomic.store<i32>(o + A, 0);
  wakeWaiting(o);
}

/** Its thread has died: it ends, and nobody asks for it back. */
export function disown(o: usize, dead: i32): void {
  if (load<i32>(o, OWNER) != dead + 1) return;
  atomic.store<i32>(o + OWNER, 0);
  atomic.store<i32>(o + A, 0);
  wakeWaiting(o);
}

/** Gives one that has been destroyed back to its thread, which frees it. */
export function giveBack(o: usize): void {
  const owner = atomic.load<i32>(o + OWNER);
  if (owner == 0) {
    free(o);
    return;
  }
  store<i32>(o + RETURN, RETURNED, KIND);
  deliver(owner - 1, o + RETURN);
  kick(owner - 1);
}
