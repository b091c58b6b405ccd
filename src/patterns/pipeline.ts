// Pipeline: stages in a chain, with one context, one error and one end.
//
// Invariants: nothing runs until the pipeline is asked for its end. A run has a context of its own, which ends with
// the first error of a stage, and in any case before the run does; a run ends after all goroutines of its stages.

import type { Context, RecvChan } from "../internal/types.js";
import { withCancelCause } from "../context/cancel.js";
import { checkParent } from "../context/derived.js";
import { WaitGroup } from "../sync/waitgroup.js";
import { batch, type BatchOptions } from "./batch.js";
import { checkFunction } from "./check.js";
import { collect } from "./collect.js";
import { filter } from "./filter.js";
import { forEach, type LimitOptions } from "./foreach.js";
import { from } from "./from.js";
import { map, type MapOptions } from "./map.js";
import { checkSource, type Source } from "./source.js";
import { isEnd, members, type Membership, type StageOptions } from "./stage.js";
import { type NodeWritable, type PipeOptions, pipeTo } from "./streams.js";
import { take } from "./take.js";

/** The options of a stage of a pipeline: its errors are the pipeline's. */
type Options<O extends StageOptions = StageOptions> = Omit<O, "onError">;

/** A pipeline that runs. */
class Run implements Membership {
  readonly ctx: Context;
  readonly cancel: (cause?: Error) => void;
  readonly [members]: WaitGroup = new WaitGroup();
  failure: { error: unknown } | undefined;

  constructor(parent: Context) {
    [this.ctx, this.cancel] = withCancelCause(parent);
  }

  readonly onError = (error: unknown): void => {
    this.failure ??= { error };
    this.cancel(error instanceof Error ? error : new Error(String(error), { cause: error }));
  };

  /** Resolves when nothing of it is left. */
  end(): Promise<void> {
    this.cancel();
    return this[members].wait();
  }

  /** The error to reject with when the end of the chain failed with `error`. */
  reason(parent: Context, error: unknown): unknown {
    if (this.failure !== undefined) return this.failure.error;
    return isEnd(parent, error) ? parent.err() : error;
  }
}

/** Starts the stages of a pipeline for a run; gives the output of the last. */
type Build<T> = (run: Run) => RecvChan<T>;

let make: <T>(ctx: Context, build: Build<T>) => Pipeline<T>;

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
export class Pipeline<out T> implements AsyncIterable<T, void> {
  readonly #ctx: Context;
  readonly #build: Build<T>;

  private constructor(ctx: Context, build: Build<T>) {
    this.#ctx = ctx;
    this.#build = build;
  }

  /** As {@link map | patterns.map}. */
  map<R>(fn: (value: T, ctx: Context) => R | Promise<R>, options?: Options<MapOptions>): Pipeline<R> {
    checkFunction("Pipeline.map", fn);
    return this.#then((run, input) => map(run.ctx, input, fn, { ...options, ...stageOf(run) }));
  }

  /** As {@link filter | patterns.filter}. */
  filter<S extends T>(keep: (value: T, ctx: Context) => value is S, options?: Options): Pipeline<S>;
  /** As {@link filter | patterns.filter}. */
  filter(keep: (value: T, ctx: Context) => boolean | Promise<boolean>, options?: Options): Pipeline<T>;
  filter(keep: (value: T, ctx: Context) => boolean | Promise<boolean>, options?: Options): Pipeline<T> {
    checkFunction("Pipeline.filter", keep);
    return this.#then((run, input) => filter(run.ctx, input, keep, { ...options, ...stageOf(run) }));
  }

  /** As {@link take | patterns.take}; what is before it stops with the pipeline. */
  take(n: number, options?: Options): Pipeline<T> {
    return this.#then((run, input) => take(run.ctx, input, n, { ...options, ...stageOf(run) }));
  }

  /** As {@link batch | patterns.batch}. */
  batch(options: Options<BatchOptions>): Pipeline<T[]> {
    return this.#then((run, input) => batch(run.ctx, input, { ...options, ...stageOf(run) }));
  }

  /**
   * A stage of your own: `stage(ctx, input, onError)` gives a channel that closes when the input does and when the
   * context is done.
   */
  through<R>(stage: (ctx: Context, input: RecvChan<T>, onError: (error: unknown) => void) => RecvChan<R>): Pipeline<R> {
    checkFunction("Pipeline.through", stage);
    return this.#then((run, input) => stage(run.ctx, input, run.onError));
  }

  /** Calls `fn(value, ctx)` for every value, at most `limit` (1, if not given) at once. */
  forEach(fn: (value: T, ctx: Context) => unknown, options?: LimitOptions): Promise<void> {
    return this.#run((ctx, input) => forEach(ctx, input, fn, options));
  }

  /** All values. */
  collect(): Promise<T[]> {
    return this.#run(collect<T>);
  }

  /** Runs it to its end, for what the stages do. */
  run(): Promise<void> {
    return this.forEach(() => {});
  }

  /** As {@link pipeTo | patterns.pipeTo}. */
  pipeTo(sink: WritableStream<T> | NodeWritable, options?: PipeOptions): Promise<void> {
    return this.#run((ctx, input) => pipeTo(ctx, input, sink, options));
  }

  /** A `ReadableStream` with the values; cancelling it ends the pipeline. It begins to run with the first read. */
  toReadable(): ReadableStream<T> {
    const iterator = this[Symbol.asyncIterator]();
    return new ReadableStream<T>(
      {
        async pull(controller) {
          const next = await iterator.next();
          if (next.done === true) controller.close();
          else controller.enqueue(next.value);
        },
        async cancel() {
          await iterator.return();
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** The values, one after the other. Leaving the loop ends the pipeline, and waits until it has ended. */
  [Symbol.asyncIterator](): Required<AsyncIterator<T, void>> {
    return new Iteration(this.#ctx, this.#build);
  }

  #then<R>(next: (run: Run, input: RecvChan<T>) => RecvChan<R>): Pipeline<R> {
    return make(this.#ctx, (run) => next(run, this.#build(run)));
  }

  async #run<R>(consume: (ctx: Context, input: RecvChan<T>) => Promise<R>): Promise<R> {
    const run = new Run(this.#ctx);
    try {
      return await consume(run.ctx, this.#build(run));
    } catch (error) {
      throw run.reason(this.#ctx, error);
    } finally {
      await run.end();
    }
  }

  static {
    make = (ctx, build) => new Pipeline(ctx, build);
  }
}

/** What a run gives to its stages. */
function stageOf(run: Run): Membership {
  return { onError: run.onError, [members]: run[members] };
}

/** A loop over a pipeline. */
class Iteration<T> implements Required<AsyncIterator<T, void>> {
  readonly #ctx: Context;
  #build: Build<T> | undefined;
  #run: { run: Run; input: RecvChan<T> } | undefined;

  constructor(ctx: Context, build: Build<T>) {
    this.#ctx = ctx;
    this.#build = build;
  }

  async next(): Promise<IteratorResult<T, void>> {
    const running = this.#start();
    if (running === undefined) return { value: undefined, done: true };
    const { run, input } = running;
    try {
      const [value, ok] = await input.recvOk(run.ctx);
      if (ok) return { value, done: false };
    } catch (error) {
      await this.return();
      throw run.reason(this.#ctx, error);
    }
    return await this.return();
  }

  async return(): Promise<IteratorReturnResult<void>> {
    const run = this.#run?.run;
    this.#run = this.#build = undefined;
    await run?.end();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  #start(): { run: Run; input: RecvChan<T> } | undefined {
    if (this.#build === undefined) return this.#run;
    const run = new Run(this.#ctx);
    this.#run = { run, input: this.#build(run) };
    this.#build = undefined;
    return this.#run;
  }
}

/** A pipeline that begins with the values of `source`: whatever {@link from} takes. */
export function pipeline<T>(ctx: Context, source: Source<T>): Pipeline<T> {
  checkParent(ctx);
  checkSource("pipeline", source);
  return make(ctx, (run) => from(run.ctx, source, stageOf(run)));
}
