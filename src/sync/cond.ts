// Cond: waiting for a change of what a lock guards.
//
// Invariants: a waiter stands in the queue before the lock is given up, so no signal is lost; it is woken in the order
// of waiting, by a signal that came after it.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { type Form, ready, type Waiter, WaitQueue } from "../internal/rt/park.js";
import { Exclusive, type Guard } from "./guard.js";
import type { Locker } from "./locker.js";

const waiting: Form = { state: "sync.Cond.Wait", result: () => undefined };

/** What every cond does, wherever its goroutines wait. */
export abstract class Condition {
  /** The lock that guards the condition: hold it when calling {@link wait}. */
  readonly l: Locker;

  constructor(l: Locker) {
    if (typeof l?.lock !== "function" || typeof l.unlock !== "function") {
      throw new TypeError(`sync: Cond: expected a Locker, got ${String(l)}`);
    }
    this.l = l;
  }

  /**
   * Gives up the lock, waits for a signal or a broadcast, and holds the lock again. Test the condition in a loop. Go:
   * `c.Wait()`. With `ctx`: rejects with its error when it is done first; the lock is held then, too.
   */
  wait(ctx?: Cancel): Promise<void> {
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    const { l } = this;
    const woken = this.stand(ctx);
    const guard = l instanceof Exclusive ? l.holder : undefined;
    try {
      l.unlock();
    } catch (error) {
      this.withdraw();
      return Promise.reject(error);
    }
    return relock(woken, l, guard);
  }

  /** @internal Lets the goroutine wait for a signal. */
  abstract stand(ctx: Cancel | undefined): Promise<void>;
  /** @internal The one who was the last to stand gives up: it would take a signal from somebody who does wait. */
  abstract withdraw(): void;
}

/**
 * A meeting point for goroutines that wait for a condition and those that make it true. Go: `sync.Cond`.
 *
 * ```ts
 * const cond = new sync.Cond(new sync.Mutex());
 * await cond.l.lock();
 * while (queue.length === 0) await cond.wait();
 * const item = queue.shift();
 * cond.l.unlock();
 * ```
 */
export class Cond extends Condition {
  readonly #waiters = new WaitQueue();

  /** Wakes the one who has waited longest, if anybody waits. Go: `c.Signal()`. */
  signal(): void {
    const w = this.#waiters.shift();
    if (w !== undefined) ready(w, undefined);
  }

  /** Wakes all who wait. Go: `c.Broadcast()`. */
  broadcast(): void {
    for (let w; (w = this.#waiters.shift()) !== undefined;) ready(w, undefined);
  }

  /** @internal */
  stand(ctx: Cancel | undefined): Promise<void> {
    return wait<void>(this.#waiters, waiting, undefined, ctx);
  }

  /** @internal */
  withdraw(): void {
    const w = this.#waiters.head?.prev as Waiter;
    this.#waiters.remove(w);
    ready(w, undefined);
  }
}

/**
 * The guard that held the lock before holds it afterwards, so that it can still be disposed. If who held the lock meanwhile has
 * died, that is the end of the wait, but not before the lock is held.
 */
async function relock(woken: Promise<void>, l: Locker, guard: Guard | undefined): Promise<void> {
  let failure: { error: unknown } | undefined;
  try {
    await woken;
  } catch (error) {
    failure = { error };
  }
  for (let held = false; !held;) {
    try {
      await l.lock();
      held = true;
    } catch (error) {
      if ((error as { code?: unknown } | undefined)?.code !== "ERR_OWNER_DIED") throw error;
      failure = { error };
    }
  }
  if (l instanceof Exclusive) l.holder = guard;
  if (failure !== undefined) throw failure.error;
}
