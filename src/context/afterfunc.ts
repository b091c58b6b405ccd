// afterFunc: something to do when a context is done.

import type { Context } from "../internal/types.js";
import { go } from "../internal/rt/goroutine.js";
import { Branch, checkParent, hang } from "./tree.js";

class AfterFunc extends Branch {
  readonly #f: () => unknown;
  #over = false;

  constructor(f: () => unknown) {
    super();
    this.#f = f;
  }

  override fall(): undefined {
    this.#over = true;
  }

  override wake(): void {
    go(this.#f);
  }

  stop(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.detach();
    return true;
  }
}

/**
 * Calls `f` in its own goroutine once `ctx` is done; at once, if it is. Gives `stop`, which tells whether it kept `f` from being
 * called; it does not wait for one that runs. Go: `context.AfterFunc`.
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
