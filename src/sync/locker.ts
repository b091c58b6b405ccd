// What can be locked.

import type { Cancel } from "../internal/types.js";

/** Something that one goroutine at a time can hold. Go: `sync.Locker`. */
export interface Locker {
  /** Waits for the lock; disposing what it gives unlocks. With `ctx`: rejects with its error when it is done first. */
  lock(ctx?: Cancel): Promise<Disposable>;
  /** Gives the lock up. */
  unlock(): void;
}

/** Runs `fn` between a lock and its release. */
export async function holding<R>(lock: Promise<Disposable>, fn: () => R | Promise<R>): Promise<R> {
  const guard = await lock;
  try {
    return await fn();
  } finally {
    guard[Symbol.dispose]();
  }
}
