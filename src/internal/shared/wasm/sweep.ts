// After the death of a thread: nothing of it stays behind in what others use.
//
// Who sweeps has seen the thread end, so that nobody writes its record any more except those who post to it, until all its
// waiters are out of all queues. What it was given and did not get comes back: values to their channels, locks to the next.

import {
  ALIVE,
  AUX,
  BLOCK,
  BLOCKED_THREADS,
  BORN,
  CHAN,
  DEAD,
  DIED,
  FLAGS,
  FREE,
  IDLE,
  IS_CLOSED,
  KIND,
  LIFE,
  LINK,
  LOCK,
  MAIL,
  MAP,
  MUTEX,
  NEXT,
  OBJECT,
  OBJECTS,
  OBJECTS_LOCK,
  OBJECT_NEXT,
  OK,
  ONCE,
  COND,
  COUNTED,
  CONTEXT,
  POLLED,
  Q1,
  Q2,
  QUEUE_LOCK,
  RECORD,
  RECV_LOCK,
  RECVQ,
  RESULT,
  RETIRED,
  RING,
  RING_HEAD,
  RING_SIZE,
  RING_TAIL,
  RUNNING,
  RUNNING_LOCK,
  RWMUTEX,
  SEMAPHORE,
  SEEKERS,
  SEEKING,
  SENDQ,
  SENDS,
  SPINNING,
  STARTING,
  STATE,
  STRIPE,
  STRIPE_COUNT,
  STRIPES,
  SUBMITTER,
  SYNC_WAITER,
  TAG,
  TASK_FLAGS,
  TASK_NEXT,
  TASK_RESULT,
  TASKS,
  THREAD,
  THREAD_LIMIT,
  THREADS,
  TYPE,
  WAIT_GROUP,
  WAITER,
  WAITER_SIZE,
  WRITER,
} from "./layout";
import { copy, putBack, wakeAll } from "./chan";
import { signal } from "./cond";
import { taint, wakeOlder } from "./gate";
import { lock, unlock } from "./lock";
import { alloc, free as freeBlock } from "./heap";
import { enqueue, isSubmitterOf, respill } from "./task";
import { bereave, release } from "./mutex";
import { bereaveReadWrite, releaseWrite } from "./rwmutex";
import { bereaveSemaphore } from "./semaphore";
import { disown } from "./context";
import { dropOf } from "./object";
import { deliver, kick, remove } from "./waiter";

/** Marks a thread that has ended as dead. */
export function declareDead(dead: i32): void {
  const owner = THREADS + RECORD * (dead as usize);
  const was = atomic.xchg<i32>(owner + STATE, DEAD);
  if (was == BORN) atomic.sub<i32>(STARTING, 1);
  if (load<i32>(owner, COUNTED) != 0) atomic.sub<i32>(SPINNING, 1);
  store<i32>(owner, 0, COUNTED);
  if (load<i32>(owner, SEEKING) != 0) atomic.sub<i32>(SEEKERS, 1);
  store<i32>(owner, 0, SEEKING);
  atomic.add<i32>(owner + LIFE, 1);
  if (was == BLOCK) atomic.sub<i32>(BLOCKED_THREADS, 1);
  if (was != RETIRED) atomic.sub<i32>(ALIVE, 1);
}

/** Lets go of what the dead thread had; the caller has declared it dead. Its tasks fail, with the reason in place of a result. */
export function sweep(dead: i32, why: i32, code: i32): void {
  const owner = THREADS + RECORD * (dead as usize);
  free(OBJECTS_LOCK, dead);
  free(QUEUE_LOCK, dead);
  free(owner + RUNNING_LOCK, dead);
  atomic.and<i32>(IDLE + (((dead as usize) >> 5) << 2), ~(1 << (dead & 31)));

  // All locks before anything is locked: who has one of them may wait for another, as a select does.
  lock(OBJECTS_LOCK);
  for (let o = load<u32>(OBJECTS) as usize; o != 0; o = load<u32>(o, OBJECT_NEXT) as usize) {
    free(o + LOCK, dead);
    if (load<i32>(o, TYPE) == CHAN) free(o + RECV_LOCK, dead);
  }
  for (let o = load<u32>(OBJECTS) as usize; o != 0; o = load<u32>(o, OBJECT_NEXT) as usize) evict(o, dead);
  unlock(OBJECTS_LOCK);
  const limit = atomic.load<i32>(THREAD_LIMIT);
  for (let i = 0; i < limit; i++) {
    while (atomic.load<i32>(THREADS + RECORD * (i as usize) + RUNNING_LOCK) != 0); // it may be about to post a task to the dead
  }
  returnMail(owner, dead);
  lock(OBJECTS_LOCK);
  for (let o = load<u32>(OBJECTS) as usize; o != 0; o = load<u32>(o, OBJECT_NEXT) as usize) settle(o, dead);
  unlock(OBJECTS_LOCK);

  // What it had not begun goes to others.
  respill(owner);
  const tail = load<u32>(owner, RING_TAIL);
  while (true) {
    const head = atomic.load<u32>(owner + RING_HEAD);
    if (head == tail) break;
    const t = load<u32>(owner + RING + (((head & (RING_SIZE - 1)) as usize) << 2)) as usize;
    if (atomic.cmpxchg<u32>(owner + RING_HEAD, head, head + 1) == head) enqueue(t);
  }
  // What it had begun has failed.
  while (true) {
    const t = load<u32>(owner, RUNNING) as usize;
    if (t == 0) break;
    store<u32>(owner, load<u32>(t, TASK_NEXT), RUNNING);
    store<i32>(t, why | (code << 8), TASK_FLAGS);
    store<i32>(t, DIED, TASK_RESULT);
    atomic.sub<i32>(TASKS, 1);
    if (isSubmitterOf(t)) deliver(load<i32>(t, SUBMITTER), t);
    else freeBlock(t);
  }
  // It may have posted to others, or taken an idle bit, and not lived to wake them. And whoever sleeps asks anew whether all do.
  for (let i = 0; i < limit; i++) kick(i);
}

function free(word: usize, dead: i32): void {
  atomic.cmpxchg<i32>(word, dead + 1, 0);
}

/** Takes the dead thread's waiters out of an object's queues. */
function evict(o: usize, dead: i32): void {
  const type = load<i32>(o, TYPE);
  if (type == CHAN) {
    evictFrom(o, RECVQ, dead);
    evictFrom(o, SENDQ, dead);
  } else if ((type >= MUTEX && type <= SEMAPHORE) || type == ONCE) {
    evictFrom(o, Q1, dead);
    evictFrom(o, Q2, dead);
  } else if (type == MAP) {
    for (let i = 0; i < STRIPE_COUNT; i++) free(o + STRIPES + (i as usize) * STRIPE, dead);
  } else if (type == CONTEXT) {
    evictFrom(o, Q1, dead);
  }
}

function evictFrom(o: usize, queue: usize, dead: i32): void {
  lock(o + LOCK);
  let w = load<u32>(o + queue) as usize;
  let n = 0;
  for (let at = w; at != 0; ) {
    n++;
    at = load<u32>(at, NEXT) as usize;
    if (at == w) break;
  }
  while (n-- > 0) {
    const next = load<u32>(w, NEXT) as usize;
    if (load<i32>(w, THREAD) == dead) remove(o + queue, w);
    w = next;
  }
  unlock(o + LOCK);
}

/**
 * What was on its way to the dead thread: it has seen nothing of it. The newest is put back first, so that the oldest comes first
 * again. What it was given of semaphores, or to read, counts as held.
 */
function returnMail(owner: usize, dead: i32): void {
  let letter = atomic.xchg<u32>(owner + MAIL, 0) as usize;
  while (letter != 0) {
    const before = atomic.load<u32>(letter + LINK) as usize;
    if (load<u8>(letter, KIND) == WAITER) giveBack(letter);
    letter = before;
  }
  const polled = load<u32>(owner, POLLED) as usize; // it was alone when it was parked: it is the oldest
  store<u32>(owner, 0, POLLED);
  if (polled != 0 && load<i32>(polled, RESULT) != 0) giveBack(polled);
  giveBackSync(owner + SYNC_WAITER);
}

/** The waiter of the thread itself is no block: what becomes a ghost is a copy of it. */
function giveBackSync(w: usize): void {
  const result = load<i32>(w, RESULT);
  store<i32>(w, 0, RESULT);
  if (result != OK || !isReceiver(w)) return;
  const o = load<u32>(w, OBJECT) as usize;
  const ghost = alloc(WAITER_SIZE as u32);
  if (ghost == 0) return;
  copy(w + TAG, ghost + TAG);
  putBack(o, ghost);
}

/** What a posted waiter has been given. */
function giveBack(w: usize): void {
  const o = load<u32>(w, OBJECT) as usize;
  const type = load<i32>(o, TYPE);
  const result = load<i32>(w, RESULT);
  if (result == OK) {
    if (type == CHAN && isReceiver(w)) putBack(o, w);
    else if (type == COND) signal(o);
    else if (type == MUTEX || type == ONCE) release(o, load<i32>(w, AUX));
    else if (type == RWMUTEX && (load<u8>(w, FLAGS) & WRITER) != 0) releaseWrite(o, load<i32>(w, AUX));
  } else if (result == DIED) {
    taint(o);
  }
}

// @ts-ignore
@inline
function isReceiver(w: usize): bool {
  return (load<u8>(w, FLAGS) & SENDS) == 0;
}

/** What the dead thread held of an object, or had begun to do to it. */
function settle(o: usize, dead: i32): void {
  const type = load<i32>(o, TYPE);
  if (type == CHAN) {
    if (load<i32>(o, IS_CLOSED) != 0) {
      wakeAll(o, o + RECVQ);
      wakeAll(o, o + SENDQ);
    }
  } else if (type == MUTEX || type == ONCE) {
    bereave(o, dead);
  } else if (type == RWMUTEX) {
    bereaveReadWrite(o, dead);
  } else if (type == WAIT_GROUP || type == COND) {
    wakeOlder(o);
  } else if (type == SEMAPHORE) {
    bereaveSemaphore(o, dead);
  } else if (type == CONTEXT) {
    disown(o, dead);
  }
  dropOf(o, dead);
}

/** The dead thread's number may be used again. */
export function bury(dead: i32): void {
  atomic.store<i32>(THREADS + RECORD * (dead as usize) + STATE, FREE);
}
