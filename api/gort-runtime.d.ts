// gort/runtime: the public API. Written by "npm run api".

/** What is known of a goroutine. */
export interface GoroutineInfo {
  /** Its number; main's is 1. Numbers are not used again. */
  readonly id: number;
  /** What it does, in Go's words: "running", "chan receive", "select", "sleep", …; "await": waits on a promise of others. */
  readonly state: string;
  /** Since when it has been waiting; `undefined` while it is not. */
  readonly since: Date | undefined;
  /** The number of the goroutine that started it; `undefined` of main, and of tasks. */
  readonly createdBy: number | undefined;
  /** The frames of the `go` statement that started it, one a line; of a task, its name and module. */
  readonly createdAt: string;
}

/** A goroutine that waits for ever. */
export type LeakReport = GoroutineInfo;

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

/**
 * Every goroutine in Go's form, with where it waits and where it was started: first those of this thread, then those of the
 * others, which it asks. Of a thread that computes or is blocked, and so cannot answer, it tells what tasks it has.
 */
export declare function dump(): Promise<string>;

/**
 * Sets how many processors may run tasks at once, and gives the number before; without an argument, or with 0, only gives it. It
 * begins as `$GOMAXPROCS` has it, or else as {@link numCPU}. Goroutines of one thread share one processor. Go:
 * `runtime.GOMAXPROCS`.
 */
export declare function gomaxprocs(n?: number): number;

/** The goroutines of this thread that exist now; none outside the detailed mode. */
export declare function goroutines(): GoroutineInfo[];

/**
 * The goroutines of which the garbage collector has proved that nothing can ever wake them; none outside the detailed mode.
 * It runs the collector. What a global variable or a live closure still refers to cannot be proved lost.
 *
 * ```ts
 * for (const g of await runtime.leaks()) console.warn(`goroutine ${g.id} leaks: ${g.state}\n${g.createdAt}`);
 * ```
 */
export declare function leaks(): Promise<LeakReport[]>;

/** The scheduler's figures now. Go: package runtime/metrics. */
export declare function metrics(): Metrics;

/** How many processors this program may use. Go: `runtime.NumCPU`. */
export declare function numCPU(): number;

/**
 * How many goroutines there are now, with the one that the program began with; on all threads, tasks among them. What tasks have
 * started on other threads is counted as those threads last said. Go: `runtime.NumGoroutine`.
 */
export declare function numGoroutine(): number;

/** Whoever tests for fatal errors: `handler` is told, and the misuse throws instead of ending the program. */
export declare function onFatal(handler: (error: Error) => void): Disposable;

/**
 * Prints a line on the scheduler to stderr every `everyMs` milliseconds, until disposed; it does not keep the program alive. The
 * figures are Go's; in brackets, how many tasks wait for each processor; then what waits for the main thread, and how many
 * goroutines there are in all. Go: `GODEBUG=schedtrace=…`.
 */
export declare function schedTrace(everyMs: number): Disposable;

/**
 * The stack of the goroutine that calls it, in Go's form; with `all`, every goroutine of this thread, with its state and where
 * it was started. {@link dump} tells where the others wait, too, and asks the other threads. Go: `runtime.Stack`,
 * `debug.Stack`.
 */
export declare function stack(opts?: { all?: boolean }): string;

export {};
