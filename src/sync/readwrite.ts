// A lock that can be held in two ways, to read and to write: what follows from the operations.

import type { Cancel } from "../internal/types.js";
import { Exclusive } from "./guard.js";
import { holding, type Locker } from "./locker.js";

/** A lock that any number of readers or one writer holds. */
export abstract class ReadWrite extends Exclusive {
  abstract rlock(ctx?: Cancel): Promise<Disposable>;
  abstract runlock(): void;

  /** A locker whose lock is the read lock. Go: `rw.RLocker()`. */
  rlocker(): Locker {
    return new ReadLocker(this);
  }

  /** Runs `fn` while holding the lock for reading. */
  withRead<R>(fn: () => R | Promise<R>, ctx?: Cancel): Promise<R> {
    return holding(this.rlock(ctx), fn);
  }
}

/** The read lock of a lock. */
export class ReadLocker implements Locker {
  readonly of: ReadWrite;

  constructor(of: ReadWrite) {
    this.of = of;
  }

  lock(ctx?: Cancel): Promise<Disposable> {
    return this.of.rlock(ctx);
  }

  unlock(): void {
    this.of.runlock();
  }
}
