// gort/patterns: the public API. Written by "npm run api".

import type { Context, RecvChan, Chan } from "gort";

/** When a batch of {@link batch} is complete: by the first that comes true. At least one must be given. */
export interface BatchOptions extends StageOptions {
  /** It has so many values. */
  size?: number | undefined;
  /** So many milliseconds have passed since its first value came. */
  every?: number | undefined;
}

/**
 * Lets calls through until too many have failed in a row; then refuses them for a while, and tries again with a few.
 *
 * ```ts
 * const breaker = new patterns.CircuitBreaker({ failures: 5, resetAfter: 10 * time.second });
 * const page = await breaker.run(ctx, (ctx) => fetchPage(ctx, url));
 * ```
 */
export declare class CircuitBreaker {
  #private;
  constructor({ failures, resetAfter, halfOpen }?: CircuitBreakerOptions);
  /**
   * Whether calls are let through ("closed"), refused ("open"), or let through to see whether they succeed ("half-
   * open").
   */
  get state(): "closed" | "open" | "half-open";
  /**
   * Calls `fn(ctx)`, and gives what it gives. Rejects with a {@link CircuitOpenError}, and calls nothing, while the
   * breaker is open. A call that was cancelled counts neither way; one that ran out of its context's time has failed.
   */
  run<R>(ctx: Context, fn: (ctx: Context) => R | Promise<R>): Promise<R>;
}

/** How a {@link CircuitBreaker} works. */
export interface CircuitBreakerOptions {
  /** How many failures in a row open it; 5 if not given. */
  failures?: number | undefined;
  /** After how many milliseconds an open one lets calls through to see whether they succeed; 30 s if not given. */
  resetAfter?: number | undefined;
  /** How many such calls there may be, and must succeed to close it; 1 if not given. */
  halfOpen?: number | undefined;
}

/** The error of a call that an open {@link CircuitBreaker} has refused. */
export declare class CircuitOpenError extends Error {
  readonly code = "ERR_CIRCUIT_OPEN";
  /** In how many milliseconds a call may be let through; 0 if that depends on one that is under way. */
  readonly retryAfter: number;
  constructor(retryAfter: number);
}

/** How {@link fromEvents} works. Events do not wait, so there is no policy that blocks. */
export interface EventsOptions<E> extends Pick<StageOptions, "onError"> {
  /** How many events are kept for a slow receiver; 16 if not given. */
  capacity?: number | undefined;
  /**
   * What happens to an event when so many are kept: drop the oldest of them (the default), drop the event, or end
   * with an error.
   */
  onFull?: Exclude<QueueOptions<E>["onFull"], "block">;
  /** Is given every event that is dropped. */
  onDrop?: ((event: E) => void) | undefined;
}

/** What came of a job. */
export type JobOutcome<J, R> = {
  readonly job: J;
  /** The number of the worker, from 1. */
  readonly worker: number;
  /** How many milliseconds it worked on the job. */
  readonly took: number;
} & (
  | {
      readonly ok: true;
      readonly value: R;
    }
  | {
      readonly ok: false;
      readonly error: unknown;
    }
);

/** How long jobs took, from being submitted to the end, in milliseconds: of the last 1,024 that have ended. */
export interface Latency {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** How {@link forEach} and {@link mapAll} work. */
export interface LimitOptions {
  /** How many calls run at once; 1 if not given. Infinity: all of them. */
  limit?: number | undefined;
}

/** How {@link map} works. */
export interface MapOptions extends StageOptions {
  /** How many values are worked on at once; 1 if not given. */
  workers?: number | undefined;
  /** Whether the results come in the order of the values, and not in that of their completion. */
  ordered?: boolean | undefined;
}

/** What Node's `Writable` has, and all that is used of it. */
export interface NodeWritable {
  /** Takes a value; `false` asks to wait for the event "drain". */
  write(chunk: never): boolean;
  /** There is nothing more to write; calls `done` when all has been written. */
  end(done?: () => void): unknown;
  /** Adds a listener. */
  on(event: string, listener: (error: unknown) => void): unknown;
  /** Takes a listener away. */
  off(event: string, listener: (error: unknown) => void): unknown;
  /** Gives up; what has not been written is lost. */
  destroy?(error?: Error): unknown;
}

/** How {@link pipeTo} works. */
export interface PipeOptions {
  /** Leaves the sink open, both when the values end and when something fails. Of a process's stdout, say so. */
  preventClose?: boolean | undefined;
}

/**
 * Stages in a chain. It begins to run when it is asked for its end: by `forEach`, `collect`, `run`, `pipeTo`,
 * `toReadable`, or a loop over it.
 *
 * When a stage fails, the context that all functions of the pipeline get is cancelled, and the end rejects with the
 * first error, once everything has ended; also when the context is done. Leaving a loop early ends the pipeline, too.
 * A thrown `GoPanic` is a panic of the program.
 *
 * ```ts
 * await patterns
 *   .pipeline(ctx, urls)
 *   .map((url, ctx) => fetchPage(ctx, url), { workers: 8 })
 *   .filter((page) => page.ok)
 *   .batch({ size: 50 })
 *   .forEach(save);
 * ```
 */
export declare class Pipeline<out T> implements AsyncIterable<T, void> {
  #private;
  private constructor();
  /** As {@link map | patterns.map}. */
  map<R>(fn: (value: T, ctx: Context) => R | Promise<R>, options?: Options<MapOptions>): Pipeline<R>;
  /** As {@link filter | patterns.filter}. */
  filter<S extends T>(keep: (value: T, ctx: Context) => value is S, options?: Options): Pipeline<S>;
  /** As {@link filter | patterns.filter}. */
  filter(keep: (value: T, ctx: Context) => boolean | Promise<boolean>, options?: Options): Pipeline<T>;
  /** As {@link take | patterns.take}; what is before it stops with the pipeline. */
  take(n: number, options?: Options): Pipeline<T>;
  /** As {@link batch | patterns.batch}. */
  batch(options: Options<BatchOptions>): Pipeline<T[]>;
  /**
   * A stage of your own: `stage(ctx, input, onError)` gives a channel that closes when the input does and when the
   * context is done.
   */
  through<R>(stage: (ctx: Context, input: RecvChan<T>, onError: (error: unknown) => void) => RecvChan<R>): Pipeline<R>;
  /** Calls `fn(value, ctx)` for every value, at most `limit` (1, if not given) at once. */
  forEach(fn: (value: T, ctx: Context) => unknown, options?: LimitOptions): Promise<void>;
  /** All values. */
  collect(): Promise<T[]>;
  /** Runs it to its end, for what the stages do. */
  run(): Promise<void>;
  /** As {@link pipeTo | patterns.pipeTo}. */
  pipeTo(sink: WritableStream<T> | NodeWritable, options?: PipeOptions): Promise<void>;
  /** A `ReadableStream` with the values; cancelling it ends the pipeline. It begins to run with the first read. */
  toReadable(): ReadableStream<T>;
  /** The values, one after the other. Leaving the loop ends the pipeline, and waits until it has ended. */
  [Symbol.asyncIterator](): Required<AsyncIterator<T, void>>;
}

/** The error of a job that a pool does not take, or has dropped, because it has been shut down. */
export declare class PoolClosedError extends Error {
  readonly code = "ERR_POOL_CLOSED";
  constructor();
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

/** How far a pool has come. */
export type Progress = Pick<PoolStats, "accepted" | "completed" | "failed" | "queued" | "running">;

/** The error of a send to a full queue that is to fail. */
export declare class QueueFullError extends Error {
  readonly code = "ERR_QUEUE_FULL";
  constructor(capacity: number);
}

/** How a {@link queue} works. */
export interface QueueOptions<T> {
  /** How many values it holds: at least 1. */
  capacity: number;
  /**
   * What a send to a full queue does: wait for room (as every channel does; the default), drop its own value, drop
   * the value that has been there longest, or fail with a {@link QueueFullError}.
   */
  onFull?: "block" | "dropNewest" | "dropOldest" | "error" | undefined;
  /** Is given every value that is dropped. */
  onDrop?: ((value: T) => void) | undefined;
}

/** How {@link toReadable} works. */
export interface ReadableOptions {
  /** Is called when the reader does not want any more: cancel here what sends on the channel. */
  onCancel?: ((reason: unknown) => void) | undefined;
}

/** How {@link retry} works. */
export interface RetryOptions {
  /** How often the function is called in all; 3 if not given. Infinity: until it succeeds. */
  attempts?: number | undefined;
  /**
   * How many milliseconds to wait after a failure: a number for the first wait, which doubles from then on (100 if
   * not given), or a function of the number of attempts that have failed.
   */
  backoff?: number | ((failed: number) => number) | undefined;
  /**
   * The part of each wait that is left to chance, from 0 (none; the default) to 1 (all of it), so that many clients
   * do not come back at once.
   */
  jitter?: number | undefined;
  /** Whether an error is worth another attempt. All are, if not given. */
  retryIf?: ((error: unknown) => boolean) | undefined;
}

/** What a shutdown has left undone: nothing, unless its context was done before the work was. */
export interface ShutdownReport<J> {
  /** Accepted jobs that never began. */
  readonly dropped: readonly J[];
  /** Jobs that were being worked on, and whose contexts have been cancelled. */
  readonly cancelled: readonly J[];
}

/** What values can be read from, one at a time. A Node `Readable` is an async iterable. */
export type Source<T> = RecvChan<T> | ReadableStream<T> | AsyncIterable<T> | Iterable<T>;

/** What every stage that calls a function of yours may be told. */
export interface StageOptions {
  /** How many values the output holds ready; 0 if not given. */
  buffer?: number | undefined;
  /**
   * Is given the error that ended the stage, before its output closes. Without it, such an error is a panic of the
   * program.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** What a pool does with a job; a task of gort/parallel runs on any processor. */
export type Work<J, R> =
  | ((ctx: Context, job: J) => R | Promise<R>)
  | {
      runWith(ctx: Context, job: J): Promise<R>;
    };

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
export declare class WorkerPool<J, R> implements AsyncDisposable {
  #private;
  /** Throws a `RangeError` unless 0 <= min <= max and max >= 1, and the rest is in its range as well. */
  constructor(worker: Work<J, R>, options: WorkerPoolOptions);
  /**
   * Has `job` done, and gives the result. Waits for room first, if the queue is full.
   *
   * Rejects with what the worker threw; with `context.deadlineExceeded` after the job's time limit; with the
   * context's error as soon as that is done: a job that had not begun is not begun then; with a {@link
   * PoolClosedError} after a shutdown, or if the shutdown dropped it. In the last three cases a worker that does not
   * heed its context goes on, and is not free until it returns.
   */
  submit(ctx: Context, job: J): Promise<R>;
  /** {@link submit} without waiting for room: `undefined` if there is none, and the job is not taken. */
  trySubmit(ctx: Context, job: J): Promise<R> | undefined;
  /**
   * Submits every value of `jobs`, each as soon as there is room. Resolves when the last has been accepted, not when
   * it is done: what comes of them arrives on {@link results}. Rejects with the context's error, with that of `jobs`,
   * or with a {@link PoolClosedError}.
   */
  feed(ctx: Context, jobs: Source<J>): Promise<void>;
  /**
   * What came of each job from now on, in the order of ending; closed when the pool has ended. Once it has been asked
   * for, it must be read: a worker goes on only when its outcome has been taken. A `submit` that nobody awaits may
   * then fail.
   */
  get results(): RecvChan<JobOutcome<J, R>>;
  /**
   * Changes the largest number of workers; of a fixed pool, the number. Workers beyond it end when their job has.
   * With 0, jobs wait until there are workers again. Throws a `RangeError` unless `n` is an integer >= 0.
   */
  resize(n: number): void;
  /** The figures now. */
  stats(): PoolStats;
  /**
   * Takes no more jobs, does those it has accepted, and ends its workers. When `ctx` is done before that, drops the
   * jobs that have not begun and cancels the contexts of those that have; their submissions reject with a {@link
   * PoolClosedError}. Gives what was left undone.
   */
  shutdown(ctx: Context): Promise<ShutdownReport<J>>;
  /** Does the jobs it has accepted, and ends: a {@link shutdown} without a time limit. */
  [Symbol.asyncDispose](): Promise<void>;
}

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

/**
 * A channel with arrays of the values of `input`, none of them empty. What has come when the input closes is the last
 * one.
 *
 * ```ts
 * for await (const rows of patterns.batch(ctx, input, { size: 100, every: time.second })) await insert(rows);
 * ```
 */
export declare function batch<T>(ctx: Context, input: RecvChan<T>, options: BatchOptions): RecvChan<T[]>;

/** A channel with the values of a channel of channels: all of the first, then all of the second, and so on. */
export declare function bridge<T>(ctx: Context, inputs: RecvChan<RecvChan<T>>, options?: StageOptions): RecvChan<T>;

/**
 * `n` channels of which each gets every value of `input`. The next value comes when all have taken the last, so the
 * slowest sets the pace: give them a buffer, or put a {@link queue} that drops behind those that may lag.
 */
export declare function broadcast<T>(
  ctx: Context,
  input: RecvChan<T>,
  n: number,
  options?: StageOptions,
): RecvChan<T>[];

/**
 * All values of a channel, or of whatever else can be iterated, once it has ended. Rejects with the context's error
 * when that is done.
 *
 * ```ts
 * const odd = await patterns.collect(ctx, patterns.filter(ctx, numbers, (n) => n % 2 === 1));
 * ```
 */
export declare function collect<T>(ctx: Context, input: Source<T>): Promise<T[]>;

/** A channel with the values of all inputs as they come. It closes when all of them have. */
export declare function fanIn<T>(ctx: Context, ...inputs: RecvChan<T>[]): RecvChan<T>;

/**
 * `n` channels that share the values of `input`: each value goes to one of them, whichever is ready to take it. All
 * of them are closed when the input is.
 */
export declare function fanOut<T>(ctx: Context, input: RecvChan<T>, n: number, options?: StageOptions): RecvChan<T>[];

/**
 * A channel with those values of `input` for which `keep` is true. A type guard narrows the type of the channel.
 *
 * ```ts
 * const odd = patterns.filter(ctx, numbers, (n) => n % 2 === 1);
 * ```
 */
export declare function filter<T, S extends T>(
  ctx: Context,
  input: RecvChan<T>,
  keep: (value: T, ctx: Context) => value is S,
  options?: StageOptions,
): RecvChan<S>;
export declare function filter<T>(
  ctx: Context,
  input: RecvChan<T>,
  keep: (value: T, ctx: Context) => boolean | Promise<boolean>,
  options?: StageOptions,
): RecvChan<T>;

/**
 * Calls `fn(item, ctx)` for every item of an iterable, an async iterable, a channel or a stream. An item is asked for
 * when there is somebody to work on it.
 *
 * Rejects with the first error of `fn` or of the items, or with the context's; by then, the context that the other
 * calls got has been cancelled, and all of them have ended.
 *
 * ```ts
 * await patterns.forEach(ctx, files, (file, ctx) => upload(ctx, file), { limit: 10 });
 * ```
 */
export declare function forEach<T>(
  ctx: Context,
  items: Source<T>,
  fn: (item: T, ctx: Context) => unknown,
  options?: LimitOptions,
): Promise<void>;

/**
 * A channel with the values of an iterable, an async iterable, a `ReadableStream`, a Node stream or another channel.
 * The next value is asked for when the last has been taken, or fits the buffer.
 *
 * When the context is done the source is released: a generator's `finally` runs, a stream is cancelled or destroyed.
 *
 * ```ts
 * const lines = patterns.from(ctx, readline.createInterface({ input }));
 * ```
 */
export declare function from<T>(ctx: Context, source: Source<T>, options?: StageOptions): RecvChan<T>;

/**
 * A channel with the events of one type, until the context is done; the listener is removed then.
 *
 * ```ts
 * for await (const event of patterns.fromEvents<MessageEvent>(ctx, socket, "message")) handle(event.data);
 * ```
 */
export declare function fromEvents<E extends Event = Event>(
  ctx: Context,
  target: EventTarget,
  type: string,
  options?: EventsOptions<E>,
): RecvChan<E>;

/**
 * A channel with `fn(0, ctx)`, `fn(1, ctx)`, … until `fn` gives `undefined` or the context is done. `fn` is called
 * for the next value when the last has been taken, or fits the buffer.
 *
 * ```ts
 * const pages = patterns.generate(ctx, (i, ctx) => fetchPage(i, ctx)); // until there is no such page
 * ```
 */
export declare function generate<T>(
  ctx: Context,
  fn: (i: number, ctx: Context) => T | Promise<T>,
  options?: StageOptions,
): RecvChan<Exclude<T, undefined>>;

/**
 * Runs `work(ctx)` in a goroutine that beats every `every` milliseconds until it has ended. A beat that nobody takes
 * is kept, but one only. The result arrives on the second channel; both close when there is no more to come.
 *
 * ```ts
 * const [beat, result] = patterns.heartbeat(ctx, time.second, work);
 * for (;;) {
 *   const s = await select({ beat, result, silence: time.after(3 * time.second) });
 *   if (s.case !== "beat" || !s.ok) break;
 * }
 * ```
 */
export declare function heartbeat<R>(
  ctx: Context,
  every: number,
  work: (ctx: Context) => R | Promise<R>,
  options?: Pick<StageOptions, "onError">,
): [beat: RecvChan<void>, result: RecvChan<R>];

/**
 * A channel with `fn(value, ctx)` for every value of `input`. At most `workers` values are between input and output
 * at any time, the one that waits to be taken included. The context that `fn` gets ends when another worker fails.
 *
 * With `ordered`, a slow value holds up those behind it, but no more than `workers` of them.
 *
 * ```ts
 * const pages = patterns.map(ctx, urls, (url, ctx) => fetchPage(ctx, url), { workers: 8 });
 * ```
 */
export declare function map<T, R>(ctx: Context, input: RecvChan<T>, fn: Fn<T, R>, options?: MapOptions): RecvChan<R>;

/** {@link forEach}, with the results of `fn` in the order of the items. */
export declare function mapAll<T, R>(
  ctx: Context,
  items: Source<T>,
  fn: (item: T, ctx: Context) => R | Promise<R>,
  options?: LimitOptions,
): Promise<R[]>;

/**
 * A channel that closes as soon as one of `dones` closes or sends. Of none: the nil channel. It waits for them as
 * long as it takes: make sure that one of them ends.
 *
 * ```ts
 * await patterns.or(ctx.done(), server.closed, time.after(time.minute)).recv();
 * ```
 */
export declare function or(...dones: RecvChan<unknown>[]): RecvChan<never>;

/**
 * A channel with the values of `input` that closes when the context is done, too: for a loop that shall end with
 * either.
 */
export declare function orDone<T>(ctx: Context, input: RecvChan<T>, options?: StageOptions): RecvChan<T>;

/**
 * Writes every value of `source` to a `WritableStream`, or a Node `Writable`, as fast as that takes them, and closes
 * it. Resolves when it has closed. Rejects with the context's error, the sink's or the source's; the sink is aborted
 * or destroyed then, the source released.
 *
 * ```ts
 * await patterns.pipeTo(ctx, lines, createWriteStream(path));
 * ```
 */
export declare function pipeTo<T>(
  ctx: Context,
  source: Source<T>,
  sink: WritableStream<T> | NodeWritable,
  { preventClose }?: PipeOptions,
): Promise<void>;

/** A pipeline that begins with the values of `source`: whatever {@link from} takes. */
export declare function pipeline<T>(ctx: Context, source: Source<T>): Pipeline<T>;

/**
 * A channel with room for `capacity` values and a policy for when it is full. To wait for a limited time, send with a
 * context.
 *
 * ```ts
 * const latest = patterns.queue<Reading>({ capacity: 1, onFull: "dropOldest" });
 * ```
 */
export declare function queue<T>({ capacity, onFull, onDrop }: QueueOptions<T>): Chan<T>;

/**
 * Calls `fn(ctx, attempt)` until it succeeds, and gives what it gave. Rejects with the last error when the attempts
 * are used up or `retryIf` says no, and with the context's error as soon as that is done. A thrown `GoPanic` is not
 * tried again.
 *
 * ```ts
 * const page = await patterns.retry(ctx, (ctx) => fetchPage(ctx, url), { attempts: 5, backoff: 200, jitter: 0.5 });
 * ```
 */
export declare function retry<R>(
  ctx: Context,
  fn: (ctx: Context, attempt: number) => R | Promise<R>,
  options?: RetryOptions,
): Promise<R>;

/**
 * A channel with the first `n` values of `input`; no more than these are received. Whoever sends on `input` goes on
 * waiting until the context is done.
 */
export declare function take<T>(ctx: Context, input: RecvChan<T>, n: number, options?: StageOptions): RecvChan<T>;

/** Two channels of which each gets every value of `input`: {@link broadcast} to two. */
export declare function tee<T>(ctx: Context, input: RecvChan<T>, options?: StageOptions): [RecvChan<T>, RecvChan<T>];

/**
 * A `ReadableStream` with the values of a channel. It receives a value when one is read, and not before. It fails
 * with the context's error. (For a stream of Node's: `Readable.from(channel)`.)
 *
 * ```ts
 * return new Response(patterns.toReadable(ctx, chunks, { onCancel: cancel }));
 * ```
 */
export declare function toReadable<T>(
  ctx: Context,
  input: RecvChan<T>,
  { onCancel }?: ReadableOptions,
): ReadableStream<T>;

/** The options of a stage of a pipeline: its errors are the pipeline's. */
type Options<O extends StageOptions = StageOptions> = Omit<O, "onError">;

type Fn<T, R> = (value: T, ctx: Context) => R | Promise<R>;

export {};
