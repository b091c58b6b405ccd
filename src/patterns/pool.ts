// WorkerPool: goroutines that work on jobs as they come.
//
// Invariants: `#alive` workers, at most `#max` of them unless the pool has been made smaller while they worked. A job
// waits only while no worker is free and none may be added: in `#queue`, which holds `#room` jobs, or else, with
// whoever submitted it, in `#door`. A free worker stands in `#free` and waits for a job in its inbox. When the pool
// has been closed, the door is empty and stays so.

import type { Chan, Context, RecvChan } from "../internal/types.js";
import { afterFunc } from "../context/afterfunc.js";
import { background } from "../context/background.js";
import { withCancelCause } from "../context/cancel.js";
import { withTimeout } from "../context/deadline.js";
import { deadlineExceeded } from "../context/errors.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { chan } from "../internal/chan/make.js";
import { select } from "../internal/chan/select.js";
import { type Linked, Queue } from "../internal/ds/queue.js";
import { now } from "../internal/rt/alarm.js";
import { isExit } from "../internal/rt/goroutine.js";
import { GoPanic } from "../internal/rt/panic.js";
import type { Form } from "../internal/rt/park.js";
import { pass } from "../internal/rt/slice.js";
import { WaitGroup } from "../sync/waitgroup.js";
import { after } from "../time/timer.js";
import { checkCount, checkMillis } from "./check.js";
import { ignore } from "./foreign.js";
import { Durations, type PoolStats } from "./figures.js";
import { Job } from "./job.js";
import { checkSource, iterate, type Source } from "./source.js";
import {
  type JobOutcome,
  PoolClosedError,
  type Progress,
  type ShutdownReport,
  type Work,
  type WorkerPoolOptions,
  workOf,
} from "./work.js";

interface Worker<J, R> extends Linked<Worker<J, R>> {
  readonly number: number;
  readonly inbox: Chan<Job<J, R>>;
  state: "busy" | "idle" | "ended";
  jobs: number;
  failed: number;
  busy: number;
}

const submitting: Form = { state: "WorkerPool.submit", result: (value) => value };

/**
 * A number of goroutines that work on jobs: always the same, or more of them the more there is to do.
 *
 * `worker(ctx, job)` gets a context that ends with that of whoever submitted the job, with the job's time limit, and
 * when the pool is stopped. A job that fails rejects its `submit` and nothing else; a thrown `GoPanic` is a panic of
 * the program.
 *
 * ```ts
 * const pool = new patterns.WorkerPool(resize, { max: 4, queue: 16, timeout: 5 * time.second });
 * const image = await pool.submit(ctx, file);
 * const { dropped } = await pool.shutdown(ctx);
 * ```
 */
export class WorkerPool<J, R> implements AsyncDisposable {
  readonly #work: (ctx: Context, job: J) => R | Promise<R>;
  #max: number;
  #min: number;
  readonly #leastOf: (max: number) => number;
  readonly #idle: number;
  readonly #room: number;
  readonly #timeout: number;
  readonly #onProgress: ((progress: Progress) => void) | undefined;

  readonly #queue = new Queue<Job<J, R>>();
  #queued = 0;
  readonly #door = new Queue<Job<J, R>>();
  readonly #free = new Queue<Worker<J, R>>();
  readonly #workers: Worker<J, R>[] = [];
  #alive = 0;
  readonly #ended = new WaitGroup();
  readonly #running = new Set<Job<J, R>>();
  #results: Chan<JobOutcome<J, R>> | undefined;

  #closed = false;
  readonly #ctx: Context; // done when the pool has been stopped by force
  readonly #stop: () => void;
  #dropped: J[] = [];
  #cancelled: J[] = [];

  #accepted = 0;
  #completed = 0;
  #failed = 0;
  readonly #durations = new Durations();
  #first: number | undefined; // when a job was first accepted
  #last = 0; // when a job last ended

  /** Throws a `RangeError` unless 0 <= min <= max and max >= 1, and the rest is in its range as well. */
  constructor(worker: Work<J, R>, options: WorkerPoolOptions) {
    const { max, min = max, idle = 10_000, queue = 0, timeout = Infinity, onProgress } = options;
    this.#work = workOf(worker);
    this.#max = checkCount("WorkerPool", "max", max, 1);
    this.#min = checkCount("WorkerPool", "min", min, 0);
    if (min > max || min === Infinity) {
      throw new RangeError(`patterns: WorkerPool: min must be at most max, and finite, got ${min}`);
    }
    this.#leastOf = min === max ? (n) => n : (n) => Math.min(min, n);
    this.#idle = checkMillis("WorkerPool", "idle", idle);
    this.#room = checkCount("WorkerPool", "queue", queue, 0);
    this.#timeout = checkMillis("WorkerPool", "timeout", timeout);
    this.#onProgress = onProgress;
    [this.#ctx, this.#stop] = withCancelCause(background());
    this.#grow();
  }

  /**
   * Has `job` done, and gives the result. Waits for room first, if the queue is full.
   *
   * Rejects with what the worker threw; with `context.deadlineExceeded` after the job's time limit; with the
   * context's error as soon as that is done: a job that had not begun is not begun then; with a {@link
   * PoolClosedError} after a shutdown, or if the shutdown dropped it. In the last three cases a worker that does not
   * heed its context goes on, and is not free until it returns.
   */
  submit(ctx: Context, job: J): Promise<R> {
    const stop = reasonToStop(ctx) ?? this.#refusal();
    if (stop !== undefined) return stop;
    const entry = this.#enter(ctx, job, true);
    if (!this.#accept(entry)) entry.stand(this.#door);
    return this.#outcome(entry);
  }

  /** {@link submit} without waiting for room: `undefined` if there is none, and the job is not taken. */
  trySubmit(ctx: Context, job: J): Promise<R> | undefined {
    const stop = reasonToStop(ctx) ?? this.#refusal();
    if (stop !== undefined) return stop;
    const entry = this.#enter(ctx, job, true);
    return this.#accept(entry) ? this.#outcome(entry) : undefined;
  }

  /**
   * Submits every value of `jobs`, each as soon as there is room. Resolves when the last has been accepted, not when
   * it is done: what comes of them arrives on {@link results}. Rejects with the context's error, with that of `jobs`,
   * or with a {@link PoolClosedError}.
   */
  async feed(ctx: Context, jobs: Source<J>): Promise<void> {
    checkSource("WorkerPool.feed", jobs);
    await iterate(ctx, jobs, (job) => {
      const stop = this.#refusal();
      if (stop !== undefined) return stop;
      const entry = this.#enter(ctx, job, false);
      if (this.#accept(entry)) return pass();
      entry.stand(this.#door);
      return wait(entry, submitting, undefined, ctx);
    });
  }

  /**
   * What came of each job from now on, in the order of ending; closed when the pool has ended. Once it has been asked
   * for, it must be read: a worker goes on only when its outcome has been taken. A `submit` that nobody awaits may
   * then fail.
   */
  get results(): RecvChan<JobOutcome<J, R>> {
    if (this.#results === undefined) {
      this.#results = chan<JobOutcome<J, R>>();
      if (this.#closed && this.#alive === 0) this.#results.close();
    }
    return this.#results;
  }

  /**
   * Changes the largest number of workers; of a fixed pool, the number. Workers beyond it end when their job has.
   * With 0, jobs wait until there are workers again. Throws a `RangeError` unless `n` is an integer >= 0.
   */
  resize(n: number): void {
    this.#max = checkCount("WorkerPool.resize", "n", n, 0);
    this.#min = this.#leastOf(n);
    while (this.#alive > n) {
      const worker = this.#free.head;
      if (worker === undefined) break;
      this.#retire(worker);
    }
    this.#grow();
  }

  /** The figures now. */
  stats(): PoolStats {
    const took = this.#first === undefined ? 0 : (this.#last - this.#first) / 1000;
    const workers = this.#workers.map(({ number, state, jobs, failed, busy }) => ({
      worker: number,
      state,
      jobs,
      failed,
      busy,
    }));
    return {
      workers,
      size: this.#alive,
      ...this.#progress(),
      latency: this.#durations.latency(),
      throughput: took > 0 ? this.#completed / took : 0,
    };
  }

  /**
   * Takes no more jobs, does those it has accepted, and ends its workers. When `ctx` is done before that, drops the
   * jobs that have not begun and cancels the contexts of those that have; their submissions reject with a {@link
   * PoolClosedError}. Gives what was left undone.
   */
  async shutdown(ctx: Context): Promise<ShutdownReport<J>> {
    this.#close();
    try {
      await this.#ended.wait(ctx);
    } catch {
      this.#force();
    }
    return { dropped: [...this.#dropped], cancelled: [...this.#cancelled] };
  }

  /** Does the jobs it has accepted, and ends: a {@link shutdown} without a time limit. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown(background());
  }

  #refusal(): Promise<never> | undefined {
    return this.#closed ? Promise.reject(new PoolClosedError()) : undefined;
  }

  #enter(ctx: Context, job: J, awaited: boolean): Job<J, R> {
    return new Job(ctx, job, now(), awaited, this.#left);
  }

  #outcome(entry: Job<J, R>): Promise<R> {
    const promise = wait<R>(entry, submitting, undefined, entry.ctx);
    if (this.#results !== undefined) promise.catch(ignore);
    return promise;
  }

  /** Gives the job to a worker, or to the queue. False if there is no room. */
  #accept(entry: Job<J, R>): boolean {
    const worker = this.#free.head?.prev ?? this.#hire(); // the last that came: so the rest can end
    if (worker !== undefined) this.#hand(worker, entry);
    else if (this.#queued < this.#room) this.#enqueue(entry);
    else return false;
    this.#accepted++;
    this.#first ??= now();
    return true;
  }

  #enqueue(entry: Job<J, R>): void {
    this.#queued++;
    entry.stand(this.#queue);
  }

  #hand(worker: Worker<J, R>, entry: Job<J, R>): void {
    this.#free.remove(worker);
    worker.state = "busy";
    worker.inbox.trySend(entry);
  }

  /** The next job; its place goes to the first at the door. */
  #next(): Job<J, R> | undefined {
    const entry = this.#queue.head ?? this.#door.head;
    if (entry === undefined) return undefined;
    if (entry.queue === this.#queue) this.#queued--;
    else this.#welcome(entry);
    entry.unqueue();
    this.#admit();
    return entry;
  }

  #admit(): void {
    for (let entry; this.#queued < this.#room && (entry = this.#door.head) !== undefined;) {
      entry.unqueue();
      this.#welcome(entry);
      this.#enqueue(entry);
    }
  }

  /** A job from the door has been accepted. */
  #welcome(entry: Job<J, R>): void {
    this.#accepted++;
    this.#first ??= now();
    if (!entry.awaited) entry.resolve(undefined);
  }

  /** Whoever submitted a job has given up. */
  readonly #left = (entry: Job<J, R>): void => {
    const { queue } = entry;
    if (!entry.unqueue() || queue !== this.#queue) return;
    this.#queued--;
    this.#admit();
  };

  /** Adds workers: up to `min`, and as many more as there are jobs that wait. */
  #grow(): void {
    while (this.#alive < this.#min && !this.#closed) this.#hire();
    while (this.#alive < this.#max || this.#free.head !== undefined) {
      const entry = this.#next();
      if (entry === undefined) return;
      this.#hand((this.#free.head ?? this.#hire()) as Worker<J, R>, entry);
    }
  }

  /** A new worker, free, if there may be one more. */
  #hire(): Worker<J, R> | undefined {
    if (this.#alive >= this.#max) return undefined;
    this.#alive++;
    const ended = this.#workers.findIndex(({ state }) => state === "ended");
    const i = ended < 0 ? this.#workers.length : ended;
    const before = this.#workers[i] ?? { jobs: 0, failed: 0, busy: 0 };
    const worker = { ...before, number: i + 1, inbox: chan<Job<J, R>>(1), state: "idle" } as Worker<J, R>;
    worker.next = worker.prev = worker;
    this.#workers[i] = worker;
    this.#free.push(worker);
    this.#ended.go(() => this.#live(worker));
    return worker;
  }

  async #live(worker: Worker<J, R>): Promise<void> {
    for (let entry = await this.#handed(worker); entry !== undefined;) {
      await this.#do(worker, entry);
      if (this.#alive > this.#max) {
        this.#retire(worker);
        return;
      }
      entry = this.#next() ?? (await this.#rest(worker));
    }
  }

  /** Waits for the next job; gives undefined when there will be none. */
  #rest(worker: Worker<J, R>): Promise<Job<J, R> | undefined> | undefined {
    if (this.#closed) {
      this.#retire(worker);
      return undefined;
    }
    worker.state = "idle";
    this.#free.push(worker);
    return this.#handed(worker);
  }

  async #handed(worker: Worker<J, R>): Promise<Job<J, R> | undefined> {
    if (this.#alive > this.#min && this.#idle < Infinity) {
      const s = await select({ entry: worker.inbox, late: after(this.#idle) });
      if (s.case === "entry") return s.value;
      if (worker.state === "idle" && this.#alive > this.#min) this.#retire(worker);
    }
    return worker.inbox.recv();
  }

  #retire(worker: Worker<J, R>): void {
    if (worker.state === "idle") this.#free.remove(worker);
    worker.state = "ended";
    worker.inbox.close();
    this.#alive--;
    if (this.#alive === 0 && this.#closed) this.#over();
  }

  async #do(worker: Worker<J, R>, entry: Job<J, R>): Promise<void> {
    const { job } = entry;
    const began = now();
    const [base, cancel] = withCancelCause(entry.ctx);
    const ctx = this.#timeout === Infinity ? base : withTimeout(base, this.#timeout)[0];
    const stop =
      this.#timeout === Infinity
        ? undefined
        : afterFunc(ctx, () => ctx.err() === deadlineExceeded && entry.reject(ctx.err()));
    entry.cancel = cancel;
    this.#running.add(entry);

    let outcome: { ok: true; value: R } | { ok: false; error: unknown };
    try {
      const err = ctx.err(); // of a job that was fed, and whose feeder has been cancelled since
      if (err !== undefined) throw err;
      outcome = { ok: true, value: await this.#work(ctx, job) };
    } catch (error) {
      if (error instanceof GoPanic) throw error;
      outcome = { ok: false, error: isExit(error) ? new Error("the job ended its goroutine") : error };
    }

    const ended = now();
    stop?.();
    cancel();
    this.#running.delete(entry);
    worker.jobs++;
    worker.busy += ended - began;
    this.#completed++;
    this.#last = ended;
    this.#durations.add(ended - entry.since);
    if (!outcome.ok) {
      worker.failed++;
      this.#failed++;
    }
    if (outcome.ok) entry.resolve(outcome.value);
    else entry.reject(outcome.error);
    this.#onProgress?.(this.#progress());
    if (this.#results !== undefined) {
      await this.#results
        .send({ job, worker: worker.number, took: ended - began, ...outcome }, this.#ctx)
        .catch(ignore); // stopped by force
    }
  }

  #progress(): Progress {
    return {
      queued: this.#queued,
      running: this.#running.size,
      accepted: this.#accepted,
      completed: this.#completed,
      failed: this.#failed,
    };
  }

  /** No more jobs: those at the door are turned away, and workers that have nothing to do end. */
  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (let entry; (entry = this.#door.head) !== undefined;) {
      entry.unqueue();
      entry.reject(new PoolClosedError());
    }
    if (this.#alive === 0) this.#over();
    for (let worker; (worker = this.#free.head) !== undefined;) this.#retire(worker);
  }

  /**
   * Closed, and the last worker has ended. What is still queued (if the pool was made to have no workers) nobody will
   * do.
   */
  #over(): void {
    this.#drop();
    this.#results?.close();
  }

  #drop(): void {
    for (let entry; (entry = this.#queue.shift()) !== undefined;) {
      entry.queue = undefined;
      this.#queued--;
      this.#dropped.push(entry.job);
      entry.reject(new PoolClosedError());
    }
  }

  #force(): void {
    this.#drop();
    for (const entry of this.#running) {
      const { cancel } = entry;
      if (cancel === undefined) continue; // another shutdown has
      entry.cancel = undefined;
      this.#cancelled.push(entry.job);
      const error = new PoolClosedError();
      entry.reject(error);
      cancel(error);
    }
    this.#stop();
  }
}
