// What a lock gives to the one who holds it.

import type { Cancel } from "../internal/types.js";
import { GoPanic } from "../internal/rt/panic.js";
import { holding } from "./locker.js";

/** What a {@link Guard} gives back to. */
export interface Guarded {
  /** The guard is given up. False if it was not this guard's to give up any more. */
  release(guard: Guard): boolean;
}

/** A lock that is held: disposing gives it up, once. */
export class Guard implements Disposable {
  #of: Guarded | undefined;

  static {
    // oxlint-disable-next-line unicorn/no-thenable -- promises look for it, and in vain takes longer
    Object.defineProperty(this.prototype, "then", { value: undefined });
  }

  constructor(of: Guarded) {
    this.#of = of;
  }

  [Symbol.dispose](): void {
    const of = this.#of;
    this.#of = undefined;
    if (of === undefined || of.release(this)) return;
    throw new GoPanic("sync: guard disposed after an explicit unlock", "ERR_GUARD_AFTER_UNLOCK");
  }
}

/** A lock with one holder at a time, and a guard for that. */
export abstract class Exclusive {
  /** @internal The guard that holds the lock. */
  holder: Guard | undefined = undefined;

  abstract lock(ctx?: Cancel): Promise<Disposable>;
  abstract unlock(): void;

  /** Runs `fn` while holding the lock, and gives what it gives; unlocks whatever happens. */
  with<R>(fn: () => R | Promise<R>, ctx?: Cancel): Promise<R> {
    return holding(this.lock(ctx), fn);
  }

  /** @internal */
  release(guard: Guard): boolean {
    if (this.holder !== guard) return false;
    this.unlock();
    return true;
  }
}
