// Contexts that can be cancelled, and the tree of them.
//
// Invariants: a context is in its parent's `children` exactly until one of the two is done. Cancelling changes the whole subtree
// before it wakes anybody: whoever runs because of it finds every context below done.

import type { CancelCauseFunc, Context, Key, RecvChan } from "../internal/types.js";
import { Rendezvous } from "../internal/chan/rendezvous.js";
import { abortController } from "../internal/host/host.js";
import { canceled } from "./errors.js";

class CancelContext implements Context {
  readonly parent: Context;
  #err: Error | undefined;
  #cause: Error | undefined;
  #done: Rendezvous<never> | undefined;
  #controller: AbortController | undefined;

  constructor(parent: Context) {
    this.parent = parent;
  }

  deadline(): Date | undefined {
    return this.parent.deadline();
  }

  done(): RecvChan<never> {
    if (this.#done === undefined) {
      this.#done = new Rendezvous<never>();
      if (this.#err !== undefined) this.#done.close();
    }
    return this.#done;
  }

  err(): Error | undefined {
    return this.#err;
  }

  get cause(): Error | undefined {
    return this.#cause;
  }

  value<T>(key: Key<T>): T | undefined {
    return this.parent.value(key);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = abortController();
      if (this.#err !== undefined) this.#controller.abort(this.#cause);
    }
    return this.#controller.signal;
  }

  cancel(err: Error, cause: Error): void {
    if (this.#err !== undefined) return;
    this.#err = err;
    this.#cause = cause;
    this.#done?.close();
    this.#controller?.abort(cause);
  }

  toString(): string {
    return `${String(this.parent)}.WithCancel`;
  }
}

/** A child of `parent` that ends when `cancel(cause)` is called. Go: `context.WithCancelCause`. */
export function withCancelCause(parent: Context): [ctx: Context, cancel: CancelCauseFunc] {
  const ctx = new CancelContext(parent);
  const cancel = (cause?: Error) => ctx.cancel(canceled, cause ?? canceled);
  return [ctx, Object.assign(cancel, { [Symbol.dispose]: () => cancel() })];
}
