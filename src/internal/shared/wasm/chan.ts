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
  FIRST,
  FLAGS,
  GHOSTS,
  IS_CLOSED,
  LAST,
  LOCK,
  MISUSE,
  NEXT,
  NUMBER,
  OBJECT,
  OK,
  PARKED,
  POLL,
  POLLED,
  RECEIVED,
  RECV_LOCK,
  RECVQ,
  RESULT,
  SEEN_RECEIVED,
  SEEN_SENT,
  SENDQ,
  SENDS,
  SENT,
  SLOT,
  SLOTS,
  STALE,
  SYNC,
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

/** A send, with LOCK held. */
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
  const sent = load<u32>(c, SENT);
  const cap = load<u32>(c, CAP);
  if (sent - load<u32>(c, SEEN_RECEIVED) == cap) {
    const received = atomic.load<u32>(c + RECEIVED);
    if (sent - received == cap) return BLOCKED;
    store<u32>(c, received, SEEN_RECEIVED);
  }
  const slot = next(c, LAST);
  store<i32>(slot, tag);
  store<i32>(slot, aux, 4);
  store<f64>(slot, number, 8);
  atomic.store<u32>(c + SENT, sent + 1);
  return OK;
}

/** Whether there is something in the buffer; with RECV_LOCK held. */
// @ts-ignore
@inline
function holds(c: usize): bool {
  const received = load<u32>(c, RECEIVED);
  if (load<u32>(c, SEEN_SENT) != received) return true;
  const sent = atomic.load<u32>(c + SENT);
  store<u32>(c, sent, SEEN_SENT);
  return sent != received;
}

/** Takes the first value out of the buffer; with RECV_LOCK held. */
// @ts-ignore
@inline
function takeFirst(c: usize): void {
  copy(next(c, FIRST), record + VALUE);
  atomic.store<u32>(c + RECEIVED, load<u32>(c, RECEIVED) + 1);
}

// @ts-ignore
@inline
function takeGhost(c: usize, ghost: usize): void {
  store<u32>(c, load<u32>(ghost, NEXT), GHOSTS);
  copy(ghost + TAG, record + VALUE);
  spent = ghost;
}

/** A receive into this thread's VALUE, with both locks held. */
// @ts-ignore
@inline
export function recvLocked(c: usize): i32 {
  bell = 0;
  const ghost = load<u32>(c, GHOSTS) as usize;
  if (ghost != 0) {
    takeGhost(c, ghost);
    return OK;
  }
  const s = load<u32>(c, SENDQ) as usize;
  if (s != 0) {
    remove(c + SENDQ, s);
    if (!claim(s)) return STALE;
    if (load<u32>(c, CAP) != 0) {
      const sent = load<u32>(c, SENT) + 1;
      takeFirst(c); // the buffer is full: the slot that becomes free is the one to send to
      copy(s + TAG, next(c, LAST));
      atomic.store<u32>(c + SENT, sent);
      store<u32>(c, sent, SEEN_SENT);
      store<u32>(c, load<u32>(c, RECEIVED), SEEN_RECEIVED);
    } else {
      copy(s + TAG, record + VALUE);
    }
    bell = post(s, OK);
    return OK;
  }
  if (holds(c)) {
    takeFirst(c);
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

/** The waiter of a channel's queue that `w` stands for: with 1 added, its thread is going to look at it. */
// @ts-ignore
@inline
function aim(w: usize, c: usize, flags: i32): usize {
  const waiter = w & ~1;
  const polls = (w & 1) != 0;
  store<u32>(waiter, c as u32, OBJECT);
  store<u8>(waiter, (load<u8>(waiter, FLAGS) & SYNC) | flags | (polls ? POLL : 0), FLAGS);
  if (polls) {
    store<i32>(waiter, 0, RESULT);
    store<u32>(record, waiter as u32, POLLED);
  }
  return waiter;
}

/** Locks the other end as well, for those who have LOCK. There is none without a buffer. */
// @ts-ignore
@inline
export function lockOther(c: usize): void {
  if (load<u32>(c, CAP) != 0) lock(c + RECV_LOCK);
}

// @ts-ignore
@inline
export function unlockOther(c: usize): void {
  if (load<u32>(c, CAP) != 0) unlock(c + RECV_LOCK);
}

/** Sends, or parks `w` if there is one, which is nobody's yet (see {@link aim}); the value is then in it. */
export function send(c: usize, tag: i32, aux: i32, number: f64, w: usize): i32 {
  while (true) {
    lock(c + LOCK);
    let result = sendLocked(c, tag, aux, number);
    if (result == BLOCKED && w != 0) {
      lockOther(c);
      if (load<u32>(c, SENT) - atomic.load<u32>(c + RECEIVED) == load<u32>(c, CAP)) {
        const s = aim(w, c, SENDS);
        store<i32>(s, tag, TAG);
        store<i32>(s, aux, AUX);
        store<f64>(s, number, NUMBER);
        push(c + SENDQ, s);
        result = PARKED;
      } else {
        result = STALE; // somebody has received in the meantime
      }
      unlockOther(c);
    }
    unlock(c + LOCK);
    if (bell != 0) ring(bell);
    if (result != STALE) return result;
  }
}

/** Receives into this thread's VALUE, or parks `w` if there is one. */
export function recv(c: usize, w: usize): i32 {
  if (load<u32>(c, CAP) != 0) {
    lock(c + RECV_LOCK);
    const ghost = load<u32>(c, GHOSTS) as usize;
    if (ghost == 0 && atomic.load<u32>(c + SENDQ) == 0 && holds(c)) {
      takeFirst(c);
      unlock(c + RECV_LOCK);
      return OK;
    }
    unlock(c + RECV_LOCK);
  }
  while (true) {
    lock(c + LOCK);
    lockOther(c);
    let result = recvLocked(c);
    if (result == BLOCKED && w != 0) {
      push(c + RECVQ, aim(w, c, 0));
      result = PARKED;
    }
    unlockOther(c);
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

/** How many values there are in the buffer: at one moment, in which nobody receives. */
export function length(c: usize): u32 {
  while (true) {
    const received = atomic.load<u32>(c + RECEIVED);
    const sent = atomic.load<u32>(c + SENT);
    if (atomic.load<u32>(c + RECEIVED) == received) return sent - received;
  }
}

/** Puts back a value whose receiver has died: it is the next to be received. The last that is put back comes first. */
export function putBack(c: usize, ghost: usize): void {
  while (true) {
    lock(c + LOCK);
    lockOther(c);
    const r = load<u32>(c, RECVQ) as usize;
    if (r == 0) {
      store<u32>(ghost, load<u32>(c, GHOSTS), NEXT);
      store<u32>(c, ghost as u32, GHOSTS);
      unlockOther(c);
      unlock(c + LOCK);
      return;
    }
    remove(c + RECVQ, r);
    if (!claim(r)) {
      unlockOther(c);
      unlock(c + LOCK);
      continue;
    }
    copy(ghost + TAG, r + TAG);
    const b = post(r, OK);
    unlockOther(c);
    unlock(c + LOCK);
    ring(b);
    free(ghost);
    return;
  }
}
