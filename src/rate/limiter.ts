// Limiter: a token bucket.
//
// Invariants: `tokens` is what the bucket holds at `last`; it may be negative, as far as tokens have been reserved ahead of time. `lastEvent`
// is when the latest reservation may act. Asking changes nothing unless the answer is yes. All times are milliseconds of the wall
// clock as it was when the limiter was made, moved on by the clock that nobody sets.

import type { Cancel } from "../internal/types.js";
import { reasonToStop } from "../internal/chan/cancel.js";
import { now, wall } from "../internal/rt/alarm.js";
import { pass } from "../internal/rt/slice.js";
import { sleep } from "../time/sleep.js";

/** The limit that allows everything, whatever the burst. Go: `rate.Inf`. */
export const inf: number = Infinity;

/** The limit, in events a second, that allows one event every `ms` milliseconds; `inf` if `ms` is not above 0. Go: `rate.Every`. */
export function every(ms: number): number {
  return ms > 0 ? 1000 / ms : inf;
}

/** A time of the wall clock: a date, or milliseconds since 1970. */
export type Time = Date | number;

/**
 * Lets events happen at `limit` a second on average, and at most `burst` at once. Go: `rate.Limiter`.
 *
 * `allow` drops what comes too fast, `reserve` tells how long to wait, `wait` waits.
 *
 * ```ts
 * const limiter = new rate.Limiter(10, 3); // ten a second, three at once
 * await limiter.wait(ctx);
 * ```
 */
export class Limiter {
  #limit: number;
  #burst: number;
  #tokens: number;
  #last: number;
  #lastEvent = -Infinity;
  readonly #epoch: number;

  /** Throws a `RangeError` unless `limit` is a number >= 0 and `burst` an integer >= 0. The bucket begins full. */
  constructor(limit: number, burst: number) {
    this.#limit = checkLimit(limit);
    this.#burst = checkBurst(burst);
    this.#epoch = wall() - now();
    this.#tokens = burst;
    this.#last = this.#now();
  }

  #now(): number {
    return this.#epoch + now();
  }

  /** Events a second. Go: `lim.Limit()`. */
  limit(): number {
    return this.#limit;
  }

  /** How many events may happen at once. Go: `lim.Burst()`. */
  burst(): number {
    return this.#burst;
  }

  /** How many tokens there are now; negative if some have been reserved ahead. Go: `lim.Tokens()`. */
  tokens(): number {
    return this.tokensAt(this.#now());
  }

  /** How many tokens there will be at `at`. Go: `lim.TokensAt`. */
  tokensAt(at: Time): number {
    return this.#advance(millis(at)).tokens;
  }

  /** Changes the limit from now on; what is reserved keeps its time. Go: `lim.SetLimit`. */
  setLimit(limit: number): void {
    this.setLimitAt(this.#now(), limit);
  }

  /** {@link setLimit}, as from `at`. Go: `lim.SetLimitAt`. */
  setLimitAt(at: Time, limit: number): void {
    checkLimit(limit);
    this.#moveTo(millis(at));
    this.#limit = limit;
  }

  /** Changes the burst from now on; what is reserved keeps its time. Go: `lim.SetBurst`. */
  setBurst(burst: number): void {
    this.setBurstAt(this.#now(), burst);
  }

  /** {@link setBurst}, as from `at`. Go: `lim.SetBurstAt`. */
  setBurstAt(at: Time, burst: number): void {
    checkBurst(burst);
    this.#moveTo(millis(at));
    this.#burst = burst;
  }

  /** Whether an event may happen now; takes a token if it may. Go: `lim.Allow()`. */
  allow(): boolean {
    return this.allowN(this.#now(), 1);
  }

  /** Whether `n` events may happen at `at`; takes `n` tokens if they may. Go: `lim.AllowN`. */
  allowN(at: Time, n: number): boolean {
    return this.#reserve(millis(at), n, 0).ok;
  }

  /** Takes a token, from the future if need be, and tells how long to wait before the event. Go: `lim.Reserve()`. */
  reserve(): Reservation {
    return this.reserveN(this.#now(), 1);
  }

  /** {@link reserve}, for `n` events at `at`. Not `ok`, and nothing taken, if `n` exceeds the burst. Go: `lim.ReserveN`. */
  reserveN(at: Time, n: number): Reservation {
    return this.#reserve(millis(at), n, Infinity);
  }

  /**
   * Waits until an event may happen. Rejects at once if the context would be done before that, and with its error when it is done while
   * waiting; the token is given back then. Go: `lim.Wait`.
   */
  wait(ctx: Cancel): Promise<void> {
    return this.waitN(ctx, 1);
  }

  /** {@link wait}, for `n` events. Rejects if `n` exceeds the burst. Go: `lim.WaitN`. */
  waitN(ctx: Cancel, n: number): Promise<void> {
    if (n > this.#burst && this.#limit !== inf) {
      return Promise.reject(new Error(`rate: Wait(n=${n}) exceeds limiter's burst ${this.#burst}`));
    }
    const stop = reasonToStop(ctx);
    if (stop !== undefined) return stop;
    const at = this.#now();
    const deadline = "deadline" in ctx ? ctx.deadline()?.getTime() : undefined;
    const reservation = this.#reserve(at, n, deadline === undefined ? Infinity : deadline - at);
    if (!reservation.ok) return Promise.reject(new Error(`rate: Wait(n=${n}) would exceed context deadline`));
    const delay = reservation.delayFrom(at);
    if (delay === 0) return pass();
    return sleep(delay, ctx).catch((error: unknown) => {
      reservation.cancel();
      throw error;
    });
  }

  #reserve(at: number, n: number, mostWait: number): Reservation {
    if (!Number.isSafeInteger(n)) throw new RangeError(`rate: n must be an integer, got ${String(n)}`);
    if (this.#limit === inf) return new Reservation(this.#cancel, true, n, at, inf, this.#clock);
    const tokens = this.#advance(at).tokens - n;
    const wait = tokens < 0 ? durationOf(-tokens, this.#limit) : 0;
    const ok = n <= this.#burst && wait <= mostWait;
    if (!ok) return new Reservation(this.#cancel, false, 0, 0, this.#limit, this.#clock);
    this.#last = at;
    this.#tokens = tokens;
    this.#lastEvent = at + wait;
    return new Reservation(this.#cancel, true, n, at + wait, this.#limit, this.#clock);
  }

  readonly #clock = (): number => this.#now();

  /** Gives back what a reservation took, less what has been reserved after it, which counts on its place. */
  readonly #cancel = (at: number, n: number, actsAt: number, limit: number): void => {
    if (this.#limit === inf || n === 0 || actsAt < at) return;
    const restore = n - tokensIn(this.#lastEvent - actsAt, limit);
    if (restore <= 0) return;
    const { last, tokens } = this.#advance(at);
    this.#last = last;
    this.#tokens = Math.min(tokens + restore, this.#burst);
    if (actsAt !== this.#lastEvent) return;
    const before = actsAt - durationOf(n, limit);
    if (before >= at) this.#lastEvent = before;
  };

  /** The bucket as it is at `at`. Time that goes back brings no tokens and takes none. */
  #advance(at: number): { last: number; tokens: number } {
    const last = Math.min(at, this.#last);
    const tokens = Math.min(this.#tokens + tokensIn(at - last, this.#limit), this.#burst);
    return { last: at, tokens };
  }

  #moveTo(at: number): void {
    const { last, tokens } = this.#advance(at);
    this.#last = last;
    this.#tokens = tokens;
  }
}

/** A token that has been taken for an event at a certain time. Go: `rate.Reservation`. */
export class Reservation {
  /** Whether the event may happen at all. */
  readonly ok: boolean;
  readonly #cancel: (at: number, n: number, actsAt: number, limit: number) => void;
  readonly #now: () => number;
  #n: number;
  readonly #actsAt: number;
  readonly #limit: number;

  /** @internal */
  constructor(
    cancel: (at: number, n: number, actsAt: number, limit: number) => void,
    ok: boolean,
    n: number,
    actsAt: number,
    limit: number,
    now: () => number,
  ) {
    this.#cancel = cancel;
    this.#now = now;
    this.ok = ok;
    this.#n = n;
    this.#actsAt = actsAt;
    this.#limit = limit;
  }

  /** How many milliseconds to wait before the event; `Infinity` if it may not happen. Go: `r.Delay()`. */
  delay(): number {
    return this.delayFrom(this.#now());
  }

  /** {@link delay}, as from `at`. Go: `r.DelayFrom`. */
  delayFrom(at: Time): number {
    return this.ok ? Math.max(this.#actsAt - millis(at), 0) : Infinity;
  }

  /** The event will not happen: gives the token back, as far as nobody relies on its place. Go: `r.Cancel()`. */
  cancel(): void {
    this.cancelAt(this.#now());
  }

  /** {@link cancel}, as from `at`. Go: `r.CancelAt`. */
  cancelAt(at: Time): void {
    if (!this.ok) return;
    this.#cancel(millis(at), this.#n, this.#actsAt, this.#limit);
  }
}

/** How long `tokens` take to come. */
function durationOf(tokens: number, limit: number): number {
  return limit <= 0 ? Infinity : (tokens / limit) * 1000;
}

/** How many tokens come in that time. */
function tokensIn(ms: number, limit: number): number {
  return limit <= 0 ? 0 : (ms / 1000) * limit;
}

function millis(at: Time): number {
  const ms = typeof at === "number" ? at : at.getTime();
  if (Number.isNaN(ms)) throw new TypeError("rate: expected a valid Date or a number of milliseconds");
  return ms;
}

function checkLimit(limit: number): number {
  if (limit >= 0) return limit;
  throw new RangeError(`rate: limit must be a number >= 0, got ${String(limit)}`);
}

function checkBurst(burst: number): number {
  if (Number.isSafeInteger(burst) && burst >= 0) return burst;
  throw new RangeError(`rate: burst must be an integer >= 0, got ${String(burst)}`);
}
