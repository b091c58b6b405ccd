// Figures of the scheduler.

import { background, now, report } from "../internal/host/host.js";
import { count, total } from "../internal/rt/census.js";
import { runnable } from "../internal/rt/slice.js";
import { gomaxprocs } from "./numbers.js";

/** What the scheduler counts. */
export interface Metrics {
  /** Goroutines that exist now. Go: `/sched/goroutines`. */
  readonly goroutines: number;
  /** Goroutines started since the program began. Go: `/sched/goroutines-created`. */
  readonly goroutinesCreated: number;
  /** Goroutines that stand in line for the thread. */
  readonly runnable: number;
  /** Go: `/sched/gomaxprocs`. */
  readonly gomaxprocs: number;
}

/** The scheduler's figures now. Go: package runtime/metrics. */
export function metrics(): Metrics {
  return { goroutines: count(), goroutinesCreated: total(), runnable: runnable(), gomaxprocs: gomaxprocs() };
}

/**
 * Prints a line on the scheduler to stderr every `everyMs` milliseconds, until disposed; it does not keep the program alive.
 * Go: `GODEBUG=schedtrace=…`.
 */
export function schedTrace(everyMs: number): Disposable {
  if (!(everyMs > 0)) {
    throw new RangeError(`schedTrace: expected a number of milliseconds above 0, got ${String(everyMs)}`);
  }
  const began = now();
  const stop = background(everyMs, () => {
    const it = metrics();
    report(
      `SCHED ${Math.round(now() - began)}ms: gomaxprocs=${it.gomaxprocs} goroutines=${it.goroutines} runqueue=${it.runnable}`,
    );
  });
  return { [Symbol.dispose]: stop };
}
