// How a wait ends with a context or an AbortSignal: both are a queue that is woken once, when they are done.
//
// A context has that queue in its done channel. A signal gets one here, with one listener for all who wait on it, there only
// while somebody waits: adding a listener to a signal costs time in proportion to those it has.

import type { Cancel, RecvChan } from "../types.js";
import { nowhere } from "./nowhere.js";
import {
  ArmedQueue,
  beginRejectable,
  deliver,
  fail,
  type Form,
  join,
  lookout,
  park,
  parked,
  stand,
  type Standing,
  Waiter,
  WaitQueue,
} from "../rt/park.js";

const canceled: Form = {
  state: "",
  rejects: true,
  result: (_value, _ok, waiter) => reason(waiter.value as Cancel),
};

/** Parks on `queue`, until woken or until `ctx` is done. */
export function wait<R>(queue: Standing, form: Form, value?: unknown, ctx?: Cancel): Promise<R> {
  const done = ctx === undefined ? nowhere : doneQueue(ctx); // before begin: it may run code of others, which may park
  if (done === nowhere) return park(queue, form, value);
  const promise = beginRejectable<R>();
  const w = new Waiter(queue, form, value, "");
  join(w, stand(done, canceled, ctx));
  queue.push(w); // at the end: a queue that other threads share may find that it is w's turn
  return parked(promise, w);
}

/** A rejected promise if `ctx` is done: then the operation must not happen. */
export function reasonToStop(ctx: Cancel): Promise<never> | undefined {
  if (isSignal(ctx)) return ctx.aborted ? Promise.reject(ctx.reason) : undefined;
  if (typeof ctx?.err !== "function" || typeof ctx.done !== "function") {
    return Promise.reject(new TypeError(`ctx must be a Context or an AbortSignal, got ${String(ctx)}`));
  }
  const err = ctx.err();
  return err === undefined ? undefined : Promise.reject(err);
}

/**
 * Ends the wait of `w`, which {@link wait} began and which has just left its queue, if its context is done, though the
 * news has not come round to it yet; tells whether it did. Whoever lets somebody in asks, where that may come of the
 * same cancel.
 */
export function turnAway(w: Waiter): boolean {
  const ctx = w.peer?.value as Cancel | undefined; // of what stands in the done queue
  if (ctx === undefined || !(isSignal(ctx) ? ctx.aborted : ctx.err() !== undefined)) return false;
  fail(w, reason(ctx));
  return true;
}

function isSignal(ctx: Cancel): ctx is AbortSignal {
  return typeof (ctx as AbortSignal | null)?.aborted === "boolean";
}

function reason(ctx: Cancel): unknown {
  return isSignal(ctx) ? ctx.reason : ctx.err();
}

function doneQueue(ctx: Cancel): Standing {
  if (isSignal(ctx)) return signalQueue(ctx);
  const done = ctx.done();
  return (done as { recvq?: Standing }).recvq ?? foreignQueue(done);
}

const queues = new WeakMap<object, WaitQueue>();

function signalQueue(signal: AbortSignal): Standing {
  let queue = queues.get(signal);
  if (queue === undefined) {
    const fire = () => wakeAll(queue as WaitQueue);
    queue = new ArmedQueue(
      () => signal.addEventListener("abort", fire),
      () => signal.removeEventListener("abort", fire),
    );
    queues.set(signal, queue);
  }
  return queue;
}

const callback: Form = { state: "", result: (_value, _ok, waiter) => (waiter.value as () => void)() };

/** Calls `f`, synchronously, when the signal aborts; gives the way to give up. The signal must not have aborted. */
export function onAbort(signal: AbortSignal, f: () => void): () => void {
  const queue = signalQueue(signal);
  let left = false;
  const w = lookout(queue, callback, () => {
    left = true;
    f();
  });
  return () => {
    if (!left) queue.leave(w);
    left = true;
  };
}

/** A done channel that is not of our making: one receive on it, for all who wait. */
function foreignQueue(done: RecvChan<never>): Standing {
  let queue = queues.get(done);
  if (queue === undefined) {
    queue = new WaitQueue();
    queues.set(done, queue);
    void done.recv().then(() => wakeAll(queue as WaitQueue));
  }
  return queue;
}

function wakeAll(queue: WaitQueue): void {
  for (let w; (w = queue.shift()) !== undefined;) deliver(w, undefined, false);
}
