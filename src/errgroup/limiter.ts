// What Group and Collector share: goroutines that are counted, at most so many at once, and waited for.
//
// Invariants: `running` goroutines have been started and not ended, of at most `limit`; who wants to start one more waits in `starters` while
// there is no slot, and is counted as a member already, so that `wait` does not end before it.

import { wait } from "../internal/chan/cancel.js";
import { go, isExit } from "../internal/rt/goroutine.js";
import { GoPanic } from "../internal/rt/panic.js";
import { type Form, ready, WaitQueue } from "../internal/rt/park.js";
import { pass } from "../internal/rt/slice.js";
import { WaitGroup } from "../sync/waitgroup.js";

const starting: Form = { state: "errgroup.Group.Go", result: () => undefined };

export class Limiter {
  #limit = Infinity;
  #running = 0;
  readonly #starters = new WaitQueue();
  readonly #members = new WaitGroup();

  setLimit(n: number): void {
    if (!Number.isSafeInteger(n) && n !== Infinity) throw new RangeError(`errgroup: the limit must be an integer, got ${String(n)}`);
    if (this.#running > 0) {
      throw new GoPanic(
        `errgroup: modify limit while ${this.#running} goroutines in the group are still active`,
        "ERR_ERRGROUP_ACTIVE",
      );
    }
    this.#limit = n < 0 ? Infinity : n;
  }

  tryStart(f: () => unknown, failed: (error: unknown) => void): boolean {
    if (this.#running >= this.#limit) return false;
    this.#members.add(1);
    this.#start(f, failed);
    return true;
  }

  start(f: () => unknown, failed: (error: unknown) => void): Promise<void> {
    this.#members.add(1);
    if (this.#running < this.#limit) {
      this.#start(f, failed);
      return pass();
    }
    return wait(this.#starters, starting, () => this.#start(f, failed), undefined);
  }

  /** Resolves when all members have ended. */
  wait(): Promise<void> {
    return this.#members.wait();
  }

  #start(f: () => unknown, failed: (error: unknown) => void): void {
    this.#running++;
    go(async () => {
      try {
        await f();
      } catch (error) {
        if (error instanceof GoPanic) throw error;
        if (!isExit(error)) failed(error);
      }
      this.#running--;
      const next = this.#starters.shift();
      if (next !== undefined) {
        (next.value as () => void)();
        ready(next, undefined);
      }
      this.#members.done();
    });
  }
}
