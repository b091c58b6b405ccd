// Channels: Go's, with the value handed over in the step that takes the waiter out of its queue.
//
// Invariants: receivers wait only while there is no value, senders only while there is no room; after close nobody begins to
// wait. A waiter of a select that has been decided elsewhere is taken out and passed over, and the operation begins anew.

import {
  AUX,
  BLOCKED,
  CAP,
  CHAN,
  CLOSED,
  COUNT,
  FIRST,
  GHOSTS,
  IS_CLOSED,
  LAST,
  LOCK,
  MISUSE,
  NEXT,
  NUMBER,
  OK,
  PARKED,
  RECVQ,
  SENDQ,
  SLOT,
  SLOTS,
  STALE,
  TAG,
  VALUE,
} from "./layout";
import { free } from "./heap";
import { lock, record, unlock } from "./lock";
import { create } from "./object";
import { claim, post, push, remove, ring } from "./waiter";

export function createChan(cap: u32): usize {
  const bytes = (SLOTS as u64) + (cap as u64) * (SLOT as u64);
  if (bytes > 0x7fff_0000) return 0;
  const c = create(CHAN, bytes as u32);
  if (c != 0) store<u32>(c, cap, CAP);
  return c;
}

/** Copies a value. */
// @ts-ignore
@inline
export function copy(from: usize, to: usize): void {
  store<i64>(to, load<i64>(from));
  store<f64>(to, load<f64>(from, 8), 8);
}

/** The slot that FIRST or LAST stands at; which goes on to the next. */
// @ts-ignore
@inline
function next(c: usize, field: usize): usize {
  const at = load<u32>(c + field);
  store<u32>(c + field, at + 1 == load<u32>(c, CAP) ? 0 : at + 1);
  return c + SLOTS + (at as usize) * SLOT;
}

/** Whom the operation under the lock has posted to, for {@link ring} after it. */
export let bell: u32 = 0;

/** A send, with the lock held. */
// @ts-ignore
@inline
export function sendLocked(c: usize, tag: i32, aux: i32, number: f64): i32 {
  bell = 0;
  if (load<i32>(c, IS_CLOSED) != 0) return CLOSED;
  const r = load<u32>(c, RECVQ) as usize;
  if (r != 0) {
    remove(c + RECVQ, r);
    if (!claim(r)) return STALE;
    store<i32>(r, tag, TAG);
    store<i32>(r, aux, AUX);
    store<f64>(r, number, NUMBER);
    bell = post(r, OK);
    return OK;
  }
  const count = load<u32>(c, COUNT);
  if (count == load<u32>(c, CAP)) return BLOCKED;
  const slot = next(c, LAST);
  store<i32>(slot, tag);
  store<i32>(slot, aux, 4);
  store<f64>(slot, number, 8);
  atomic.store<u32>(c + COUNT, count + 1);
  return OK;
}

/** A receive into this thread's VALUE, with the lock held. */
// @ts-ignore
@inline
export function recvLocked(c: usize): i32 {
  bell = 0;
  const ghost = load<u32>(c, GHOSTS) as usize;
  if (ghost != 0) {
    store<u32>(c, load<u32>(ghost, NEXT), GHOSTS);
    copy(ghost + TAG, record + VALUE);
    spent = ghost;
    return OK;
  }
  const s = load<u32>(c, SENDQ) as usize;
  const count = load<u32>(c, COUNT);
  if (s != 0) {
    remove(c + SENDQ, s);
    if (!claim(s)) return STALE;
    if (count != 0) {
      copy(next(c, FIRST), record + VALUE); // the buffer is full: the slot that becomes free is the one to send to
      copy(s + TAG, next(c, LAST));
    } else {
      copy(s + TAG, record + VALUE);
    }
    bell = post(s, OK);
    return OK;
  }
  if (count != 0) {
    copy(next(c, FIRST), record + VALUE);
    atomic.store<u32>(c + COUNT, count - 1);
    return OK;
  }
  return load<i32>(c, IS_CLOSED) != 0 ? CLOSED : BLOCKED;
}

let spent: usize = 0;

/** What an operation does last, without the lock. */
export function after(): void {
  if (bell != 0) ring(bell);
  if (spent != 0) {
    free(spent);
    spent = 0;
  }
}

/** Sends, or parks `w` if there is one; the value is then in it. */
export function send(c: usize, tag: i32, aux: i32, number: f64, w: usize): i32 {
  while (true) {
    lock(c + LOCK);
    let result = sendLocked(c, tag, aux, number);
    if (result == BLOCKED && w != 0) {
      store<i32>(w, tag, TAG);
      store<i32>(w, aux, AUX);
      store<f64>(w, number, NUMBER);
      push(c + SENDQ, w);
      result = PARKED;
    }
    unlock(c + LOCK);
    if (bell != 0) ring(bell);
    if (result != STALE) return result;
  }
}

/** Receives into this thread's VALUE, or parks `w` if there is one. */
export function recv(c: usize, w: usize): i32 {
  while (true) {
    lock(c + LOCK);
    let result = recvLocked(c);
    if (result == BLOCKED && w != 0) {
      push(c + RECVQ, w);
      result = PARKED;
    }
    unlock(c + LOCK);
    after();
    if (result != STALE) return result;
  }
}

/** Closes, and wakes all who wait, one at a time. */
export function close(c: usize): i32 {
  lock(c + LOCK);
  if (load<i32>(c, IS_CLOSED) != 0) {
    unlock(c + LOCK);
    return MISUSE;
  }
  store<i32>(c, 1, IS_CLOSED);
  unlock(c + LOCK);
  wakeAll(c, c + RECVQ);
  wakeAll(c, c + SENDQ);
  return OK;
}

/** Tells all of a queue that the channel is closed. */
export function wakeAll(c: usize, queue: usize): void {
  while (true) {
    lock(c + LOCK);
    const w = load<u32>(queue) as usize;
    if (w == 0) {
      unlock(c + LOCK);
      return;
    }
    remove(queue, w);
    if (!claim(w)) {
      unlock(c + LOCK);
      continue;
    }
    const b = post(w, CLOSED);
    unlock(c + LOCK);
    ring(b);
  }
}

export function length(c: usize): u32 {
  return atomic.load<u32>(c + COUNT);
}

/** Whether a receive would not block now. */
export function canRecv(c: usize): bool {
  const there = atomic.load<u32>(c + COUNT) | atomic.load<u32>(c + SENDQ) | atomic.load<u32>(c + GHOSTS);
  return (there | atomic.load<u32>(c + IS_CLOSED)) != 0;
}

/** Whether a send would not block now. */
export function canSend(c: usize): bool {
  if (atomic.load<u32>(c + COUNT) < load<u32>(c, CAP)) return true;
  return (atomic.load<u32>(c + RECVQ) | atomic.load<u32>(c + IS_CLOSED)) != 0;
}

/** Puts back a value whose receiver has died: it is the next to be received. The last that is put back comes first. */
export function putBack(c: usize, ghost: usize): void {
  while (true) {
    lock(c + LOCK);
    const r = load<u32>(c, RECVQ) as usize;
    if (r == 0) {
      store<u32>(ghost, load<u32>(c, GHOSTS), NEXT);
      store<u32>(c, ghost as u32, GHOSTS);
      unlock(c + LOCK);
      return;
    }
    remove(c + RECVQ, r);
    if (!claim(r)) {
      unlock(c + LOCK);
      continue;
    }
    copy(ghost + TAG, r + TAG);
    const b = post(r, OK);
    unlock(c + LOCK);
    ring(b);
    free(ghost);
    return;
  }
}
