// Once, onceFunc, onceValue: something happens one time only.

import { wait } from "../internal/chan/cancel.js";
import { GoPanic } from "../internal/rt/panic.js";
import { type Form, ready, WaitQueue } from "../internal/rt/park.js";
import { pass } from "../internal/rt/slice.js";

const waiting: Form = { state: "sync.Once.Do", result: () => undefined };

/**
 * Runs a function once, however many call. Go: `sync.Once`.
 *
 * ```ts
 * const once = new sync.Once();
 * await once.do(connect);
 * ```
 */
export class Once {
  #state: "new" | "running" | "done" = "new";
  readonly #waiters = new WaitQueue();

  /**
   * The first call runs `fn`; every other one waits until that run has ended, and runs nothing. If `fn` fails, the
   * first call rejects with its error, and it counts as done. Go: `once.Do(f)`.
   */
  do(fn: () => unknown): Promise<void> {
    if (this.#state === "done") return pass();
    if (this.#state === "running") return wait(this.#waiters, waiting);
    this.#state = "running";
    return this.#run(fn);
  }

  async #run(fn: () => unknown): Promise<void> {
    try {
      await fn();
    } finally {
      this.#state = "done";
      for (let w; (w = this.#waiters.shift()) !== undefined;) ready(w, undefined);
    }
  }
}

/** A function that calls `f` the first time, and gives or throws the same every time. Go: `sync.OnceValue`. */
export function onceValue<T>(f: () => T): () => T {
  let make: (() => T) | undefined = f;
  let outcome: { value: T } | { error: unknown } | undefined;
  return () => {
    if (make !== undefined) {
      const first = make;
      make = undefined; // whatever it holds on to can go
      try {
        outcome = { value: first() };
      } catch (error) {
        outcome = { error };
      }
    }
    if (outcome === undefined) {
      throw new GoPanic("sync: a once function needs its own result", "ERR_ONCE_WITHIN_ITSELF");
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };
}

/** A function that calls `f` the first time only, and throws the same every time if `f` does. Go: `sync.OnceFunc`. */
export function onceFunc(f: () => void): () => void {
  return onceValue(f);
}
