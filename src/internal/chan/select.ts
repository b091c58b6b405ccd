// select: waits for the first of several operations, and does that one only.
//
// The record is read once. All cases are tested in one synchronous step. One of those that are ready is chosen, each with the
// same chance; if none is, one waiter stands in the queue of each case, and the first that is woken takes the others away.

import type { Cases, Selected } from "../types.js";
import { begin, enter, type Form, park, parked, Waiter } from "../rt/park.js";
import { random } from "../rt/random.js";
import { passWith } from "../rt/slice.js";
import { blocked, Channel, closed, sendOnClosed, Sending } from "./channel.js";
import { nil } from "./nil.js";

const receive: Form = {
  state: "select",
  result: (value, ok, waiter) => ({ case: waiter.key, value, ok }),
};
const send: Form = { state: "select", result: (_value, _ok, waiter) => ({ case: waiter.key }) };
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
  let waiters: Waiter | undefined; // one for each case that is not ready, linked by peer
  for (const key in cases) {
    const c = cases[key] as Case | null | undefined;
    if (c === undefined || c === null || c === nil) continue;
    const receives = c instanceof Channel;
    if (!receives && !(c instanceof Sending)) throw notACase(key, c);
    if (isReady(c)) {
      ready++;
      if (ready > 1 && random(ready) !== 0) continue;
      chosen = c;
      chosenKey = key;
    } else if (parks && ready === 0) {
      const w = receives ? new Waiter(c.recvq, receive, c, key) : new Waiter(c.chan.sendq, send, c, key);
      w.peer = waiters;
      waiters = w;
    }
  }
  if (chosen !== undefined) return parks ? passWith(commit(chosenKey, chosen)) : commit(chosenKey, chosen);
  if (!parks) return undefined;
  return waiters === undefined ? park(nil.recvq, never) : parkAll(waiters);
}

function isReady(c: Case): boolean {
  return c instanceof Channel ? c.canTake() : c.chan.canGive();
}

/** Does the operation of a case that is ready. */
function commit(key: string, c: Case): object {
  if (c instanceof Channel) {
    const value = c.take();
    if (value === blocked) throw undone(key);
    return value === closed ? { case: key, value: undefined, ok: false } : { case: key, value, ok: true };
  }
  const done = c.chan.give(c.value);
  if (done === closed) throw sendOnClosed();
  if (done === blocked) throw undone(key);
  return { case: key };
}

/** Parks on a list of waiters, each with its case for a value; the list becomes a circle. */
function parkAll(first: Waiter): Promise<unknown> {
  for (let w: Waiter | undefined = first; w !== undefined; w = w.peer) {
    const c = w.value as Case;
    if (isReady(c)) return passWith(commit(w.key, c)); // a getter of the record has made it so, after it was judged
    w.value = c instanceof Channel ? undefined : c.value;
  }
  const promise = begin<unknown>();
  let last = first;
  for (; ; last = last.peer) {
    enter(last);
    if (last.peer === undefined) break;
  }
  if (last !== first) last.peer = first;
  return parked(promise, first);
}

function undone(key: string): TypeError {
  return new TypeError(
    `select: a getter of the record has changed the channel of case "${key}", which was read before`,
  );
}

function notACase(key: string, c: unknown): TypeError {
  const kind = typeof c === "object" ? "an object" : typeof c;
  const got = c instanceof Promise ? "a promise" : kind;
  return new TypeError(`select: case "${key}" must be a channel, ch.sending(value) or undefined; got ${got}`);
}
