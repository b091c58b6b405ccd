// Group: one run of a function for all who want its result at the same time.
//
// Invariants: `calls` holds the run that a new caller of its key joins; a run takes itself out only if it is still that
// one, so that the end of a forgotten run does not end a newer one. The end of a run, its leaving `calls` and the
// handing out of its result are one step: nobody can join what has ended.

import type { RecvChan, SendChan } from "../internal/types.js";
import { wait } from "../internal/chan/cancel.js";
import { chan } from "../internal/chan/make.js";
import { go, isExit } from "../internal/rt/goroutine.js";
import { GoPanic } from "../internal/rt/panic.js";
import { fail, type Form, ready, WaitQueue } from "../internal/rt/park.js";

/** What a caller of `do` gets: the value, and whether others got it as well. */
export interface Shared<T> {
  value: T;
  shared: boolean;
}

/** What arrives on the channel of `doChan`: the value or the error, and whether others got it as well. */
export interface Result<T> {
  value?: T;
  err?: unknown;
  shared: boolean;
}

const joining: Form = { state: "singleflight.Group.Do", result: (value) => value };

/** A run that has not ended, and who waits for it besides the one that runs it. */
class Call<T> {
  readonly waiters: WaitQueue = new WaitQueue();
  readonly channels: SendChan<Result<T>>[] = [];
  shared = false;
}

/**
 * Suppresses duplicate work: callers that ask for a key while its function runs get that run's result. Go:
 * `singleflight.Group`.
 *
 * ```ts
 * const flights = new singleflight.Group<User>();
 * const { value } = await flights.do(id, () => fetchUser(id));
 * ```
 */
export class Group<T> {
  readonly #calls = new Map<string, Call<T>>();

  /**
   * Runs `fn`, or joins the run for `key` that is under way. Rejects, for every caller, with what `fn` throws; a
   * `GoPanic` is thus a panic of each of them, and a `goexit` ends them all. Rejects with a `TypeError` if `key` is no
   * string or `fn` no function. Go: `g.Do`.
   */
  do(key: string, fn: () => T | Promise<T>): Promise<Shared<T>> {
    const bad = badCall("do", key, fn);
    if (bad !== undefined) return Promise.reject(bad);
    const call = this.#calls.get(key);
    if (call === undefined) return this.#run(key, this.#begin(key), fn);
    call.shared = true;
    return wait(call.waiters, joining);
  }

  /**
   * Like {@link do}; the result arrives on a channel, which is never closed, and which nobody has to read. `fn` runs in
   * a goroutine of its own. A `GoPanic` of a run that a channel waits for ends the program, whoever else has joined it;
   * after a `goexit` nothing arrives. Go: `g.DoChan`.
   *
   * ```ts
   * const s = await select({ got: flights.doChan(id, () => fetchUser(id)), done: ctx.done() });
   * ```
   */
  doChan(key: string, fn: () => T | Promise<T>): RecvChan<Result<T>> {
    const bad = badCall("doChan", key, fn);
    if (bad !== undefined) throw bad;
    const ch = chan<Result<T>>(1);
    let call = this.#calls.get(key);
    if (call === undefined) {
      const started = (call = this.#begin(key));
      go(() => this.#run(key, started, fn).catch(() => {})); // those whom it concerns have been told
    } else {
      call.shared = true;
    }
    call.channels.push(ch);
    return ch;
  }

  /** Later callers of `key` start anew, whatever is under way. Go: `g.Forget`. */
  forget(key: string): void {
    this.#calls.delete(key);
  }

  #begin(key: string): Call<T> {
    const call = new Call<T>();
    this.#calls.set(key, call);
    return call;
  }

  async #run(key: string, call: Call<T>, fn: () => T | Promise<T>): Promise<Shared<T>> {
    let result: Shared<T>;
    try {
      const value = await fn();
      result = { value, shared: call.shared };
    } catch (error) {
      this.#end(key, call);
      for (let w; (w = call.waiters.shift()) !== undefined;) fail(w, error);
      tell(call, error);
      throw error;
    }
    this.#end(key, call);
    for (let w; (w = call.waiters.shift()) !== undefined;) ready(w, { ...result });
    for (const ch of call.channels) ch.trySend({ ...result });
    return result;
  }

  #end(key: string, call: Call<T>): void {
    if (this.#calls.get(key) === call) this.#calls.delete(key);
  }
}

/** Lets the channels of a run know that it has failed. */
function tell<T>({ channels, shared }: Call<T>, err: unknown): void {
  if (channels.length === 0 || isExit(err)) return;
  if (err instanceof GoPanic) {
    go(() => Promise.reject(err)); // nobody's to catch: else they would wait for ever
    return;
  }
  for (const ch of channels) ch.trySend({ err, shared });
}

function badCall(operation: string, key: unknown, fn: unknown): TypeError | undefined {
  if (typeof key !== "string") return refused(operation, "the key must be a string", key);
  if (typeof fn !== "function") return refused(operation, "expected a function", fn);
  return undefined;
}

function refused(operation: string, wanted: string, got: unknown): TypeError {
  return new TypeError(`singleflight: ${operation}: ${wanted}, got ${typeof got}`);
}
