// Figures of the scheduler.

import { background, now, report } from "../internal/host/host.js";
import { total } from "../internal/rt/census.js";
import { getFleet } from "../internal/rt/procs.js";
import { runnable } from "../internal/rt/slice.js";
import { gomaxprocs, numGoroutine } from "./numbers.js";

/** What the scheduler counts. */
export interface Metrics {
  /** Goroutines that exist now, on all threads. Go: `/sched/goroutines`. */
  readonly goroutines: number;
  /** Goroutines started on this thread since the program began. Go: `/sched/goroutines-created`. */
  readonly goroutinesCreated: number;
  /** Goroutines that stand in line for this thread. */
  readonly runnable: number;
  /** Go: `/sched/gomaxprocs`. */
  readonly gomaxprocs: number;
  /** Tasks that have been started and have not ended. */
  readonly tasks: number;
  /** Tasks that have not begun. */
  readonly waiting: number;
  /** Threads: this one, and those of processors. Go: `/sched/threads/total`. */
  readonly threads: number;
  /** Threads of processors that have nothing to run. */
  readonly idleThreads: number;
}

/** The scheduler's figures now. Go: package runtime/metrics. */
export function metrics(): Metrics {
  const fleet = getFleet();
  return {
    goroutines: numGoroutine(),
    goroutinesCreated: total(),
    runnable: runnable(),
    gomaxprocs: gomaxprocs(),
    tasks: fleet?.tasks ?? 0,
    waiting: fleet?.queues.reduce((sum, length) => sum + length, fleet.queued) ?? 0,
    threads: fleet?.threads ?? 1,
    idleThreads: fleet?.idle ?? 0,
  };
}

/**
 * Prints a line on the scheduler to stderr every `everyMs` milliseconds, until disposed; it does not keep the program alive. The
 * figures are Go's; in brackets, how many tasks wait for each processor; then what waits for the main thread, and how many
 * goroutines there are in all. Go: `GODEBUG=schedtrace=…`.
 */
export function schedTrace(everyMs: number): Disposable {
  if (!(everyMs > 0)) {
    throw new RangeError(`schedTrace: expected a number of milliseconds above 0, got ${String(everyMs)}`);
  }
  const began = now();
  const stop = background(everyMs, () => report(line(now() - began)));
  return { [Symbol.dispose]: stop };
}

function line(ms: number): string {
  const fleet = getFleet();
  const procs = gomaxprocs();
  return (
    `SCHED ${Math.round(ms)}ms: gomaxprocs=${procs} idleprocs=${fleet?.idleProcessors ?? procs} threads=${fleet?.threads ?? 1} ` +
    `spinningthreads=${fleet?.spinning ?? 0} needspinning=${Number(fleet?.isWanting ?? false)} idlethreads=${fleet?.idle ?? 0} ` +
    `runqueue=${fleet?.queued ?? 0} [${fleet?.queues.join(" ") ?? ""}] main=${runnable()} goroutines=${numGoroutine()}`
  );
}
