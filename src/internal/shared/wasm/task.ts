// Tasks and run queues: a ring for each processor, from which the others steal, and one list for all.
//
// A ring is Go's: its processor alone moves the tail, whoever takes moves the head, by compare-and-swap. A task that has been
// started is in the list of its thread until it ends.

import {
  ALIVE,
  ASK,
  ASKED,
  BLOCKED_THREADS,
  COUNTED,
  FREE,
  IDLE,
  KIND,
  LIFE,
  LINK,
  MAX_THREADS,
  NAME,
  NOTE,
  PARK,
  PROCESSORS,
  QUEUE_HEAD,
  QUEUE_LENGTH,
  QUEUE_LOCK,
  QUEUE_TAIL,
  RECORD,
  RING,
  RING_HEAD,
  RING_SIZE,
  RETIRED,
  RING_TAIL,
  RUN,
  RUNNING,
  RUNNING_LOCK,
  SLEEP,
  SCRATCH,
  SEEKERS,
  SEEKING,
  SPILLED,
  SPINNING,
  STARTING,
  STATE,
  SUBMITTER,
  TASK,
  TASK_AUX,
  TASK_CONTEXT,
  TASK_FLAGS,
  TASK_LIFE,
  TASK_NEXT,
  TASK_NUMBER,
  TASK_PREV,
  TASK_RESULT,
  TASK_TAG,
  TASK_THREAD,
  TASKS,
  THREAD_LIMIT,
  THREADS,
  WAITER_SIZE,
  WAKE,
} from "./layout";
import { alloc, free } from "./heap";
import { lock, me, record, unlock } from "./lock";
import { deliver, kick } from "./waiter";

/** Makes a block a task of this thread's. */
export function createTask(t: usize, name: i32, context: i32, tag: i32, aux: i32, number: f64): void {
  store<i32>(t, TASK, KIND);
  store<i32>(t, name, NAME);
  store<i32>(t, me - 1, SUBMITTER);
  store<i32>(t, 0, TASK_FLAGS);
  store<i32>(t, context, TASK_CONTEXT);
  store<i32>(t, -1, TASK_THREAD);
  store<i32>(t, tag, TASK_TAG);
  store<i32>(t, aux, TASK_AUX);
  store<f64>(t, number, TASK_NUMBER);
  store<i32>(t, 0, TASK_RESULT);
  store<i32>(t, load<i32>(record, LIFE), TASK_LIFE);
}

/** Where the ring's head was when this thread last put a task into it. */
let seen: u32 = 0;

/**
 * Hands a task to the processors: to this thread's ring, from which they steal; half of a full ring goes to the list of all. The
 * main thread has a ring as well, though it runs none.
 *
 * Tells what is to be done next: {@link wakeProcessor} (WAKE), nothing (0), or, where somebody is just taking one task after the
 * other out of the ring, to look a little later whether that goes on (ASK).
 */
export function submit(t: usize): i32 {
  atomic.add<i32>(TASKS, 1);
  put(t);
  if (atomic.load<i32>(SEEKERS) > 0) return 0;
  const head = atomic.load<u32>(record + RING_HEAD);
  if (head == seen) return WAKE;
  seen = head;
  return ASK;
}

function put(t: usize): void {
  while (true) {
    const tail = load<u32>(record, RING_TAIL);
    const head = atomic.load<u32>(record + RING_HEAD);
    if (tail - head < RING_SIZE) {
      store<u32>(slot(record, tail), t as u32);
      atomic.store<u32>(record + RING_TAIL, tail + 1);
      return;
    }
    if (spill(head, t)) return;
  }
}

/**
 * Takes half of the full ring, and puts it and `t` at the end of the list. False if others have taken of the ring meanwhile. What
 * has been taken stands in SCRATCH, and SPILLED says how many there are, until they are in the list: for the case of a death.
 */
function spill(head: u32, t: usize): bool {
  const half = RING_SIZE >> 1;
  const taken = record + SCRATCH;
  for (let i: u32 = 0; i < half; i++) store<u32>(taken + ((i as usize) << 2), load<u32>(slot(record, head + i)));
  store<u32>(taken + ((half as usize) << 2), t as u32);
  if (atomic.cmpxchg<u32>(record + RING_HEAD, head, head + half) != head) return false;
  store<u32>(record, half + 1, SPILLED);
  respill(record);
  return true;
}

/** Puts what a thread has taken from its ring into the list. */
export function respill(owner: usize): void {
  const n = load<u32>(owner, SPILLED);
  if (n == 0) return;
  const taken = owner + SCRATCH;
  const first = load<u32>(taken) as usize;
  let last = first;
  for (let i: u32 = 1; i < n; i++) {
    const next = load<u32>(taken + ((i as usize) << 2)) as usize;
    store<u32>(last, next as u32, LINK);
    last = next;
  }
  append(first, last, n as i32, owner);
}

// @ts-ignore
@inline
function slot(owner: usize, at: u32): usize {
  return owner + RING + (((at & (RING_SIZE - 1)) as usize) << 2);
}

/** Puts a task at the end of the list of all. */
export function enqueue(t: usize): void {
  append(t, t, 1, record);
}

/** Puts a chain of `n` tasks at the end of the list of all; nothing of `owner` is SPILLED then. */
function append(first: usize, end: usize, n: i32, owner: usize): void {
  store<u32>(end, 0, LINK);
  lock(QUEUE_LOCK);
  const last = load<u32>(QUEUE_TAIL) as usize;
  if (last == 0) store<u32>(QUEUE_HEAD, first as u32);
  else store<u32>(last, first as u32, LINK);
  store<u32>(QUEUE_TAIL, end as u32);
  atomic.store<i32>(QUEUE_LENGTH, load<i32>(QUEUE_LENGTH) + n);
  store<u32>(owner, 0, SPILLED);
  unlock(QUEUE_LOCK);
}

/**
 * A task for this processor: from its ring, from the list of all (a share of it), or stolen. 0 if there is none; 1 is added if
 * it has taken others along, which somebody else may run. From where a task is taken to where it is in the list of its thread
 * there is no call and no loop: a thread that dies there would take it along.
 */
export function nextTask(random: u32): usize {
  let t = fromRing();
  if (t != 0) {
    start(t);
    return t;
  }
  if (fromList()) t = fromRing();
  if (t == 0) t = steal(random);
  if (t == 0) return 0;
  start(t);
  return atomic.load<u32>(record + RING_HEAD) == load<u32>(record, RING_TAIL) ? t : t + 1;
}

function fromRing(): usize {
  while (true) {
    const head = atomic.load<u32>(record + RING_HEAD);
    if (head == load<u32>(record, RING_TAIL)) return 0;
    const t = load<u32>(slot(record, head)) as usize;
    if (atomic.cmpxchg<u32>(record + RING_HEAD, head, head + 1) == head) return t;
  }
}

/** Moves a fair share into the ring, which is empty. False if there is nothing. */
function fromList(): bool {
  if (atomic.load<i32>(QUEUE_LENGTH) == 0) return false;
  lock(QUEUE_LOCK);
  const length = load<i32>(QUEUE_LENGTH);
  let share = min(length / max(load<i32>(PROCESSORS), 1) + 1, 64);
  share = min(share, length);
  const some = share > 0;
  while (share-- > 0) {
    const t = load<u32>(QUEUE_HEAD) as usize;
    const tail = load<u32>(record, RING_TAIL);
    store<u32>(slot(record, tail), t as u32);
    const after = load<u32>(t, LINK);
    store<u32>(QUEUE_HEAD, after);
    if (after == 0) store<u32>(QUEUE_TAIL, 0);
    atomic.store<i32>(QUEUE_LENGTH, load<i32>(QUEUE_LENGTH) - 1);
    atomic.store<u32>(record + RING_TAIL, tail + 1);
  }
  unlock(QUEUE_LOCK);
  return some;
}

/** Takes half of another processor's ring, beginning with a random one. */
function steal(random: u32): usize {
  const limit = atomic.load<i32>(THREAD_LIMIT) as u32;
  for (let i: u32 = 0; i < limit; i++) {
    const victim = THREADS + RECORD * (((random + i) % limit) as usize);
    if (victim != record) {
      const t = stealFrom(victim);
      if (t != 0) return t;
    }
  }
  return 0;
}

function stealFrom(victim: usize): usize {
  while (true) {
    const head = atomic.load<u32>(victim + RING_HEAD);
    const there = atomic.load<u32>(victim + RING_TAIL) - head;
    const n = there - (there >> 1);
    if (n == 0) return 0;
    if (n > RING_SIZE >> 1) continue; // head and tail were not of one moment
    const tail = load<u32>(record, RING_TAIL);
    for (let i: u32 = 0; i < n; i++) store<u32>(slot(record, tail + i), load<u32>(slot(victim, head + i)));
    if (atomic.cmpxchg<u32>(victim + RING_HEAD, head, head + n) == head) {
      atomic.store<u32>(record + RING_TAIL, tail + n - 1); // the last is taken at once
      return load<u32>(slot(record, tail + n - 1)) as usize;
    }
  }
}

/** How many tasks wait, as far as can be seen in passing. */
export function waiting(): i32 {
  let n = atomic.load<i32>(QUEUE_LENGTH);
  const limit = atomic.load<i32>(THREAD_LIMIT);
  for (let i = 0; i < limit; i++) n += ringLength(i);
  return n;
}

export function ringLength(i: i32): i32 {
  const owner = THREADS + RECORD * (i as usize);
  const head = atomic.load<u32>(owner + RING_HEAD); // before the tail: rather one too many than one that hides another
  return (atomic.load<u32>(owner + RING_TAIL) - head) as i32;
}

// @ts-ignore
@inline
function start(t: usize): void {
  store<i32>(t, me - 1, TASK_THREAD);
  lock(record + RUNNING_LOCK);
  const first = load<u32>(record, RUNNING) as usize;
  store<u32>(t, first as u32, TASK_NEXT);
  store<u32>(t, 0, TASK_PREV);
  if (first != 0) store<u32>(first, t as u32, TASK_PREV);
  store<u32>(record, t as u32, RUNNING);
  unlock(record + RUNNING_LOCK);
}

/**
 * A task of this thread has ended, with this result: back to its submitter. False if that has died: then the task is the
 * caller's. The sweep of the submitter waits until nobody is between the two looks at its life and into its mailbox.
 */
export function finish(t: usize, result: i32, tag: i32, aux: i32, number: f64): bool {
  const to = load<i32>(t, SUBMITTER);
  store<i32>(t, tag, TASK_TAG);
  store<i32>(t, aux, TASK_AUX);
  store<f64>(t, number, TASK_NUMBER);
  store<i32>(t, result, TASK_RESULT);
  lock(record + RUNNING_LOCK);
  const next = load<u32>(t, TASK_NEXT) as usize;
  const prev = load<u32>(t, TASK_PREV) as usize;
  if (next != 0) store<u32>(next, prev as u32, TASK_PREV);
  if (prev != 0) store<u32>(prev, next as u32, TASK_NEXT);
  else store<u32>(record, next as u32, RUNNING);
  const lives = isSubmitterOf(t);
  if (lives) deliver(to, t);
  unlock(record + RUNNING_LOCK);
  atomic.sub<i32>(TASKS, 1);
  if (lives) kick(to);
  return lives;
}

/** Whether the thread with the submitter's number is still the one that has submitted the task. */
// @ts-ignore
@inline
export function isSubmitterOf(t: usize): bool {
  const submitter = THREADS + RECORD * (load<i32>(t, SUBMITTER) as usize);
  return atomic.load<i32>(submitter + LIFE) == load<i32>(t, TASK_LIFE);
}

// Processors that have nothing to do.

/** This processor has nothing to run, or has again. */
export function idle(is: bool): void {
  const word = IDLE + ((((me - 1) as usize) >> 5) << 2);
  const bit = 1 << ((me - 1) & 31);
  if (is) atomic.or<i32>(word, bit);
  else atomic.and<i32>(word, ~bit);
}

/** Counts this processor among those that seek, or no more. */
export function seek(does: bool): void {
  if ((load<i32>(record, SEEKING) != 0) == does) return;
  store<i32>(record, does ? 1 : 0, SEEKING);
  if (does) atomic.add<i32>(SEEKERS, 1);
  else atomic.sub<i32>(SEEKERS, 1);
}

/** Wakes a processor that has nothing to run, unless one is awake. False if there is none. */
export function wakeProcessor(): bool {
  if (atomic.load<i32>(SEEKERS) > 0) return true;
  for (let i: usize = 0; i < 4; i++) {
    const word = IDLE + (i << 2);
    for (let bits = atomic.load<i32>(word); bits != 0; bits = atomic.load<i32>(word)) {
      const bit = ctz<i32>(bits);
      if ((atomic.and<i32>(word, ~(1 << bit)) & (1 << bit)) == 0) return true; // somebody else has just woken it
      if (kick((i as i32) * 32 + bit)) return true; // if not, it is awake, or blocked
    }
  }
  return false;
}

/** Counts this thread among those that look out without sleeping, if there are not too many of them. */
export function spin(most: i32): bool {
  if (atomic.add<i32>(SPINNING, 1) < most) {
    store<i32>(record, 1, COUNTED);
    return true;
  }
  atomic.sub<i32>(SPINNING, 1);
  return false;
}

export function spun(): void {
  store<i32>(record, 0, COUNTED);
  atomic.sub<i32>(SPINNING, 1);
}

/** How many processors there may be: those that are blocked do not count. */
export function wanted(): i32 {
  return atomic.load<i32>(PROCESSORS) + atomic.load<i32>(BLOCKED_THREADS);
}

/** Whether this processor is one too many: those with lower numbers are enough. So they never all take themselves for that. */
export function surplus(): bool {
  if (atomic.load<i32>(ALIVE) <= wanted()) return false;
  let before = 0;
  for (let i = 1; i < me - 1; i++) {
    const state = stateOf(i);
    if (state == RUN || state == PARK || state == SLEEP) before++;
  }
  return before >= atomic.load<i32>(PROCESSORS);
}

/**
 * This processor, which sleeps and has nothing of its own, ends: if it is one too many, or in any case. False if somebody is
 * about to wake it. Its number is free when the main thread has seen it end.
 */
export function retire(inAnyCase: bool): bool {
  const word = IDLE + ((((me - 1) as usize) >> 5) << 2);
  const bit = 1 << ((me - 1) & 31);
  while (true) {
    const alive = atomic.load<i32>(ALIVE);
    if (!inAnyCase && alive <= wanted()) return false;
    if (atomic.cmpxchg<i32>(ALIVE, alive, alive - 1) == alive) break;
  }
  if ((atomic.and<i32>(word, ~bit) & bit) == 0) {
    atomic.add<i32>(ALIVE, 1);
    return false;
  }
  atomic.store<i32>(record + STATE, RETIRED);
  return true;
}

/** Asks the main thread for another processor, unless somebody already has. */
export function askForProcessor(): void {
  if (atomic.load<i32>(ALIVE) >= wanted() || atomic.load<i32>(STARTING) != 0) return;
  const note = alloc(WAITER_SIZE as u32);
  if (note == 0) return;
  store<i32>(note, NOTE, KIND);
  if (atomic.cmpxchg<i32>(ASKED, 0, 1) != 0) {
    free(note);
    return;
  }
  deliver(0, note);
  kick(0);
}

// Threads.

/** A number for a new thread, which is in this state; -1 if all are taken. */
export function claimThread(state: i32): i32 {
  for (let i = 0; i < MAX_THREADS; i++) {
    const word = THREADS + RECORD * (i as usize) + STATE;
    if (atomic.load<i32>(word) == FREE && atomic.cmpxchg<i32>(word, FREE, state) == FREE) {
      while (true) {
        const limit = atomic.load<i32>(THREAD_LIMIT);
        if (limit > i || atomic.cmpxchg<i32>(THREAD_LIMIT, limit, i + 1) == limit) return i;
      }
    }
  }
  return -1;
}

/** This processor has started. */
export function begin(): void {
  atomic.store<i32>(record + STATE, RUN);
  atomic.sub<i32>(STARTING, 1);
}

export function stateOf(i: i32): i32 {
  return atomic.load<i32>(THREADS + RECORD * (i as usize) + STATE);
}
