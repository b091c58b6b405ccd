// Timer, after and afterFunc: something happens once.

import type { RecvChan } from "../internal/types.js";
import { nil } from "../internal/chan/make.js";
import { Timed } from "../internal/chan/timed.js";
import { Alarm, now } from "../internal/rt/alarm.js";
import { go, inheriting } from "../internal/rt/goroutine.js";
import { checkDuration } from "./check.js";

/** What stands behind a timer: a channel, or a function to call. */
interface Works {
  readonly c: RecvChan<Date>;
  /** It is to happen at `at` (Infinity: not at all); gives whether it was still to come. */
  reset(at: number): boolean;
}

/** Makes a timer that calls a function; the class has no public way to. */
let calls: (ms: number, f: () => unknown) => Timer;

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
export class Timer implements Disposable {
  #works: Works;

  constructor(ms: number) {
    checkDuration("Timer", ms);
    this.#works = new Channel(ms);
  }

  /** Where the time arrives. Of a timer of `afterFunc`: the nil channel. */
  get c(): RecvChan<Date> {
    return this.#works.c;
  }

  /** The timer will not fire. True if it would have: its value has not been received, its function not been started. */
  stop(): boolean {
    return this.#works.reset(Infinity);
  }

  /** The timer fires `ms` milliseconds from now, instead of when it would have. True if it still would have. */
  reset(ms: number): boolean {
    checkDuration("Timer.reset", ms);
    return this.#works.reset(now() + ms);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  static {
    calls = (ms, f) => {
      const timer = new Timer(Infinity);
      timer.#works = new Call(f);
      timer.reset(ms);
      return timer;
    };
  }
}

class Channel implements Works {
  readonly c: Timed;

  constructor(ms: number) {
    this.c = new Timed(now() + ms, 0);
  }

  reset(at: number): boolean {
    return this.c.reset(at, 0);
  }
}

class Call extends Alarm implements Works {
  readonly c: RecvChan<Date> = nil;
  private readonly f: () => unknown;

  constructor(f: () => unknown) {
    super();
    this.f = inheriting(f);
  }

  reset(at: number): boolean {
    const active = this.isSet;
    this.clear();
    this.set(at);
    return active;
  }

  protected override ring(): void {
    go(this.f);
  }
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
export function after(ms: number): RecvChan<Date> {
  checkDuration("after", ms);
  return new Timed(now() + ms, 0);
}

/**
 * Calls `f` in its own goroutine after `ms` milliseconds. Go: `time.AfterFunc`.
 *
 * Unlike a channel's, this timer keeps the program alive until it fires or is stopped.
 */
export function afterFunc(ms: number, f: () => unknown): Timer {
  checkDuration("afterFunc", ms);
  if (typeof f !== "function") throw new TypeError(`time: afterFunc: expected a function, got ${typeof f}`);
  return calls(ms, f);
}
