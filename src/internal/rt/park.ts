// How a goroutine waits and how it is woken: every blocking operation stands on this, and nothing else resolves promises.
//
// A waiter is what a blocking operation parks on (Go's sudog). A plain operation has one; a select has one a case, and an
// operation with a context has a second one on the context's done channel: those are linked by `peer` in a circle and share one
// resolver. Whoever wakes a goroutine has already done its operation for it, and hands over the result: never "wake and retry".
//
// Invariants: a waiter stands in `queue` exactly while its goroutine waits. The first of a circle that is woken takes the others
// out of their queues in the same step, so that one operation happens, once.
//
// A queue is a waiter itself, which serves every plain operation that finds it idle. So where goroutines wait one at a time, as
// on most channels, there is no waiter to make, to reach or to collect.

import { Queue } from "../ds/queue.js";
import { detail } from "./detail.js";
import { later, wake } from "./slice.js";

/** What a parked goroutine waits for: the word that a dump shows, and what its operation gives in the end. */
export interface Form {
  readonly state: string;
  /** The operation then rejects, with what `result` gives. */
  readonly rejects?: true;
  result(value: unknown, ok: boolean, waiter: Waiter): unknown;
}

/** Where a waiter stands. */
export interface Standing {
  push(waiter: Waiter): void;
  /** The waiter goes without having been woken from here: another of its circle was, or its context is done. */
  leave(waiter: Waiter): void;
}

export class Waiter {
  next: Waiter = this;
  prev: Waiter = this;
  peer: Waiter | undefined = undefined;
  resolve: ((result: never) => void) | null = captured; // null: it is idle
  queue: Standing;
  form: Form;
  value: unknown; // in transit: what a sender offers
  key: string; // of a select: the case's name

  constructor(queue: Standing, form: Form, value: unknown, key: string) {
    this.queue = queue;
    this.form = form;
    this.value = value;
    this.key = key;
  }
}

export class WaitQueue extends Queue<Waiter> implements Standing, Waiter {
  next: Waiter = this;
  prev: Waiter = this;
  peer: Waiter | undefined = undefined;
  resolve: ((result: never) => void) | null = null;
  queue: Standing = this;
  form!: Form;
  value: unknown = undefined;
  declare key: string;

  leave(waiter: Waiter): void {
    this.remove(waiter);
  }
}

/** A queue whose owner is told when somebody has left of their own accord: those behind may have waited for them. */
export class WatchedQueue extends WaitQueue {
  readonly #left: () => void;

  constructor(left: () => void) {
    super();
    this.#left = left;
  }

  override leave(waiter: Waiter): void {
    super.leave(waiter);
    this.#left();
  }
}

/** A queue that works only while somebody stands in it: `arm` as the first comes, `disarm` as the last leaves. */
export class ArmedQueue extends WaitQueue {
  readonly #arm: () => void;
  readonly #disarm: () => void;

  constructor(arm: () => void, disarm: () => void) {
    super();
    this.#arm = arm;
    this.#disarm = disarm;
  }

  override push(waiter: Waiter): void {
    const first = this.head === undefined;
    super.push(waiter);
    if (first) this.#arm();
  }

  override remove(waiter: Waiter): void {
    super.remove(waiter);
    if (this.head === undefined) this.#disarm();
  }
}

// The executor is one function for all promises and leaves the resolvers here: a closure per promise costs more. What cannot
// reject leaves one only: a reference from here to a young object has its price.
let captured: (result: never) => void;
let capturedReject: (error: never) => void;
function capture(resolve: (result: never) => void): void {
  captured = resolve;
}
function captureBoth(resolve: (result: never) => void, reject: (error: never) => void): void {
  captured = resolve;
  capturedReject = reject;
}

/** Parks the goroutine on `queue` until somebody wakes its waiter. */
export function park<R>(queue: Standing, form: Form, value?: unknown): Promise<R> {
  const promise = new Promise<R>(capture);
  const own = queue as WaitQueue; // if it is one: other queues are no waiters
  let w: Waiter = own;
  if (detail !== undefined || own.resolve !== null) w = new Waiter(queue, form, value, "");
  else {
    own.resolve = captured;
    own.form = form;
    own.value = value;
  }
  queue.push(w);
  return parked(promise, w);
}

/**
 * Begins to park a goroutine in several queues: makes its promise, which the waiters that are made from here on resolve. No
 * foreign code may run until {@link parked}: it might park, too.
 */
export function begin<R>(): Promise<R> {
  return new Promise<R>(capture);
}

/** {@link begin}, if one of the waiters is of a form that rejects. */
export function beginRejectable<R>(): Promise<R> {
  return new Promise<R>(captureBoth);
}

/** What resolves the promise that {@link begin} has just made, for who needs no waiter: there is nothing to leave or to show. */
export function resolver(): (result: never) => void {
  return captured;
}

/** Wakes the goroutine whose {@link resolver} this is, with a value or an error. */
export function settle(resolve: (result: never) => void, result: unknown, failed: boolean): void {
  wake(resolve as (result: unknown) => void, failed ? new Failure(result) : result);
}

/** Ends what {@link begin} began: gives what the goroutine awaits. `w` is any waiter of its circle. */
export function parked<R>(promise: Promise<R>, w: Waiter): Promise<R> {
  return detail === undefined ? promise : detail.park(promise, w);
}

/** Puts a waiter for the promise that was made last into a queue. */
export function stand(queue: Standing, form: Form, value: unknown): Waiter {
  const w = new Waiter(queue, form, value, "");
  if (form.rejects) w.resolve = capturedReject;
  queue.push(w);
  return w;
}

/** Puts a waiter that has been made before {@link begin} into its queue. */
export function enter(w: Waiter): void {
  w.resolve = captured;
  w.queue.push(w);
}

/** Puts a waiter that wakes nobody into a queue: its form's `result` is called when its turn comes, and that is all. */
export function lookout(queue: Standing, form: Form, value: unknown): Waiter {
  const w = new Waiter(queue, form, value, "");
  w.resolve = () => {};
  queue.push(w);
  return w;
}

/** Puts waiter `b` into the circle of waiter `a`. */
export function join(a: Waiter, b: Waiter): void {
  b.peer = a.peer ?? a;
  a.peer = b;
}

/** Wakes the goroutine of a waiter that has just left its queue; `result` is what its operation gives. */
export function ready(w: Waiter, result: unknown): void {
  wake(leave(w), result);
}

/** {@link ready}, for a value that its operation receives, or the end of the channel. */
export function deliver(w: Waiter, value: unknown, ok: boolean): void {
  ready(w, w.form.result(value, ok, w));
}

/**
 * {@link deliver}, a step later: whoever delivers gets ahead of the one who is woken. On a buffered channel the two would
 * otherwise go in lockstep, with an empty or a full buffer, and one of them would park for every value.
 */
export function deliverLater(w: Waiter, value: unknown, ok: boolean): void {
  const result = w.form.result(value, ok, w);
  later(leave(w), result);
}

/** {@link ready}, with an error; which takes a little longer to arrive than a value. */
export function fail(w: Waiter, error: unknown): void {
  ready(w, new Failure(error));
}

/** A result that makes the operation reject. Not a rejected promise: while it stands in line, that would count as unhandled. */
class Failure {
  readonly #error: unknown;

  constructor(error: unknown) {
    this.#error = error;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- this is how a promise is resolved to a rejection
  then(_resolve: unknown, reject: (error: unknown) => void): void {
    reject(this.#error);
  }
}

/** Gives a parked goroutine a new promise to wait on; and the way to resolve the one that it has waited on so far. */
export function reissue(w: Waiter): [promise: Promise<unknown>, resolveOld: (result: unknown) => void] {
  const old = w.resolve as (result: unknown) => void;
  const promise = new Promise<unknown>(captureBoth);
  let each: Waiter | undefined = w;
  do {
    each.resolve = each.form.rejects ? capturedReject : captured;
    each = each.peer;
  } while (each !== undefined && each !== w);
  return [promise, old];
}

/** Takes the other waiters of the circle out of their queues. Gives what resolves the promise of all. */
function leave(w: Waiter): (result: unknown) => void {
  const { resolve, peer } = w;
  w.resolve = w.value = null;
  if (peer !== undefined) {
    w.peer = undefined;
    for (let other = peer; other !== w;) {
      const next = other.peer as Waiter;
      other.queue.leave(other);
      other.resolve = null;
      other = next;
    }
  }
  return resolve as (result: unknown) => void;
}
