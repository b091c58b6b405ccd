// WaitGroup: waits for a number of goroutines to end.
//
// Invariants: goroutines wait only while the counter is above 0; all of them are woken in the step that makes it 0.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { go, isExit, spawn } from "../internal/rt/goroutine.js";
import { GoPanic } from "../internal/rt/panic.js";
import { type Form, ready, WaitQueue } from "../internal/rt/park.js";
import { pass } from "../internal/rt/slice.js";

const waiting: Form = { state: "sync.WaitGroup.Wait", result: () => undefined };

/** What every wait group does, wherever it counts. */
export abstract class Group {
  abstract add(n: number): void;
  abstract wait(ctx?: Cancel): Promise<void>;

  /** Takes 1 from the counter. */
  done(): void {
    this.add(-1);
  }

  /**
   * Starts `fn(...args)` as a goroutine that counts from now until it ends; a task (see gort/parallel), on any thread. It must
   * not fail: that is a panic. Go: `wg.Go`.
   */
  go<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): void {
    if (typeof fn !== "function") throw new TypeError(`sync: WaitGroup.go: expected a function, got ${typeof fn}`);
    const call = spawn in fn ? (fn as unknown as { run: typeof fn }).run : fn;
    this.add(1);
    go(async () => {
      try {
        await call(...args);
      } catch (error) {
        if (!isExit(error)) throw error; // the end of the program: nobody shall go on before that
      }
      this.done();
    });
  }
}

/**
 * Waits for a collection of goroutines to finish. Go: `sync.WaitGroup`.
 *
 * ```ts
 * const wg = new sync.WaitGroup();
 * for (const url of urls) wg.go(fetchPage, url);
 * await wg.wait();
 * ```
 */
export class WaitGroup extends Group {
  #count = 0;
  readonly #waiters = new WaitQueue();

  /** Adds `n`, which may be negative, to the counter; at 0 everybody who waits goes on. Below 0: a `GoPanic`. */
  add(n: number): void {
    if (!Number.isSafeInteger(n)) throw new RangeError(`sync: WaitGroup.add: expected an integer, got ${String(n)}`);
    const count = this.#count + n;
    if (count < 0) throw negative();
    this.#count = count;
    if (count > 0) return;
    for (let w; (w = this.#waiters.shift()) !== undefined;) ready(w, undefined);
  }

  /** Waits until the counter is 0. With `ctx`: rejects with its error when it is done first. */
  wait(ctx?: Cancel): Promise<void> {
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    return this.#count === 0 ? pass() : wait(this.#waiters, waiting, undefined, ctx);
  }
}

export function negative(): GoPanic {
  return new GoPanic("sync: negative WaitGroup counter", "ERR_NEGATIVE_WAIT_GROUP_COUNTER");
}
