// A job of a worker pool, from its submission to its end.
//
// Invariants: while a job waits it stands in one queue of the pool, `queue`. Whoever submitted it waits in `waiter`
// until it is known what became of it; `waiter` is undefined when nobody waits, or nobody any more.

import type { Context } from "../internal/types.js";
import type { Linked, Queue } from "../internal/ds/queue.js";
import { fail, ready, type Standing, type Waiter } from "../internal/rt/park.js";

export class Job<J, R> implements Linked<Job<J, R>>, Standing {
  next: Job<J, R> = this;
  prev: Job<J, R> = this;
  readonly ctx: Context;
  readonly job: J;
  readonly since: number;
  /** Whether who submitted it waits for its result, and not just for its acceptance. */
  readonly awaited: boolean;
  queue: Queue<Job<J, R>> | undefined;
  cancel: ((cause?: Error) => void) | undefined; // while it runs
  readonly #left: (job: Job<J, R>) => void;
  #waiter: Waiter | undefined;

  constructor(ctx: Context, job: J, since: number, awaited: boolean, left: (job: Job<J, R>) => void) {
    this.ctx = ctx;
    this.job = job;
    this.since = since;
    this.awaited = awaited;
    this.#left = left;
  }

  push(waiter: Waiter): void {
    this.#waiter = waiter;
  }

  /** The context of who submitted it is done; that of the running job is, too, as its child. */
  leave(): void {
    this.#waiter = undefined;
    this.#left(this);
  }

  stand(queue: Queue<Job<J, R>>): void {
    this.queue = queue;
    queue.push(this);
  }

  /** Stands in no queue any more; tells whether it did. */
  unqueue(): boolean {
    this.queue?.remove(this);
    const was = this.queue !== undefined;
    this.queue = undefined;
    return was;
  }

  resolve(result: unknown): void {
    const w = this.#waiter;
    this.#waiter = undefined;
    if (w !== undefined) ready(w, result);
  }

  reject(error: unknown): void {
    const w = this.#waiter;
    this.#waiter = undefined;
    if (w !== undefined) fail(w, error);
  }
}
