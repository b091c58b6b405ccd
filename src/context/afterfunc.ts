// afterFunc: something to do when a context is done.

import type { Context } from "../internal/types.js";
import { go, inheriting } from "../internal/rt/goroutine.js";
import { checkParent } from "./derived.js";
import { type Branch, type CancelContext, hang, leave } from "./tree.js";

class AfterFunc implements Branch {
  next: Branch = this;
  prev: Branch = this;
  trunk: CancelContext | undefined = undefined;
  unfollow: (() => void) | undefined = undefined;
  #f: (() => unknown) | undefined; // until it is called or given up

  constructor(f: () => unknown) {
    this.#f = inheriting(f);
  }

  fall(): undefined {}

  wake(): void {
    const f = this.#f;
    this.#f = undefined;
    if (f !== undefined) go(f);
  }

  abort(): void {}

  stop(): boolean {
    if (this.#f === undefined) return false;
    this.#f = undefined;
    leave(this)?.();
    return true;
  }
}

/**
 * Calls `f` in its own goroutine once `ctx` is done; at once, if it is. Gives `stop`, which tells whether it kept `f`
 * from being called; it does not wait for one that runs. Go: `context.AfterFunc`.
 *
 * ```ts
 * const stop = context.afterFunc(ctx, () => socket.destroy());
 * ```
 */
export function afterFunc(ctx: Context, f: () => unknown): () => boolean {
  checkParent(ctx);
  if (typeof f !== "function") throw new TypeError(`context: afterFunc: expected a function, got ${typeof f}`);
  const branch = new AfterFunc(f);
  hang(branch, ctx);
  return () => branch.stop();
}
