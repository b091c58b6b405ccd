// withCancel, withCancelCause: contexts that end when told to.

import type { CancelCauseFunc, CancelFunc, Context } from "../internal/types.js";
import { checkParent } from "./derived.js";
import { canceled } from "./errors.js";
import { CancelContext, hang } from "./tree.js";

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
export function withCancel(parent: Context): [ctx: Context, cancel: CancelFunc] {
  const ctx = child(parent);
  return [ctx, canceller(ctx)];
}

/**
 * {@link withCancel} with a `cancel` that takes a cause, which `context.cause(ctx)` then gives. Go:
 * `context.WithCancelCause`.
 */
export function withCancelCause(parent: Context): [ctx: Context, cancel: CancelCauseFunc] {
  const ctx = child(parent);
  const cancel = (cause?: Error) => ctx.cancel(canceled, cause ?? canceled);
  return [ctx, disposable(cancel)];
}

function child(parent: Context): CancelContext {
  checkParent(parent);
  const ctx = new CancelContext(parent);
  hang(ctx, parent);
  return ctx;
}

/** The function that cancels a context without a cause. */
export function canceller(ctx: CancelContext): CancelFunc {
  return disposable(() => ctx.cancel(canceled, canceled));
}

/** Lets `using` call the function in the end. */
function disposable<F extends () => void>(f: F): F & Disposable {
  (f as unknown as { [Symbol.dispose]: () => void })[Symbol.dispose] = f;
  return f as F & Disposable;
}
