// What a worker pool is given, and what it gives: the work, how to go about it, and what came of it.

import type { Context } from "../internal/types.js";
import type { PoolStats } from "./figures.js";

/** The error of a job that a pool does not take, or has dropped, because it has been shut down. */
export class PoolClosedError extends Error {
  readonly code = "ERR_POOL_CLOSED";

  constructor() {
    super("worker pool is shut down");
  }

  static {
    this.prototype.name = "PoolClosedError";
  }
}

/** What a pool does with a job; a task of gort/parallel runs on any processor. */
export type Work<J, R> = ((ctx: Context, job: J) => R | Promise<R>) | { runWith(ctx: Context, job: J): Promise<R> };

/** How a {@link WorkerPool} works. */
export interface WorkerPoolOptions {
  /** How many workers there are at most. */
  max: number;
  /** How many there are at least; `max`, if not given: then their number is fixed. */
  min?: number | undefined;
  /** After how many milliseconds without a job a worker beyond `min` ends; 10 s if not given. */
  idle?: number | undefined;
  /** How many accepted jobs may wait for a worker; 0 if not given. */
  queue?: number | undefined;
  /** How many milliseconds a job may take; no limit, if not given. */
  timeout?: number | undefined;
  /** Is called whenever a job has ended. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** How far a pool has come. */
export type Progress = Pick<PoolStats, "accepted" | "completed" | "failed" | "queued" | "running">;

/** What came of a job. */
export type JobOutcome<J, R> = {
  readonly job: J;
  /** The number of the worker, from 1. */
  readonly worker: number;
  /** How many milliseconds it worked on the job. */
  readonly took: number;
} & ({ readonly ok: true; readonly value: R } | { readonly ok: false; readonly error: unknown });

/** What a shutdown has left undone: nothing, unless its context was done before the work was. */
export interface ShutdownReport<J> {
  /** Accepted jobs that never began. */
  readonly dropped: readonly J[];
  /** Jobs that were being worked on, and whose contexts have been cancelled. */
  readonly cancelled: readonly J[];
}

/** The work as a function. */
export function workOf<J, R>(worker: Work<J, R>): (ctx: Context, job: J) => R | Promise<R> {
  if (typeof (worker as { runWith?: unknown } | null | undefined)?.runWith === "function") {
    return (ctx, job) => (worker as { runWith(ctx: Context, job: J): Promise<R> }).runWith(ctx, job);
  }
  if (typeof worker === "function") return worker;
  throw new TypeError(
    `patterns: WorkerPool: expected a function or a task, got ${worker === null ? "null" : typeof worker}`,
  );
}
