// sleep: the goroutine stands in its own alarm until that rings.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { Alarm, now } from "../internal/rt/alarm.js";
import { type Form, ready, type Standing, type Waiter } from "../internal/rt/park.js";
import { pass } from "../internal/rt/slice.js";
import { checkDuration } from "./check.js";

const sleeping: Form = { state: "sleep", result: () => undefined };

/** An alarm with one waiter. */
class Bed extends Alarm implements Standing {
  private waiter: Waiter | undefined;

  push(waiter: Waiter): void {
    this.waiter = waiter;
  }

  leave(): void {
    this.clear();
  }

  protected override ring(): void {
    ready(this.waiter as Waiter, undefined);
  }
}

/**
 * Waits for at least `ms` milliseconds, on a clock that no change of the wall clock moves. Go: `time.Sleep`.
 *
 * Zero or less is a mere scheduling point; `Infinity` waits for ever. With `ctx`: rejects with its error when it is done first.
 *
 * ```ts
 * await time.sleep(100 * time.millisecond);
 * ```
 */
export function sleep(ms: number, ctx?: Cancel): Promise<void> {
  try {
    checkDuration("sleep", ms);
  } catch (error) {
    return Promise.reject(error);
  }
  if (ctx !== undefined) {
    const stop = reasonToStop(ctx);
    if (stop !== undefined) return stop;
  }
  if (ms <= 0) return pass();
  const bed = new Bed();
  bed.set(now() + ms);
  return wait(bed, sleeping, undefined, ctx);
}
