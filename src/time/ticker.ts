// Ticker and tick: something happens again and again.

import type { RecvChan } from "../internal/types.js";
import { nil } from "../internal/chan/make.js";
import { Timed } from "../internal/chan/timed.js";
import { GoPanic } from "../internal/rt/panic.js";
import { now } from "../internal/rt/alarm.js";
import { checkDuration } from "./check.js";

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
export class Ticker implements Disposable {
  readonly #c: Timed;

  constructor(ms: number) {
    check("Ticker", ms, "NewTicker");
    this.#c = new Timed(now() + ms, ms);
  }

  /** Where the ticks arrive. {@link stop} does not close it. */
  get c(): RecvChan<Date> {
    return this.#c;
  }

  /** No tick comes any more. */
  stop(): void {
    this.#c.reset(Infinity, 0);
  }

  /** The next tick comes `ms` milliseconds from now, and so on. Throws like the constructor. */
  reset(ms: number): void {
    check("Ticker.reset", ms, "Ticker.Reset");
    this.#c.reset(now() + ms, ms);
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

function check(operation: string, ms: number, goName: string): void {
  checkDuration(operation, ms);
  if (ms <= 0) throw new GoPanic(`non-positive interval for ${goName}`, "ERR_NON_POSITIVE_INTERVAL");
}

/** The channel of a ticker that is never stopped; the nil channel if `ms` is not above 0. Go: `time.Tick`. */
export function tick(ms: number): RecvChan<Date> {
  checkDuration("tick", ms);
  return ms > 0 ? new Ticker(ms).c : nil;
}
