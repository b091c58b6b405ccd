// How many: goroutines, processors.

import { processors } from "../internal/host/host.js";
import { count } from "../internal/rt/census.js";
import { getFleet, getProcs, setProcs } from "../internal/rt/procs.js";

/**
 * How many goroutines there are now, with the one that the program began with; on all threads, tasks among them. What tasks have
 * started on other threads is counted as those threads last said. Go: `runtime.NumGoroutine`.
 */
export function numGoroutine(): number {
  return getFleet()?.goroutines ?? count();
}

/** How many processors this program may use. Go: `runtime.NumCPU`. */
export function numCPU(): number {
  return processors();
}

/**
 * Sets how many processors may run tasks at once, and gives the number before; without an argument, or with 0, only gives it. It
 * begins as `$GOMAXPROCS` has it, or else as {@link numCPU}. Goroutines of one thread share one processor. Go:
 * `runtime.GOMAXPROCS`.
 */
export function gomaxprocs(n: number = 0): number {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`gomaxprocs: expected an integer >= 0, got ${String(n)}`);
  const before = getProcs();
  if (n > 0) setProcs(n);
  return before;
}
