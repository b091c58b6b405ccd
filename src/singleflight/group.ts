// Group: one run of a function for all who want its result at the same time.
//
// Invariants: `calls` holds the run that a new caller of its key joins; a run takes itself out only if it is still that one, so that
// the end of a forgotten run does not end a newer one.

import type { RecvChan } from "../internal/types.js";
import { chan } from "../internal/chan/make.js";
import { go } from "../internal/rt/goroutine.js";
import { GoPanic } from "../internal/rt/panic.js";

/** What a caller of `do` gets: the value, and whether others got it as well. */
export interface Shared<T> {
  value: T;
  shared: boolean;
}

/** What arrives on the channel of `doChan`. */
export interface Result<T> {
  value?: T;
  err?: unknown;
  shared: boolean;
}

class Call<T> {
  readonly run: Promise<T>;
  callers = 1;

  constructor(run: Promise<T>) {
    this.run = run;
  }
}

/**
 * Suppresses duplicate work: callers that ask for a key while its function runs get that run's result. Go: `singleflight.Group`.
 *
 * ```ts
 * const flights = new singleflight.Group<User>();
 * const { value } = await flights.do(id, () => fetchUser(id));
 * ```
 */
export class Group<T> {
  readonly #calls = new Map<string, Call<T>>();

  /**
   * Runs `fn`, or joins the run for `key` that is under way. Rejects, for every caller, with the error of `fn`; a `GoPanic` of `fn` is
   * thus a panic of each caller. Go: `g.Do`.
   */
  async do(key: string, fn: () => T | Promise<T>): Promise<Shared<T>> {
    const call = this.#join(key, fn);
    const value = await call.run;
    return { value, shared: call.callers > 1 };
  }

  /** Like {@link do}; the result arrives on a channel, which is never closed. A `GoPanic` of `fn` ends the program. Go: `g.DoChan`. */
  doChan(key: string, fn: () => T | Promise<T>): RecvChan<Result<T>> {
    const ch = chan<Result<T>>(1);
    const call = this.#join(key, fn);
    call.run.then(
      (value) => ch.trySend({ value, shared: call.callers > 1 }),
      (err: unknown) => {
        if (err instanceof GoPanic) go(() => Promise.reject(err));
        else ch.trySend({ err, shared: call.callers > 1 });
      },
    );
    return ch;
  }

  /** Later callers of `key` start anew, whatever is under way. Go: `g.Forget`. */
  forget(key: string): void {
    this.#calls.delete(key);
  }

  #join(key: string, fn: () => T | Promise<T>): Call<T> {
    const found = this.#calls.get(key);
    if (found !== undefined) {
      found.callers++;
      return found;
    }
    const call = new Call<T>(run(fn));
    this.#calls.set(key, call);
    const ended = () => {
      if (this.#calls.get(key) === call) this.#calls.delete(key);
    };
    call.run.then(ended, ended);
    return call;
  }
}

/** In a promise, whether it fails at once or later. */
async function run<T>(fn: () => T | Promise<T>): Promise<T> {
  return fn();
}
