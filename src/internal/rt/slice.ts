// When a goroutine runs on: at once, as a microtask, while its thread's slice lasts; after the host has had the thread,
// otherwise.
//
// Promise continuations are microtasks, and microtasks starve timers and sockets for as long as they make new ones. So whatever
// sets a goroutine going is counted here, and the clock is read at least once a millisecond; after 10 ms the slice is over, and
// all that wakes up stands in `line` until the host has had a turn.
//
// Invariants: `line` holds pairs (call, argument); while it is not empty exactly one drain is due. While `queued`, from
// the end of a slice to the host's turn, `budget` is 0 and every wake-up joins the line. With a scheduler in place
// `budget` stays 0 and every wake-up goes to the scheduler.

import { Ring } from "../ds/ring.js";
import { macrotask, now } from "../host/host.js";

/** Decides the order in which goroutines run: makes each call that it is given, once, when that goroutine's turn comes. */
export interface Scheduler {
  wake(call: (arg: unknown) => void, arg: unknown): void;
}

/** One resolved promise for every operation that had not to wait and has no value. */
export const resolved: Promise<void> = Promise.resolve();

const sliceMs = 10;
const batch = 4096;

let budget = 0; // operations until the next look at the clock
let stride = 16; // how many that is: adapted to take a millisecond at most, and small enough for work that suddenly grows
let looked = 0; // when the clock was last read
let began = 0; // when the host last had the thread, as far as we know
let queued = false;
let due = false;
let halted = false;
let scheduler: Scheduler | undefined;

type Call = (arg: unknown) => void;
const line = new Ring<unknown>();

/** Lets a goroutine run on: calls `call(arg)`, which resolves what it waits for, now or when its turn comes. */
export function wake<T>(call: (arg: T) => void, arg: T): void {
  if (--budget >= 0) call(arg);
  else wakeSlowly(call, arg);
}

/** Starts a goroutine: like {@link wake}, but never within the call. */
export function later<T>(call: (arg: T) => void, arg: T): void {
  if (--budget < 0) lasts();
  join(call as Call, arg);
}

/** What an operation without a value gives when it did not wait: still a scheduling point. */
export function pass(): Promise<void> {
  return --budget >= 0 ? resolved : passSlowly();
}

/** What an operation with a value gives when it did not wait. */
export function passWith<T>(value: T): Promise<T> {
  return --budget >= 0 ? Promise.resolve(value) : passWithSlowly(value);
}

// Out of line, or they would be inlined into every operation.

function wakeSlowly<T>(call: (arg: T) => void, arg: T): void {
  if (lasts()) call(arg);
  else join(call as Call, arg);
}

function passSlowly(): Promise<void> {
  return lasts() ? resolved : new Promise<void>((go) => join(go as Call, undefined));
}

function passWithSlowly<T>(value: T): Promise<T> {
  return lasts() ? Promise.resolve(value) : new Promise((go) => join(go as Call, value));
}

/** How many goroutines stand in line for the thread. */
export function runnable(): number {
  return line.length / 2;
}

/** The host has just had the thread. */
export function newSlice(): void {
  began = now();
}

/** Puts a scheduler behind every wake-up; gives the way back. */
export function setScheduler(next: Scheduler): () => void {
  const before = scheduler;
  scheduler = next;
  budget = 0;
  return () => {
    scheduler = before;
  };
}

/** No goroutine runs any more: the program is ending. */
export function halt(): void {
  halted = queued = true;
  budget = 0;
}

/** The budget is used up. Gives a new one if the slice lasts. */
function lasts(): boolean {
  budget = 0;
  if (queued || scheduler !== undefined) return false;
  const t = now();
  const took = t - looked;
  looked = t;
  if (took < 0.5) stride = Math.min(stride * 2, 64);
  else if (took > 2) stride = Math.max(stride >> 2, 1);
  queued = t - began >= sliceMs;
  if (!queued) budget = stride;
  return !queued;
}

function join(call: Call, arg: unknown): void {
  if (halted) return;
  if (scheduler !== undefined) {
    scheduler.wake(call, arg);
    return;
  }
  line.push(call);
  line.push(arg);
  if (due) return;
  due = true;
  if (queued) macrotask(turn);
  else void resolved.then(drain);
}

/** The host has had its turn. */
function turn(): void {
  began = looked = now();
  queued = false;
  budget = scheduler === undefined ? stride : 0;
  drain();
}

/**
 * Sets the first of the line going. It is a batch, so that these can run before the rest is set going, in this slice or
 * in the next; and a large one, so that a thousand busy goroutines leave the line at once, and not one by one through
 * every slice.
 */
function drain(): void {
  if (halted) return;
  let over = queued;
  for (let i = 1; !over && i <= batch && line.length > 0; i++) {
    (line.shift() as Call)(line.shift());
    over = i % 64 === 0 && now() - began >= sliceMs; // a goroutine that starts may take its time
  }
  if (line.length === 0) {
    due = false;
  } else if (over) {
    queued = true;
    budget = 0;
    macrotask(turn);
  } else {
    void resolved.then(drain);
  }
}
