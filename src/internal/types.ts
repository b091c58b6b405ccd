// The interfaces that refer to each other: channels, select, contexts. No code.

/** What `recvOk` and `tryRecv` give: the value, and whether it was sent (`true`) or the channel is closed and drained. */
export type Received<T> = [value: T, ok: true] | [value: undefined, ok: false];

/** What cancels a wait: a {@link Context}, or the platform's own signal. */
export type Cancel = Context | AbortSignal;

declare const sendCase: unique symbol;

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
  readonly sending: (value: T) => SendCase; // a property, so that its parameter counts: methods are bivariant

  /** How many values are buffered. Go: `len(ch)`. */
  readonly len: number;

  /** How many values fit the buffer. Go: `cap(ch)`. */
  readonly cap: number;
}

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

/** A channel. It is assignable to either of its directions. Go: `chan T`. */
export interface Chan<in out T> extends SendChan<T>, RecvChan<T> {}

/** The record that `select` takes: its keys name the cases. A case that is `undefined`, `null` or `nil` is off. */
export type Cases = Readonly<Record<string, RecvChan<unknown> | SendCase | null | undefined>>;

/** What `select` gives: a union discriminated by `case`, so that `switch (s.case)` narrows `s.value` and `s.ok`. */
export type Selected<C extends Cases> = {
  [K in Name<C>]: Outcome<`${K}`, C[K]>;
}[Name<C>];

type Name<C> = string extends keyof C ? string : keyof C & (string | number);

type Outcome<K extends string, X> = X extends SendCase
  ? { case: K }
  : X extends RecvChan<infer T>
    ? { case: K; value: T; ok: true } | { case: K; value: undefined; ok: false }
    : never;

/** A typed key of a context value, made by `context.key`. Its identity is the key; its name is for printing. */
export interface Key<T> {
  readonly name: string;
  /** Never set; it ties the key to the type of its value. */
  readonly type?: T;
}

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

/** Ends a context and everything derived from it. Calling it again does nothing. */
export type CancelFunc = (() => void) & Disposable;

/** Ends a context with a cause. The first cause counts. */
export type CancelCauseFunc = ((cause?: Error) => void) & Disposable;
