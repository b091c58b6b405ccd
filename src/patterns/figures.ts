// The figures of a worker pool: what was done, by whom, how long it took.

const samples = 1024;

/** How long jobs took, from being submitted to the end, in milliseconds: of the last 1,024 that have ended. */
export interface Latency {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** The last durations. */
export class Durations {
  readonly #last: number[] = [];
  #next = 0;

  add(ms: number): void {
    this.#last[this.#next] = ms;
    this.#next = (this.#next + 1) % samples;
  }

  latency(): Latency {
    const sorted = [...this.#last].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? 0;
    const sum = sorted.reduce((total, ms) => total + ms, 0);
    return {
      mean: sorted.length === 0 ? 0 : sum / sorted.length,
      p50: at(0.5),
      p90: at(0.9),
      p99: at(0.99),
      max: at(1),
    };
  }
}

/** What one worker has done. A worker that comes after another has ended takes over its number and its figures. */
export interface WorkerStats {
  /** Its number, from 1. */
  readonly worker: number;
  readonly state: "busy" | "idle" | "ended";
  /** How many jobs it has done, with those that failed. */
  readonly jobs: number;
  readonly failed: number;
  /** How many milliseconds it has worked in all, on jobs that have ended. */
  readonly busy: number;
}

/** What a pool has done, and what it is at. */
export interface PoolStats {
  readonly workers: readonly WorkerStats[];
  /** How many workers there are now. */
  readonly size: number;
  /** Jobs that have been accepted and not begun. */
  readonly queued: number;
  /** Jobs that are being worked on. */
  readonly running: number;
  /** Jobs that have been accepted so far. */
  readonly accepted: number;
  /** Jobs that have ended, with those that failed. */
  readonly completed: number;
  readonly failed: number;
  readonly latency: Latency;
  /** Jobs that ended a second, from the first that was accepted to the last that has ended. */
  readonly throughput: number;
}
