// select: waits for the first of several operations, and does that one only.
//
// All cases are tested in one synchronous step. One of those that are ready is chosen, each with the same chance; if none is, one
// waiter stands in the queue of each case, and the first that is woken takes the others away.

import type { Cases, Selected } from "../types.js";
import { begin, type Form, join, park, parked, stand, type Waiter } from "../rt/park.js";
import { random } from "../rt/random.js";
import { passWith } from "../rt/slice.js";
import { Channel, closed, sendOnClosed, Sending } from "./channel.js";
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
 * The record's keys name the cases: a channel is a receive case, `ch.sending(v)` a send case; `undefined`, `null` and `nil` switch a
 * case off. If several are ready, each has the same chance. With no case that is on, it blocks for ever.
 * Rejects with a `GoPanic` if the chosen case sends on a closed channel, and with a `TypeError` on what is no case.
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
  let chosen: unknown;
  try {
    chosen = attempt(cases);
  } catch (error) {
    return Promise.reject(error);
  }
  return (chosen === undefined ? wait(cases) : passWith(chosen)) as Promise<Selected<C>>;
}

/**
 * select with a default: does one of the cases that can proceed now, or gives `undefined` if there is none. Never blocks.
 * Go: `select { …; default: }`.
 */
export function trySelect<const C extends Cases>(cases: C): Selected<C> | undefined {
  return attempt(cases) as Selected<C> | undefined;
}

/** Does one of the cases that are ready. */
function attempt(cases: Cases): object | undefined {
  let count = 0;
  let key = "";
  let chosen: Case | undefined;
  for (const k in cases) {
    const c = cases[k] as Case;
    if (c instanceof Channel ? c.canTake() : isReady(k, c)) {
      count++;
      if (count > 1 && random(count) !== 0) continue;
      key = k;
      chosen = c;
    }
  }
  if (chosen === undefined) {
    if (typeof cases !== "object" || cases === null) throw new TypeError(`select: expected a record of cases, got ${String(cases)}`);
    return undefined;
  }
  if (chosen instanceof Channel) {
    const value = chosen.take();
    return value === closed ? { case: key, value: undefined, ok: false } : { case: key, value, ok: true };
  }
  if (chosen.chan.give(chosen.value) === closed) throw sendOnClosed();
  return { case: key };
}

/** Whether a case that is not a receive is ready. */
function isReady(key: string, c: unknown): boolean {
  if (c instanceof Sending) return c.chan.canGive();
  if (c === undefined || c === null) return false;
  throw new TypeError(
    `select: case "${key}" must be a channel, ch.sending(value), or undefined; got ${typeof c === "object" ? "an object" : String(c)}`,
  );
}

function wait(cases: Cases): Promise<unknown> {
  const promise = begin<unknown>();
  let first: Waiter | undefined;
  for (const key in cases) {
    const c = cases[key] as Case | null | undefined;
    if (c === undefined || c === null || c === nil) continue;
    const w =
      c instanceof Sending ? stand(c.chan.sendq, send, c.value, key) : stand(c.recvq, receive, undefined, key);
    if (first === undefined) first = w;
    else join(first, w);
  }
  return first === undefined ? park(nil.recvq, never) : parked(promise, first);
}
