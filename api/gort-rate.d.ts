// gort/rate: the public API. Written by "npm run api".

import type { Cancel } from "gort";

/**
 * Lets events happen at `limit` a second on average, and at most `burst` at once. Go: `rate.Limiter`.
 *
 * `allow` drops what comes too fast, `reserve` tells how long to wait, `wait` waits. The methods that take a time are
 * for times of your own making, such as those in a log; do not mix them with those that look at the clock.
 *
 * ```ts
 * const limiter = new rate.Limiter(10, 3); // ten a second, three at once
 * await limiter.wait(ctx);
 * ```
 */
export declare class Limiter {
  #private;
  /**
   * Throws a `RangeError` unless `limit` is a number >= 0 and `burst` an integer >= 0. The bucket begins full. Go:
   * `rate.NewLimiter`.
   */
  constructor(limit: number, burst: number);
  /** Events a second. Go: `lim.Limit()`. */
  limit(): number;
  /** How many events may happen at once. Go: `lim.Burst()`. */
  burst(): number;
  /** How many tokens there are now; negative if some have been reserved ahead. Go: `lim.Tokens()`. */
  tokens(): number;
  /** How many tokens there will be at `at`. Go: `lim.TokensAt`. */
  tokensAt(at: Time): number;
  /** Changes the limit from now on; what is reserved keeps its time. Go: `lim.SetLimit`. */
  setLimit(limit: number): void;
  /** {@link setLimit}, as from `at`. Go: `lim.SetLimitAt`. */
  setLimitAt(at: Time, limit: number): void;
  /** Changes the burst from now on; what is reserved keeps its time. Go: `lim.SetBurst`. */
  setBurst(burst: number): void;
  /** {@link setBurst}, as from `at`. Go: `lim.SetBurstAt`. */
  setBurstAt(at: Time, burst: number): void;
  /** Whether an event may happen now; takes a token if it may. Go: `lim.Allow()`. */
  allow(): boolean;
  /** Whether `n` events may happen at `at`; takes `n` tokens if they may. Go: `lim.AllowN`. */
  allowN(at: Time, n: number): boolean;
  /**
   * Takes a token, from the future if need be, and tells how long to wait before the event. Go: `lim.Reserve()`.
   *
   * ```ts
   * const r = limiter.reserve();
   * if (r.ok) await time.sleep(r.delay());
   * ```
   */
  reserve(): Reservation;
  /**
   * {@link reserve}, for `n` events at `at`. Not `ok`, and nothing taken, if `n` exceeds the burst. Go: `lim.ReserveN`.
   */
  reserveN(at: Time, n: number): Reservation;
  /**
   * Waits until an event may happen. Rejects at once if the context's deadline is before that; with the context's error
   * when that is done while waiting, and then the token is given back. Go: `lim.Wait`.
   */
  wait(ctx: Cancel): Promise<void>;
  /** {@link wait}, for `n` events. Rejects if `n` exceeds the burst. Go: `lim.WaitN`. */
  waitN(ctx: Cancel, n: number): Promise<void>;
}

/** Tokens that have been taken for an event at a certain time. Go: `rate.Reservation`. */
export declare class Reservation {
  #private;
  /** Whether the event may happen at all; if not, nothing has been taken. Go: `r.OK()`. */
  readonly ok: boolean;
  /** How many milliseconds to wait before the event; `Infinity` if it may not happen. Go: `r.Delay()`. */
  delay(): number;
  /** {@link delay}, as from `at`. Go: `r.DelayFrom`. */
  delayFrom(at: Time): number;
  /**
   * The event will not happen: gives the tokens back, as far as nobody who came later relies on their place, and unless
   * it is too late. What has been given back is not given back again. Go: `r.Cancel()`.
   */
  cancel(): void;
  /** {@link cancel}, as from `at`. Go: `r.CancelAt`. */
  cancelAt(at: Time): void;
}

/**
 * Runs a function on some of its calls, for what would be too much every time. Go: `rate.Sometimes`.
 *
 * ```ts
 * const sometimes = new rate.Sometimes({ interval: 10_000 });
 * sometimes.do(() => console.log("still busy"));
 * ```
 */
export declare class Sometimes {
  #private;
  /** Throws a `RangeError` if an option is no number. */
  constructor({ first, every, interval }?: SometimesOptions);
  /** Runs `f` if it is time to. What `f` throws is thrown, and that time does not count. Go: `s.Do(f)`. */
  do(f: () => void): void;
}

/**
 * When a {@link Sometimes} runs: any of these that holds is enough; with none of them, the first time only. 0 or less:
 * does not count.
 */
export interface SometimesOptions {
  /** The first so many times. */
  readonly first?: number;
  /** Every so many times, the first included. */
  readonly every?: number;
  /** When so many milliseconds have passed since it last ran. */
  readonly interval?: number;
}

/** A time of the wall clock: a date, or milliseconds since 1970. */
export type Time = Date | number;

/**
 * The limit, in events a second, that allows one event every `ms` milliseconds; `inf` if `ms` is not above 0. Go:
 * `rate.Every`.
 *
 * ```ts
 * const limiter = new rate.Limiter(rate.every(250 * time.millisecond), 1); // four a second
 * ```
 */
export declare function every(ms: number): number;

/** The limit that allows everything, whatever the burst. Go: `rate.Inf`. */
export declare const inf: number;

export {};
