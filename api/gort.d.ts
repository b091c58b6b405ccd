// gort: the public API. Written by "npm run api".

/** What cancels a wait: a {@link Context}, or the platform's own signal. */
export type Cancel = Context | AbortSignal;

/** Ends a context with a cause. The first cause counts. */
export type CancelCauseFunc = ((cause?: Error) => void) & Disposable;

/** Ends a context and everything derived from it. Calling it again does nothing. */
export type CancelFunc = (() => void) & Disposable;

/** The record that `select` takes: its keys name the cases. A case that is `undefined`, `null` or `nil` is off. */
export type Cases = Readonly<Record<string, RecvChan<unknown> | SendCase | null | undefined>>;

/** A channel. It is assignable to either of its directions. Go: `chan T`. */
export interface Chan<in out T> extends SendChan<T>, RecvChan<T> {}

/** Carries cancellation, a deadline and request-scoped values to everything that works for one cause. Go: `context.Context`. */
export interface Context {
  /** When the context will be cancelled by time, if ever. */
  deadline(): Date | undefined;
  /** A channel that is closed when the context is done; `nil` if it can never be. The same one at every call. */
  done(): RecvChan<never>;
  /** `undefined` until the context is done, then `context.canceled` or `context.deadlineExceeded`, for good. */
  err(): Error | undefined;
  /** The value that this context or its nearest ancestor holds for `key`. */
  value<T>(key: Key<T>): T | undefined;
  /** The platform's view of the context, made on first use. Its reason is the context's cause. */
  readonly signal: AbortSignal;
}

/** An error where Go panics, with Go's words and a stable `code`. Misuse of a channel or a lock, for the most part. */
export declare class GoPanic extends Error {
  readonly code: string;
  constructor(message: string, code: string);
}

/** A typed key of a context value, made by `context.key`. Its identity is the key; its name is for printing. */
export interface Key<T> {
  readonly name: string;
  /** Never set; it ties the key to the type of its value. */
  readonly type?: T;
}

/** What `recvOk` and `tryRecv` give: the value, and whether it was sent (`true`) or the channel is closed and drained. */
export type Received<T> = [value: T, ok: true] | [value: undefined, ok: false];

/** The receiving side of a channel; also an async iterable, which is Go's `range`. Go: `<-chan T`. */
export interface RecvChan<out T> extends AsyncIterable<T, void> {
  /**
   * Receives a value; `undefined` once the channel is closed and drained. Go: `v := <-ch`.
   *
   * With `ctx`: rejects with its error when it is done first, and nothing has been received. A value that is itself
   * a promise arrives settled; use {@link recvOk} to get it as it is.
   *
   * ```ts
   * const job = await jobs.recv();
   * ```
   */
  recv(ctx?: Cancel): Promise<T | undefined>;
  /** Receives a value and whether it was sent: `const [v, ok] = await ch.recvOk()`. Go: `v, ok := <-ch`. */
  recvOk(ctx?: Cancel): Promise<Received<T>>;
  /** Receives without blocking: `undefined` when it would block. Go: `select { case v, ok := <-ch: … default: … }`. */
  tryRecv(): Received<T> | undefined;
  /** Takes all that can be received without blocking (buffer, then parked senders), at most `max` values. */
  drain(max?: number): T[];
  /**
   * Waits for at least one value, then takes what is there, at most `max` values. An empty array means closed and
   * drained. One wait for many values is the cheapest way to read a busy channel.
   */
  recvMany(max?: number, ctx?: Cancel): Promise<T[]>;
  /** Go's `for v := range ch`. Leaving the loop early neither closes the channel nor takes another value. */
  [Symbol.asyncIterator](): AsyncIterator<T, void>;
  /** How many values are buffered. Go: `len(ch)`. */
  readonly len: number;
  /** How many values fit the buffer. Go: `cap(ch)`. */
  readonly cap: number;
}

/** What `select` gives: a union discriminated by `case`, so that `switch (s.case)` narrows `s.value` and `s.ok`. */
export type Selected<C extends Cases> = {
  [K in Name<C>]: Outcome<`${K}`, C[K]>;
}[Name<C>];

/** A send case of `select`, made by {@link SendChan.sending}. Immutable; it may be used any number of times. */
export interface SendCase {
  readonly [sendCase]: true;
}

/** The sending side of a channel. Go: `chan<- T`. */
export interface SendChan<in T> {
  /**
   * Sends `value`; resolves once a receiver or the buffer has it. Go: `ch <- v`.
   *
   * Rejects with a `GoPanic` ("send on closed channel") when the channel is closed, also while waiting; the value
   * is then not delivered. With `ctx`: rejects with its error when it is done first, and nothing has been sent.
   *
   * ```ts
   * await jobs.send({ id: 1 }, ctx);
   * ```
   */
  send(value: T, ctx?: Cancel): Promise<void>;
  /**
   * Sends without blocking: `false` when it would block, and the value is not sent. Throws a `GoPanic` on a closed
   * channel. Go: `select { case ch <- v: … default: … }`.
   */
  trySend(value: T): boolean;
  /**
   * Closes the channel: receivers drain what is buffered and then see the end, parked senders panic. Throws a
   * `GoPanic` ("close of closed channel", "close of nil channel"). Go: `close(ch)`.
   */
  close(): void;
  /** A send case for `select`: `select({ out: ch.sending(v), … })`. Go: `case ch <- v:`. */
  readonly sending: (value: T) => SendCase;
  /** How many values are buffered. Go: `len(ch)`. */
  readonly len: number;
  /** How many values fit the buffer. Go: `cap(ch)`. */
  readonly cap: number;
}

/**
 * Makes a channel: without a buffer, or with room for `capacity` values. Go: `make(chan T, capacity)`.
 *
 * Throws a `RangeError` unless the capacity is an integer from 0 to 2^53 - 1.
 *
 * ```ts
 * const jobs = chan<Job>(100);
 * ```
 */
export declare function chan<T>(capacity?: number): Chan<T>;

/**
 * Starts `fn(...args)` as a goroutine on this thread; a task (see gort/parallel), on any. Go: `go f(x, y)`.
 *
 * It first runs at the caller's next scheduling point, never within this call. Nothing is returned: share results through a
 * channel. An error that it does not catch is a panic: Go's report on stderr, and the program ends with exit code 2.
 *
 * ```ts
 * go(async () => results.send(await work()));
 * ```
 */
export declare function go<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): void;

/**
 * Ends the goroutine that calls it: its `finally` blocks run, and it is not a panic. Go: `runtime.Goexit()`.
 *
 * It works by throwing a value that is not an `Error`; a `catch` that swallows it cancels the exit.
 */
export declare function goexit(): never;

/**
 * Lets other goroutines run, and every 10 ms timers and I/O as well. Go: `runtime.Gosched()`.
 *
 * JavaScript cannot interrupt a loop: `await gosched()` in the long ones.
 */
export declare function gosched(): Promise<void>;

/**
 * Runs `fn` as the program's main goroutine, with a context that SIGINT and SIGTERM cancel. Go: `func main()`.
 *
 * - `fn` returns: the program ends, with exit code 0 (or `process.exitCode`), whatever other goroutines do. What was written to
 *   stdout and stderr is flushed.
 * - `fn` fails, or a promise that nobody handles does: Go's panic report on stderr, exit code 2. If it fails with the error of
 *   its context after a signal: exit code 130 (SIGINT) or 143 (SIGTERM), without a report.
 * - All goroutines wait, and nothing is left that could wake one: "fatal error: all goroutines are asleep - deadlock!", exit code
 *   2.
 * - A second signal kills the program, as the platform does.
 *
 * Call it once, at module level. In a worker thread it does nothing, so that a program's module can be loaded there.
 *
 * ```ts
 * main(async (ctx) => {
 *   await serve(ctx);
 * });
 * ```
 */
export declare function main(fn: (ctx: Context) => unknown): void;

/**
 * The nil channel: every send and receive on it blocks for ever, select never chooses it, close panics. Go: a `nil` channel.
 *
 * It stands for a channel of any type, so that a case of select can be switched off.
 */
export declare const nil: Chan<any>;

/**
 * Waits until one of the cases can proceed, and does it. Go: `select { … }`.
 *
 * The record's keys name the cases: a channel is a receive case, `ch.sending(v)` a send case; `undefined`, `null` and `nil`
 * switch a case off. If several are ready, each has the same chance. With no case that is on, it blocks for ever. Rejects with a
 * `GoPanic` if the chosen case sends on a closed channel, and with a `TypeError` on what is no case.
 *
 * ```ts
 * const s = await select({ job: jobs, quit: ctx.done() });
 * switch (s.case) {
 *   case "quit": return;
 *   case "job": if (s.ok) await handle(s.value);
 * }
 * ```
 */
export declare function select<const C extends Cases>(cases: C): Promise<Selected<C>>;

/**
 * select with a default: does one of the cases that can proceed now, or gives `undefined` if there is none. Never blocks.
 * Go: `select { …; default: }`.
 */
export declare function trySelect<const C extends Cases>(cases: C): Selected<C> | undefined;

type Name<C> = string extends keyof C ? string : keyof C & (string | number);

type Outcome<K extends string, X> = X extends SendCase
  ? {
      case: K;
    }
  : X extends RecvChan<infer T>
    ? | {
          case: K;
          value: T;
          ok: true;
        }
      | {
          case: K;
          value: undefined;
          ok: false;
        }
    : never;

declare const sendCase: unique symbol;

export {};
