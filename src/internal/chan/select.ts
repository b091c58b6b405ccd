// select: waits for the first of several operations, and does that one only.
//
// All cases are read and tested in one synchronous step; anew, should a getter or another thread have changed what was seen.
// One of those that are ready is chosen, each with the same chance; if none is, one waiter stands in the queue of each case,
// and the first that is woken takes the others away.

import type { Cases, Selected } from "../types.js";
import { begin, enter, type Form, join, park, parked, Waiter } from "../rt/park.js";
import { random } from "../rt/random.js";
import { passWith } from "../rt/slice.js";
import { blocked, Channel, closed, sendOnClosed, Sending } from "./channel.js";
import { nil } from "./nil.js";

export const receive: Form = {
  state: "select",
  result: (value, ok, waiter) => ({ case: waiter.key, value, ok }),
};
export const send: Form = { state: "select", result: (_value, _ok, waiter) => ({ case: waiter.key }) };
const never: Form = { state: "select (no cases)", result: () => undefined };

type Case = Channel<unknown> | Sending;

/**
 * Waits until one of the cases can proceed, and does it. Go: `select { … }`.
 *
 * The record's keys name the cases: a channel is a receive case, `ch.sending(v)` a send case; `undefined`, `null` and `nil`
 * switch a case off. If several are ready, each has the same chance. With no case that is on, it blocks for ever. Rejects with a
 * `GoPanic` if the chosen case sends on a closed channel, and with a `TypeError` on what is no case.
 *
 * ```ts
 * const s = await select({ job: jobs, quit: ctx.done() });
 * switch (s.case) {
 *   case "quit": return;
 *   case "job": if (s.ok) await handle(s.value);
 * }
 * ```
 */
export function select<const C extends Cases>(cases: C): Promise<Selected<C>> {
  try {
    return choose(cases, true) as Promise<Selected<C>>;
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * select with a default: does one of the cases that can proceed now, or gives `undefined` if there is none. Never blocks.
 * Go: `select { …; default: }`.
 */
export function trySelect<const C extends Cases>(cases: C): Selected<C> | undefined {
  return choose(cases, false) as Selected<C> | undefined;
}

/** Does one of the cases that are ready. If there is none: parks, or gives undefined. */
function choose(cases: Cases, parks: boolean): unknown {
  if (typeof cases !== "object" || cases === null) {
    throw new TypeError(`select: expected a record of cases, got ${String(cases)}`);
  }
  let ready = 0;
  let chosen: Case | undefined;
  let chosenKey = "";
  let waiters: Waiter | undefined; // the circle of those for the cases, while none is ready
  for (const key in cases) {
    const c = cases[key] as Case | null | undefined;
    if (c === undefined || c === null || c === nil) continue;
    const receives = c instanceof Channel;
    if (!receives && !(c instanceof Sending)) return foreign(cases, parks, key, c);
    if (isReady(c)) {
      ready++;
      if (ready > 1 && random(ready) !== 0) continue;
      chosen = c;
      chosenKey = key;
    } else if (parks && ready === 0) {
      const w = receives ? new Waiter(c.recvq, receive, c, key) : new Waiter(c.chan.sendq, send, c, key);
      if (waiters === undefined) waiters = w;
      else join(waiters, w);
    }
  }
  let done: unknown;
  if (chosen !== undefined) {
    done = commit(chosenKey, chosen);
    if (done !== undefined) return parks ? passWith(done) : done;
  } else {
    if (!parks) return undefined;
    done = waiters === undefined ? park(nil.recvq, never) : parkAll(waiters);
    if (done !== undefined) return done;
  }
  return choose(cases, parks); // what was seen is no longer so
}

export function isReady(c: Case): boolean {
  return c.chan ? c.chan.canGive() : c.canTake();
}

/** Does the operation of a case that was ready; gives undefined if it is not any more. */
export function commit(key: string, c: Case): object | undefined {
  if (!c.chan) {
    const value = c.take();
    if (value === blocked) return undefined;
    return value === closed ? { case: key, value: undefined, ok: false } : { case: key, value, ok: true };
  }
  const done = c.chan.give(c.value);
  if (done === closed) throw sendOnClosed();
  if (done === blocked) return undefined;
  return { case: key };
}

/** Parks on a circle of waiters, each with its case for a value. Not if one of the cases is ready. */
function parkAll(first: Waiter): Promise<unknown> | undefined {
  let w = first;
  do {
    const c = w.value as Case;
    if (isReady(c)) return undefined;
    w.value = c.chan && c.value;
    w = w.peer ?? first;
  } while (w !== first);
  const promise = begin<unknown>();
  do {
    enter(w);
    w = w.peer ?? first;
  } while (w !== first);
  return parked(promise, first);
}

/** What to do about a record with a case that is none of ours. */
let foreign: (cases: Cases, parks: boolean, key: string, c: unknown) => unknown = notACase;

/**
 * Channels between threads have a select of their own, for records with one of them; and there it may be one that is none at
 * all.
 */
export function setForeign(chooser: (cases: Cases, parks: boolean) => unknown): void {
  foreign = chooser;
}

export function notACase(_cases: Cases, _parks: boolean, key: string, c: unknown): never {
  const kind = typeof c === "object" ? "an object" : typeof c;
  const got = c instanceof Promise ? "a promise" : kind;
  throw new TypeError(`select: case "${key}" must be a channel, ch.sending(value) or undefined; got ${got}`);
}
