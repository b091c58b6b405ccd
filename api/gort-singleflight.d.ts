// gort/singleflight: the public API. Written by "npm run api".

import type { RecvChan } from "gort";

/**
 * Suppresses duplicate work: callers that ask for a key while its function runs get that run's result. Go:
 * `singleflight.Group`.
 *
 * ```ts
 * const flights = new singleflight.Group<User>();
 * const { value } = await flights.do(id, () => fetchUser(id));
 * ```
 */
export declare class Group<T> {
  #private;
  /**
   * Runs `fn`, or joins the run for `key` that is under way. Rejects, for every caller, with what `fn` throws; a
   * `GoPanic` is thus a panic of each of them, and a `goexit` ends them all. Rejects with a `TypeError` if `key` is no
   * string or `fn` no function. Go: `g.Do`.
   */
  do(key: string, fn: () => T | Promise<T>): Promise<Shared<T>>;
  /**
   * Like {@link do}; the result arrives on a channel, which is never closed, and which nobody has to read. `fn` runs in
   * a goroutine of its own. A `GoPanic` of a run that a channel waits for ends the program, whoever else has joined it;
   * after a `goexit` nothing arrives. Go: `g.DoChan`.
   *
   * ```ts
   * const s = await select({ got: flights.doChan(id, () => fetchUser(id)), done: ctx.done() });
   * ```
   */
  doChan(key: string, fn: () => T | Promise<T>): RecvChan<Result<T>>;
  /** Later callers of `key` start anew, whatever is under way. Go: `g.Forget`. */
  forget(key: string): void;
}

/** What arrives on the channel of `doChan`: the value or the error, and whether others got it as well. */
export interface Result<T> {
  value?: T;
  err?: unknown;
  shared: boolean;
}

/** What a caller of `do` gets: the value, and whether others got it as well. */
export interface Shared<T> {
  value: T;
  shared: boolean;
}

export {};
