// Mutex: one holder at a time.
//
// Invariants: goroutines wait only while there is a holder. An unlock hands the lock to the one who has waited longest
// in the same step: nobody can barge in, and nobody wakes up in vain.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { fatal } from "../internal/rt/panic.js";
import { type Form, ready, WaitQueue } from "../internal/rt/park.js";
import { passWith } from "../internal/rt/slice.js";
import { Exclusive, Guard } from "./guard.js";
import type { Locker } from "./locker.js";

const locking: Form = { state: "sync.Mutex.Lock", result: (guard) => guard };

/**
 * A lock that one goroutine at a time holds; those who wait get it in the order of their coming. Go: `sync.Mutex`.
 *
 * Between two awaits nothing else runs, so a mutex is needed only where an `await` stands between reading and writing.
 *
 * ```ts
 * const mu = new sync.Mutex();
 * await mu.with(async () => {
 *   balance = (await load()) - amount;
 *   await store(balance);
 * });
 * ```
 */
export class Mutex extends Exclusive implements Locker {
  readonly #waiters = new WaitQueue();

  /**
   * Waits for the lock. Disposing what it gives unlocks: `using lock = await mu.lock()`. Go: `mu.Lock()`.
   * With `ctx`: rejects with its error when it is done first; the lock is then not held.
   */
  lock(ctx?: Cancel): Promise<Disposable> {
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    if (this.holder !== undefined) return wait(this.#waiters, locking, undefined, ctx);
    return passWith((this.holder = new Guard(this)));
  }

  /** Takes the lock if nobody holds it. Go: `mu.TryLock()`. */
  tryLock(): boolean {
    if (this.holder !== undefined) return false;
    this.holder = new Guard(this);
    return true;
  }

  /**
   * Hands the lock to the one who has waited longest, or frees it. Any goroutine may do so. Unlocking what is not
   * locked is fatal. Go: `mu.Unlock()`.
   */
  unlock(): void {
    if (this.holder === undefined) fatal("sync: unlock of unlocked mutex", "ERR_UNLOCK_OF_UNLOCKED_MUTEX");
    const w = this.#waiters.shift();
    this.holder = w === undefined ? undefined : new Guard(this);
    if (w !== undefined) ready(w, this.holder);
  }
}
