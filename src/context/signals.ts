// Contexts that end by what comes from outside: an AbortSignal, a signal of the operating system.

import type { CancelFunc, Context } from "../internal/types.js";
import { onAbort } from "../internal/chan/cancel.js";
import type { Queue } from "../internal/ds/queue.js";
import { onSignals } from "../internal/host/host.js";
import { background } from "./background.js";
import { canceller } from "./cancel.js";
import { checkParent } from "./derived.js";
import { canceled, SignalError } from "./errors.js";
import { type Branch, CancelContext, hang } from "./tree.js";

/** A context with something that it listens to, for as long as it is not done. */
class ListeningContext extends CancelContext {
  readonly #name: (parent: string) => string;
  #deaf: (() => void) | undefined;

  constructor(parent: Context, name: (parent: string) => string) {
    super(parent);
    this.#name = name;
    hang(this, parent);
  }

  listen(start: (end: (cause: Error) => void) => () => void): void {
    if (this.err() === undefined) this.#deaf = start((cause) => this.cancel(canceled, cause));
  }

  override fall(err: Error, cause: Error): Queue<Branch> | undefined {
    this.#deaf?.();
    this.#deaf = undefined;
    return super.fall(err, cause);
  }

  protected override print(parent: string): string {
    return this.#name(parent);
  }
}

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
export function fromSignal(signal: AbortSignal, parent: Context = background()): [Context, CancelFunc] {
  if (typeof signal?.aborted !== "boolean") {
    throw new TypeError(`context: fromSignal: expected an AbortSignal, got ${String(signal)}`);
  }
  checkParent(parent);
  const ctx = new ListeningContext(parent, (name) => `context.FromSignal(${name})`);
  ctx.listen((end) => {
    const aborted = () => end(asError(signal.reason));
    if (!signal.aborted) return onAbort(signal, aborted);
    aborted();
    return () => {};
  });
  return [ctx, canceller(ctx)];
}

/** The reason of a signal as a cause. */
export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(`aborted: ${String(reason)}`, { cause: reason });
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
 * A child of `parent` that ends when the program gets one of the signals, when `cancel` is called, or with the parent.
 * From then on the signals do again what they did before. Its cause names the signal. Go: `signal.NotifyContext`.
 *
 * ```ts
 * const [ctx, stop] = context.notifySignals(context.background(), "SIGINT", "SIGTERM");
 * ```
 */
export function notifySignals(parent: Context, ...signals: SignalName[]): [Context, CancelFunc] {
  checkParent(parent);
  if (signals.length === 0) throw new TypeError("context: notifySignals: expected at least one signal");
  const ctx = new ListeningContext(parent, (name) => `signal.NotifyContext(${name}, [${signals.join(" ")}])`);
  ctx.listen((end) => onSignals(signals, (signal) => end(new SignalError(signal))));
  return [ctx, canceller(ctx)];
}
