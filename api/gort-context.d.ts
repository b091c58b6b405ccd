// gort/context: the public API. Written by "npm run api".

import type { RecvChan } from "gort";

/** Ends a context with a cause. The first cause counts. */
export type CancelCauseFunc = ((cause?: Error) => void) & Disposable;

/** Ends a context and everything derived from it. Calling it again does nothing. */
export type CancelFunc = (() => void) & Disposable;

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

/** A typed key of a context value, made by `context.key`. Its identity is the key; its name is for printing. */
export interface Key<T> {
  readonly name: string;
  /** Never set; it ties the key to the type of its value. */
  readonly type?: T;
}

/** The cause of a context that a signal has ended. */
export declare class SignalError extends Error {
  readonly signal: string;
  constructor(signal: string);
}

/** The signals of the operating system that a program may be told of. */
export type SignalName =
  | "SIGABRT"
  | "SIGALRM"
  | "SIGBREAK"
  | "SIGCONT"
  | "SIGHUP"
  | "SIGINT"
  | "SIGPIPE"
  | "SIGQUIT"
  | "SIGTERM"
  | "SIGUSR1"
  | "SIGUSR2"
  | "SIGWINCH";

/**
 * Calls `f` in its own goroutine once `ctx` is done; at once, if it is. Gives `stop`, which tells whether it kept `f`
 * from being called; it does not wait for one that runs. Go: `context.AfterFunc`.
 *
 * ```ts
 * const stop = context.afterFunc(ctx, () => socket.destroy());
 * ```
 */
export declare function afterFunc(ctx: Context, f: () => unknown): () => boolean;

/** The root of all contexts: never cancelled, no values, no deadline. Go: `context.Background`. */
export declare function background(): Context;

/** The error of a context that was cancelled. Go: `context.Canceled`. */
export declare const canceled: Error;

/**
 * Why `ctx` is done: the cause given to its `cancel`, or its error; `undefined` while it is not done. Go: `context.Cause`.
 */
export declare function cause(ctx: Context): Error | undefined;

/** The error of a context whose deadline has passed. Go: `context.DeadlineExceeded`. */
export declare const deadlineExceeded: Error;

/**
 * A context that ends when `signal` aborts, when `cancel` is called, or with `parent` (the background, if none is
 * given).
 *
 * Its error is `canceled`, its cause the signal's reason (wrapped in an `Error` if it is none). The listener goes with
 * the context.
 *
 * ```ts
 * const [ctx, cancel] = context.fromSignal(request.signal);
 * ```
 */
export declare function fromSignal(signal: AbortSignal, parent?: Context): [Context, CancelFunc];

/**
 * Makes a key for `withValue`: it carries the type of its value; the name is for printing. Go: an unexported key type.
 *
 * ```ts
 * const userKey = context.key<User>("user");
 * ```
 */
export declare function key<T>(name: string): Key<T>;

/**
 * A child of `parent` that ends when the program gets one of the signals, when `cancel` is called, or with the parent.
 * From then on the signals do again what they did before. Its cause names the signal. Go: `signal.NotifyContext`.
 *
 * ```ts
 * const [ctx, stop] = context.notifySignals(context.background(), "SIGINT", "SIGTERM");
 * ```
 */
export declare function notifySignals(parent: Context, ...signals: SignalName[]): [Context, CancelFunc];

/** Like {@link background}, where it is not yet clear which context to use. Go: `context.TODO`. */
export declare function todo(): Context;

/**
 * A child of `parent` that ends when `cancel` is called, or with the parent. Go: `context.WithCancel`.
 *
 * Call `cancel` when the work is done: it lets the parent forget the child. Everything below is done before `cancel`
 * returns.
 *
 * ```ts
 * const [ctx, cancel] = context.withCancel(parent);
 * try {
 *   await work(ctx);
 * } finally {
 *   cancel();
 * }
 * ```
 */
export declare function withCancel(parent: Context): [ctx: Context, cancel: CancelFunc];

/**
 * {@link withCancel} with a `cancel` that takes a cause, which `context.cause(ctx)` then gives. Go:
 * `context.WithCancelCause`.
 */
export declare function withCancelCause(parent: Context): [ctx: Context, cancel: CancelCauseFunc];

/**
 * A child of `parent` that ends at `at` (a date, or milliseconds since 1970), when `cancel` is called, or with the
 * parent. If the parent's deadline is earlier, that counts. A deadline that has passed: the child is done at once;
 * Infinity: it has none. Go: `context.WithDeadline`.
 */
export declare function withDeadline(parent: Context, at: Date | number): [Context, CancelFunc];

/**
 * {@link withDeadline} with the cause that `context.cause` gives if the deadline ends it. Go:
 * `context.WithDeadlineCause`.
 */
export declare function withDeadlineCause(parent: Context, at: Date | number, cause: Error): [Context, CancelFunc];

/**
 * A child of `parent` that ends after `ms` milliseconds, when `cancel` is called, or with the parent. Infinity is no
 * time-out. Go: `context.WithTimeout`.
 *
 * ```ts
 * const [ctx, cancel] = context.withTimeout(parent, 2 * time.second);
 * ```
 */
export declare function withTimeout(parent: Context, ms: number): [Context, CancelFunc];

/**
 * {@link withTimeout} with the cause that `context.cause` gives if the time-out ends it. Go:
 * `context.WithTimeoutCause`.
 */
export declare function withTimeoutCause(parent: Context, ms: number, cause: Error): [Context, CancelFunc];

/**
 * A context like `parent` that holds `value` for `key`. For what belongs to a request and crosses packages, not for
 * optional arguments. Throws a `GoPanic` on a nil key. Go: `context.WithValue`.
 *
 * ```ts
 * const userKey = context.key<User>("user");
 * const ctx = context.withValue(parent, userKey, user);
 * ctx.value(userKey); // User | undefined
 * ```
 */
export declare function withValue<T>(parent: Context, key: Key<T>, value: T): Context;

/**
 * A context with the values of `parent` that does not end with it: no deadline, no error. Go: `context.WithoutCancel`.
 */
export declare function withoutCancel(parent: Context): Context;

export {};
