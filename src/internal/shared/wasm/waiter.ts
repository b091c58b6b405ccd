// Waiters, their queues, and how they are told that their operation has happened.
//
// Invariant: who takes a waiter out of a queue, under the object's lock, and then gets its claim, does its operation, and posts
// it to its thread in the same step. The waiter belongs to its thread again as soon as it is posted.

import {
  BLOCK,
  BLOCKED_THREADS,
  BORN,
  CLAIM,
  FLAGS,
  GROUP,
  KICKS,
  KIND,
  LINK,
  LOCK,
  MAIL,
  NEXT,
  OBJECT,
  PARK,
  POLL,
  POLLED,
  PREV,
  QUEUE_LENGTH,
  RECORD,
  RESULT,
  RING_HEAD,
  RING_TAIL,
  RUN,
  SLEEP,
  STATE,
  SYNC,
  SYNC_WAITER,
  THREAD,
  THREAD_LIMIT,
  THREADS,
  WAKES,
  WAITER,
  WAITER_SIZE,
} from "./layout";
import { alloc } from "./heap";
import { lock, me, record, unlock } from "./lock";

/** A waiter of this thread, in no queue yet. 0 if no memory is left. */
export function waiter(object: usize, flags: i32): usize {
  const w = alloc(WAITER_SIZE as u32);
  if (w != 0) begin(w, object, flags);
  return w;
}

function begin(w: usize, object: usize, flags: i32): void {
  store<i32>(w, WAITER | (flags << 8), KIND);
  store<i32>(w, 0, NEXT);
  store<u32>(w, object as u32, OBJECT);
  store<i32>(w, me - 1, THREAD);
  store<i32>(w, 0, GROUP);
  atomic.store<i32>(w + CLAIM, 0);
  atomic.store<i32>(w + RESULT, 0);
}

/** The waiter of the thread itself, which is about to do a synchronous operation. */
export function blockingWaiter(): usize {
  const w = record + SYNC_WAITER;
  begin(w, 0, SYNC);
  return w;
}

// @ts-ignore
@inline
export function push(queue: usize, w: usize): void {
  const head = load<u32>(queue) as usize;
  if (head == 0) {
    store<u32>(w, w as u32, NEXT);
    store<u32>(w, w as u32, PREV);
    store<u32>(queue, w as u32);
    return;
  }
  const last = load<u32>(head, PREV) as usize;
  store<u32>(w, head as u32, NEXT);
  store<u32>(w, last as u32, PREV);
  store<u32>(last, w as u32, NEXT);
  store<u32>(head, w as u32, PREV);
}

// @ts-ignore
@inline
export function remove(queue: usize, w: usize): void {
  const next = load<u32>(w, NEXT) as usize;
  const prev = load<u32>(w, PREV) as usize;
  store<u32>(w, 0, NEXT);
  if (next == w) {
    store<u32>(queue, 0);
    return;
  }
  store<u32>(prev, next as u32, NEXT);
  store<u32>(next, prev as u32, PREV);
  if ((load<u32>(queue) as usize) == w) store<u32>(queue, next as u32);
}

/**
 * Takes a waiter of this thread out of its queue, if it still stands there: then it is its thread's again. Tells whether it
 * did.
 */
export function unlink(object: usize, queue: usize, w: usize): bool {
  lock(object + LOCK);
  const stands = load<u32>(w, NEXT) != 0;
  if (stands) remove(object + queue, w);
  unlock(object + LOCK);
  return stands;
}

/**
 * The thread does not look at its POLLED waiter any more: whoever posts it shall put it into the mailbox. False if it has been
 * posted.
 */
export function unpoll(): bool {
  const w = load<u32>(record, POLLED) as usize;
  if (w == 0) return true;
  const object = load<u32>(w, OBJECT) as usize;
  lock(object + LOCK);
  const stands = load<u32>(w, NEXT) != 0;
  if (stands) {
    store<u8>(w, load<u8>(w, FLAGS) & ~POLL, FLAGS);
    store<u32>(record, 0, POLLED);
  }
  unlock(object + LOCK);
  return stands;
}

/** Whether the waiter is still to be had: then its operation is decided, by the caller. */
// @ts-ignore
@inline
export function claim(w: usize): bool {
  const group = load<u32>(w, GROUP) as usize;
  return group == 0 || atomic.cmpxchg<i32>(group + CLAIM, 0, w as i32) == 0;
}

/**
 * The operation of a claimed waiter has happened: from here on it is its thread's. The caller holds the lock; it gives what comes
 * back to {@link ring}, after it has let go of the lock.
 */
// @ts-ignore
@inline
export function post(w: usize, result: i32): u32 {
  if ((load<u8>(w, FLAGS) & SYNC) != 0) {
    atomic.store<i32>(w + RESULT, result);
    return (w as u32) | 1;
  }
  if ((load<u8>(w, FLAGS) & POLL) != 0) {
    atomic.store<i32>(w + RESULT, result);
    return 0;
  }
  const to = load<i32>(w, THREAD);
  store<i32>(w, result, RESULT);
  deliver(to, w);
  return ((to + 1) as u32) << 1;
}

/** Puts a letter into a thread's mailbox: one exchange, and the link after it, so that there is no loop. */
// @ts-ignore
@inline
export function deliver(to: i32, letter: usize): void {
  const mailbox = THREADS + RECORD * (to as usize) + MAIL;
  atomic.store<i32>(letter + LINK, -1);
  const before = atomic.xchg<u32>(mailbox, letter as u32);
  atomic.store<u32>(letter + LINK, before);
}

/** Wakes who was posted to, if they sleep; nobody, for 0. */
export function ring(bell: u32): void {
  if ((bell & 1) != 0) atomic.notify(((bell & ~1) as usize) + RESULT, 1);
  else if (bell != 0) kick(((bell >> 1) as i32) - 1);
}

/** Wakes a thread, if it sleeps. Tells whether it did. */
export function kick(to: i32): bool {
  if (to == me - 1) return false;
  const state = THREADS + RECORD * (to as usize) + STATE;
  const was = atomic.load<i32>(state);
  if (was != PARK && was != SLEEP) return false;
  if (atomic.cmpxchg<i32>(state, was, RUN) != was) return false;
  store<i32>(record, load<i32>(record, KICKS) + 1, KICKS);
  atomic.notify(state, 1);
  return true;
}

/** Takes all of the mail, the oldest first: they are linked by LINK. */
export function takeMail(): usize {
  const mailbox = record + MAIL;
  if (atomic.load<i32>(mailbox) == 0) return 0;
  return inOrder(atomic.xchg<u32>(mailbox, 0) as usize);
}

/** Turns a chain of letters around. */
function inOrder(newest: usize): usize {
  let letter = newest;
  let after: usize = 0;
  while (letter != 0) {
    let before: i32;
    do before = atomic.load<i32>(letter + LINK);
    while (before == -1); // its sender is between its two steps
    store<u32>(letter, after as u32, LINK);
    after = letter;
    letter = (before as u32) as usize;
  }
  return after;
}

/**
 * Says that this thread wants to be notified; false if there is mail already, and it goes on. `asleep`: its event loop is empty.
 */
export function park(asleep: bool): bool {
  atomic.store<i32>(record + STATE, asleep ? SLEEP : PARK);
  if (atomic.load<i32>(record + MAIL) == 0) return true;
  unpark();
  return false;
}

/** This thread looks into its mailbox by itself again. */
export function unpark(): void {
  atomic.add<i32>(record + WAKES, 1);
  atomic.store<i32>(record + STATE, RUN);
}

/**
 * Whether all threads but one sleep, with nothing left that could wake one: then that stays so, until the one wakes them. Looks
 * twice, since one that has looked asleep may have woken another in the meantime. `but`: -1 for none.
 */
export function quiet(but: i32): bool {
  const before = wakesOfSleepers(but);
  return before >= 0 && wakesOfSleepers(but) == before;
}

/** How often they have begun to run, all together; -1 if one does. */
function wakesOfSleepers(but: i32): i64 {
  if (atomic.load<i32>(QUEUE_LENGTH) != 0) return -1;
  let wakes: i64 = 0;
  const limit = atomic.load<i32>(THREAD_LIMIT);
  for (let i = 0; i < limit; i++) {
    if (i == but) continue;
    const other = THREADS + RECORD * (i as usize);
    const hasMail = atomic.load<i32>(other + MAIL) != 0;
    const state = atomic.load<i32>(other + STATE);
    if (state == RUN || state == PARK || state == BORN) return -1;
    if ((state == SLEEP && hasMail) || (state == BLOCK && isAnswered(other))) return -1;
    if (atomic.load<u32>(other + RING_HEAD) != atomic.load<u32>(other + RING_TAIL)) return -1;
    wakes += atomic.load<u32>(other + WAKES);
  }
  return wakes;
}

function isAnswered(other: usize): bool {
  return atomic.load<i32>(other + SYNC_WAITER + RESULT) != 0;
}

/** Decides for a waiter of this thread's own: false if somebody else has decided. Its operation does not happen then. */
export function claimOwn(group: usize): bool {
  return atomic.cmpxchg<i32>(group + CLAIM, 0, 1) == 0;
}

/** Looks for the result of the thread's waiter for a microsecond or two. 0 if there is none. */
export function look(): i32 {
  const w = record + SYNC_WAITER;
  for (let i = 0; i < 2000; i++) {
    if (atomic.load<i32>(w + RESULT) != 0) return takeResult(w);
  }
  return 0;
}

/** The result is its thread's from here on: if that dies before, what came with it goes back. */
// @ts-ignore
@inline
function takeResult(w: usize): i32 {
  return atomic.xchg<i32>(w + RESULT, 0);
}

/**
 * Blocks the thread until its waiter is posted, at most so many milliseconds. Gives its result, 0 if there is none yet: then the
 * thread still counts as blocked.
 */
export function block(ms: i32): i32 {
  const w = record + SYNC_WAITER;
  if (atomic.load<i32>(record + STATE) != BLOCK) {
    atomic.store<i32>(record + STATE, BLOCK);
    atomic.add<i32>(BLOCKED_THREADS, 1);
  }
  atomic.wait<i32>(w + RESULT, 0, (ms as i64) * 1_000_000);
  if (atomic.load<i32>(w + RESULT) == 0) return 0;
  atomic.add<i32>(record + WAKES, 1); // it runs before the result is gone: see quiet
  atomic.store<i32>(record + STATE, RUN);
  atomic.sub<i32>(BLOCKED_THREADS, 1);
  return takeResult(w);
}
