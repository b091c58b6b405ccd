// Limiter: a token bucket on the clock.
//
// Its times are milliseconds since it was made, on the clock that nobody sets. Times that the user gives are of the
// wall clock, and are taken relative to what that showed then: so both are small numbers, and fractions of a
// millisecond are exact.

import type { Cancel } from "../internal/types.js";
import { reasonToStop } from "../internal/chan/cancel.js";
import { now, wall } from "../internal/rt/alarm.js";
import { pass } from "../internal/rt/slice.js";
import { sleep } from "../time/sleep.js";
import { Bucket, inf, type Share } from "./bucket.js";
import { type Lender, Reservation, type Time } from "./reservation.js";

/**
 * The limit, in events a second, that allows one event every `ms` milliseconds; `inf` if `ms` is not above 0. Go:
 * `rate.Every`.
 *
 * ```ts
 * const limiter = new rate.Limiter(rate.every(250 * time.millisecond), 1); // four a second
 * ```
 */
export function every(ms: number): number {
  if (typeof ms !== "number" || Number.isNaN(ms)) {
    throw new RangeError(`rate: every: expected a number of milliseconds, got ${String(ms)}`);
  }
  return ms > 0 ? 1000 / ms : inf;
}

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
export class Limiter {
  readonly #bucket: Bucket;
  readonly #began = now();
  readonly #beganWall = wall();
  readonly #lender: Lender = {
    now: () => this.#now(),
    time: (at) => this.#time(at),
    giveBack: (share, at) => this.#bucket.giveBack(share, at),
  };

  /**
   * Throws a `RangeError` unless `limit` is a number >= 0 and `burst` an integer >= 0. The bucket begins full. Go:
   * `rate.NewLimiter`.
   */
  constructor(limit: number, burst: number) {
    this.#bucket = new Bucket(checkLimit(limit), checkCount("burst", burst));
  }

  #now(): number {
    return now() - this.#began;
  }

  #time(at: Time): number {
    const ms = typeof at === "number" ? at : at?.getTime?.();
    if (!Number.isFinite(ms)) throw new TypeError(`rate: a time must be a valid Date or a number, got ${String(at)}`);
    return ms - this.#beganWall;
  }

  /** Events a second. Go: `lim.Limit()`. */
  limit(): number {
    return this.#bucket.limit;
  }

  /** How many events may happen at once. Go: `lim.Burst()`. */
  burst(): number {
    return this.#bucket.burst;
  }

  /** How many tokens there are now; negative if some have been reserved ahead. Go: `lim.Tokens()`. */
  tokens(): number {
    return this.#bucket.tokensAt(this.#now());
  }

  /** How many tokens there will be at `at`. Go: `lim.TokensAt`. */
  tokensAt(at: Time): number {
    return this.#bucket.tokensAt(this.#time(at));
  }

  /** Changes the limit from now on; what is reserved keeps its time. Go: `lim.SetLimit`. */
  setLimit(limit: number): void {
    this.#setLimit(this.#now(), limit);
  }

  /** {@link setLimit}, as from `at`. Go: `lim.SetLimitAt`. */
  setLimitAt(at: Time, limit: number): void {
    this.#setLimit(this.#time(at), limit);
  }

  #setLimit(at: number, limit: number): void {
    checkLimit(limit);
    this.#bucket.moveTo(at);
    this.#bucket.limit = limit;
  }

  /** Changes the burst from now on; what is reserved keeps its time. Go: `lim.SetBurst`. */
  setBurst(burst: number): void {
    this.#setBurst(this.#now(), burst);
  }

  /** {@link setBurst}, as from `at`. Go: `lim.SetBurstAt`. */
  setBurstAt(at: Time, burst: number): void {
    this.#setBurst(this.#time(at), burst);
  }

  #setBurst(at: number, burst: number): void {
    checkCount("burst", burst);
    this.#bucket.moveTo(at);
    this.#bucket.burst = burst;
  }

  /** Whether an event may happen now; takes a token if it may. Go: `lim.Allow()`. */
  allow(): boolean {
    return this.#bucket.take(this.#now(), 1, 0) !== undefined;
  }

  /** Whether `n` events may happen at `at`; takes `n` tokens if they may. Go: `lim.AllowN`. */
  allowN(at: Time, n: number): boolean {
    return this.#bucket.take(this.#time(at), checkCount("n", n), 0) !== undefined;
  }

  /**
   * Takes a token, from the future if need be, and tells how long to wait before the event. Go: `lim.Reserve()`.
   *
   * ```ts
   * const r = limiter.reserve();
   * if (r.ok) await time.sleep(r.delay());
   * ```
   */
  reserve(): Reservation {
    return this.#reserve(this.#now(), 1);
  }

  /**
   * {@link reserve}, for `n` events at `at`. Not `ok`, and nothing taken, if `n` exceeds the burst. Go: `lim.ReserveN`.
   */
  reserveN(at: Time, n: number): Reservation {
    return this.#reserve(this.#time(at), checkCount("n", n));
  }

  #reserve(at: number, n: number): Reservation {
    const wait = this.#bucket.take(at, n, Infinity);
    return new Reservation(this.#lender, wait === undefined ? undefined : this.#share(at, n, wait));
  }

  #share(at: number, n: number, wait: number): Share {
    const { limit } = this.#bucket;
    return { n: limit === inf ? 0 : n, actsAt: at + wait, limit };
  }

  /**
   * Waits until an event may happen. Rejects at once if the context's deadline is before that; with the context's error
   * when that is done while waiting, and then the token is given back. Go: `lim.Wait`.
   */
  wait(ctx: Cancel): Promise<void> {
    return this.waitN(ctx, 1);
  }

  /** {@link wait}, for `n` events. Rejects if `n` exceeds the burst. Go: `lim.WaitN`. */
  waitN(ctx: Cancel, n: number): Promise<void> {
    const bucket = this.#bucket;
    if (!isCount(n)) return Promise.reject(refused("n", n));
    if (n > bucket.burst && bucket.limit !== inf) {
      return Promise.reject(new Error(`rate: Wait(n=${n}) exceeds limiter's burst ${bucket.burst}`));
    }
    const stop = reasonToStop(ctx);
    if (stop !== undefined) return stop;
    const at = this.#now();
    const wait = bucket.take(at, n, timeLeft(ctx));
    if (wait === undefined) return Promise.reject(new Error(`rate: Wait(n=${n}) would exceed context deadline`));
    if (wait === 0) return pass();
    const share = this.#share(at, n, wait);
    return sleep(wait, ctx).catch((error: unknown) => {
      bucket.giveBack(share, this.#now());
      throw error;
    });
  }
}

/** How long until the deadline of `ctx`; a signal does not tell. */
function timeLeft(ctx: Cancel): number {
  const deadline = "deadline" in ctx ? ctx.deadline() : undefined;
  return deadline === undefined ? Infinity : deadline.getTime() - wall();
}

function checkLimit(limit: number): number {
  if (typeof limit === "number" && limit >= 0) return limit;
  throw new RangeError(`rate: limit must be a number >= 0, got ${String(limit)}`);
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function checkCount(name: string, n: number): number {
  if (isCount(n)) return n;
  throw refused(name, n);
}

function refused(name: string, n: number): RangeError {
  return new RangeError(`rate: ${name} must be an integer >= 0, got ${String(n)}`);
}
