// gort/time: the public API. Written by "npm run api".

import type { RecvChan, Cancel } from "gort";

/**
 * Sends the time on `c` every `ms` milliseconds, until stopped. Go: `time.Ticker`.
 *
 * A slow receiver finds one tick, not those it missed; the phase is kept. A ticker that nobody waits on costs nothing and keeps
 * nothing alive. Throws a `GoPanic` ("non-positive interval for NewTicker") unless `ms` is above 0.
 *
 * ```ts
 * const ticker = new time.Ticker(time.second);
 * for await (const at of ticker.c) console.log(at);
 * ```
 */
export declare class Ticker implements Disposable {
  #private;
  constructor(ms: number);
  /** Where the ticks arrive. {@link stop} does not close it. */
  get c(): RecvChan<Date>;
  /** No tick comes any more. */
  stop(): void;
  /** The next tick comes `ms` milliseconds from now, and so on. Throws like the constructor. */
  reset(ms: number): void;
  [Symbol.dispose](): void;
}

/**
 * Sends the time on `c` once, after `ms` milliseconds. Go: `time.Timer`.
 *
 * The rules are those of Go 1.23: after `stop` or `reset` no old value arrives, and a timer that nobody waits on costs nothing
 * and keeps nothing alive. Throws a `TypeError` if `ms` is not a number.
 *
 * ```ts
 * const timer = new time.Timer(5 * time.second);
 * const s = await select({ reply, late: timer.c });
 * timer.stop();
 * ```
 */
export declare class Timer implements Disposable {
  #private;
  constructor(ms: number);
  /** Where the time arrives. Of a timer of `afterFunc`: the nil channel. */
  get c(): RecvChan<Date>;
  /** The timer will not fire. True if it would have: its value has not been received, its function not been started. */
  stop(): boolean;
  /** The timer fires `ms` milliseconds from now, instead of when it would have. True if it still would have. */
  reset(ms: number): boolean;
  [Symbol.dispose](): void;
}

/**
 * A channel on which the time arrives once, after `ms` milliseconds. Go: `time.After`.
 *
 * No timer runs unless somebody waits on it, so one that loses its select leaves nothing behind.
 *
 * ```ts
 * const s = await select({ reply, late: time.after(time.second) });
 * ```
 */
export declare function after(ms: number): RecvChan<Date>;

/**
 * Calls `f` in its own goroutine after `ms` milliseconds. Go: `time.AfterFunc`.
 *
 * Unlike a channel's, this timer keeps the program alive until it fires or is stopped.
 */
export declare function afterFunc(ms: number, f: () => unknown): Timer;

/** Writes a duration as Go prints it: `"1h15m30.918s"`, `"1.5ms"`, `"0s"`. To the nanosecond. Go: `Duration.String`. */
export declare function formatDuration(ms: number): string;

/** Go: `time.Hour`. */
export declare const hour: number;

/** Go: `time.Microsecond`. */
export declare const microsecond: number;

/** One millisecond: the unit of every duration. Go: `time.Millisecond`. */
export declare const millisecond = 1;

/** Go: `time.Minute`. */
export declare const minute: number;

/** Go: `time.Nanosecond`. */
export declare const nanosecond: number;

/**
 * Reads a duration such as `"1h15m30.918s"`, `"-1.5h"` or `"300ms"`, in milliseconds. Go: `time.ParseDuration`.
 *
 * Throws an `Error` with Go's words: `time: invalid duration "3"`, `time: missing unit in duration "3"`,
 * `time: unknown unit "x" in duration "3x"`.
 */
export declare function parseDuration(text: string): number;

/**
 * `ms` rounded to the nearest multiple of `unit`, halves away from zero; as it is, if `unit` is not above 0. Go:
 * `Duration.Round`.
 */
export declare function roundDuration(ms: number, unit: number): number;

/** Go: `time.Second`. */
export declare const second: number;

/**
 * Waits for at least `ms` milliseconds, on a clock that no change of the wall clock moves. Go: `time.Sleep`.
 *
 * Zero or less is a mere scheduling point; `Infinity` waits for ever. With `ctx`: rejects with its error when it is done first.
 *
 * ```ts
 * await time.sleep(100 * time.millisecond);
 * ```
 */
export declare function sleep(ms: number, ctx?: Cancel): Promise<void>;

/** The channel of a ticker that is never stopped; the nil channel if `ms` is not above 0. Go: `time.Tick`. */
export declare function tick(ms: number): RecvChan<Date>;

/** `ms` rounded towards zero to a multiple of `unit`; as it is, if `unit` is not above 0. Go: `Duration.Truncate`. */
export declare function truncateDuration(ms: number, unit: number): number;

export {};
