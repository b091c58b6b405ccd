// RWMutex: many readers or one writer.
//
// Invariants: a holder and readers exclude each other. Readers wait while a writer writes or waits, so that writers do
// not starve; when a writer is done, all readers that wait then go before the next writer, so that readers do not
// starve either. A writer waits while anybody holds the lock.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, turnAway, wait } from "../internal/chan/cancel.js";
import { fatal } from "../internal/rt/panic.js";
import { type Form, ready, WaitQueue, WatchedQueue } from "../internal/rt/park.js";
import { passWith } from "../internal/rt/slice.js";
import { Guard, type Guarded } from "./guard.js";
import type { Locker } from "./locker.js";
import { ReadWrite } from "./readwrite.js";

const reading: Form = { state: "sync.RWMutex.RLock", result: (guard) => guard };
const writing: Form = { state: "sync.RWMutex.Lock", result: (guard) => guard };
const behindWriter: Form = { state: "sync.Mutex.Lock", result: (guard) => guard };

/**
 * A lock that any number of readers or one writer holds. Go: `sync.RWMutex`.
 *
 * Once a writer waits, new readers wait behind it; a goroutine must therefore not take the read lock twice.
 *
 * ```ts
 * const mu = new sync.RWMutex();
 * const user = await mu.withRead(() => cache.get(id));
 * ```
 */
export class RWMutex extends ReadWrite implements Locker {
  #readers = 0;
  readonly #waitingReaders = new WaitQueue();
  // A writer that gives up may be all that the readers behind it were waiting for.
  readonly #waitingWriters = new WatchedQueue(() => {
    if (this.holder === undefined && this.#waitingWriters.head === undefined) this.#admitReaders();
  });
  readonly #reader: Guarded = {
    release: () => {
      if (this.#readers === 0) return false;
      this.runlock();
      return true;
    },
  };

  /** Waits for the lock, to write. Go: `rw.Lock()`. */
  lock(ctx?: Cancel): Promise<Disposable> {
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    if (this.tryLock()) return passWith(this.holder as Guard);
    const form = this.holder === undefined && this.#waitingWriters.head === undefined ? writing : behindWriter;
    return wait(this.#waitingWriters, form, undefined, ctx);
  }

  /** Takes the lock for writing if nobody holds it. Go: `rw.TryLock()`. */
  tryLock(): boolean {
    if (this.holder !== undefined || this.#readers > 0) return false;
    this.holder = new Guard(this);
    return true;
  }

  /**
   * The writer gives the lock up: to all readers that wait, or else to the next writer. Fatal if no writer holds it.
   */
  unlock(): void {
    if (this.holder === undefined) fatal("sync: Unlock of unlocked RWMutex", "ERR_UNLOCK_OF_UNLOCKED_RWMUTEX");
    this.holder = undefined;
    this.#admitReaders();
    if (this.#readers === 0) this.#admitWriter();
  }

  /** Waits for the lock, to read. Go: `rw.RLock()`. */
  rlock(ctx?: Cancel): Promise<Disposable> {
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    if (this.tryRLock()) return passWith(new Guard(this.#reader));
    return wait(this.#waitingReaders, reading, undefined, ctx);
  }

  /** Takes the lock for reading if no writer holds it or waits for it. Go: `rw.TryRLock()`. */
  tryRLock(): boolean {
    if (this.holder !== undefined || this.#waitingWriters.head !== undefined) return false;
    this.#readers++;
    return true;
  }

  /** A reader gives the lock up; the last one lets the next writer in. Fatal if no reader holds it. */
  runlock(): void {
    if (this.#readers === 0) fatal("sync: RUnlock of unlocked RWMutex", "ERR_RUNLOCK_OF_UNLOCKED_RWMUTEX");
    if (--this.#readers === 0) this.#admitWriter();
  }

  /** Lets all readers in; but nobody whose context is done, even if its wait has not been ended yet. */
  #admitReaders(): void {
    for (let w; (w = this.#waitingReaders.shift()) !== undefined;) {
      if (turnAway(w)) continue;
      this.#readers++;
      ready(w, new Guard(this.#reader));
    }
  }

  #admitWriter(): void {
    const w = this.#waitingWriters.head;
    if (w === undefined) return;
    const guard = (this.holder = new Guard(this));
    this.#waitingWriters.remove(w);
    ready(w, guard);
  }
}
