// Group: goroutines that work on one task, and the first error among them.

import type { Context } from "../internal/types.js";
import { withCancelCause } from "../context/cancel.js";
import { Limiter } from "./limiter.js";

/** Makes a group that cancels a context; the class has no public way to. */
let make: (cancel: (cause?: Error) => void) => Group;

/**
 * A group of goroutines that work on parts of one task. Go: `errgroup.Group`.
 *
 * What a function throws (or rejects with) is its error; what it returns never is. A thrown `GoPanic` is a panic of the
 * program.
 *
 * ```ts
 * const [g, ctx] = errgroup.withContext(parent);
 * for (const url of urls) await g.go(() => fetchPage(ctx, url));
 * await g.wait(); // rejects with the first error, which has cancelled ctx
 * ```
 */
export class Group {
  readonly #goroutines = new Limiter((error) => this.#failed(error));
  #first: { error: unknown } | undefined;
  #cancel: ((cause?: Error) => void) | undefined;

  /**
   * Starts `f` in a goroutine. The promise: a slot was free, and `f` has been started; await it, and no more tasks are
   * made than the limit has room for. `wait` waits for `f` in any case. Rejects with a `TypeError` if `f` is no
   * function. Go: `g.Go`.
   */
  go(f: () => unknown): Promise<void> {
    return this.#goroutines.start(f);
  }

  /** Starts `f` in a goroutine if a slot is free; tells whether it did. Go: `g.TryGo`. */
  tryGo(f: () => unknown): boolean {
    return this.#goroutines.tryStart(f);
  }

  /**
   * At most `n` goroutines of the group run at once; any number, if `n` is negative, which is how a group begins. With
   * 0, `go` waits until the limit is changed. Throws a `GoPanic` while goroutines of the group run. Go: `g.SetLimit`.
   */
  setLimit(n: number): void {
    this.#goroutines.setLimit(n);
  }

  /**
   * Waits until all have ended, also after an error, and cancels the group's context; then rejects with the error that
   * came first, if any came. Whether that was now or before an earlier `wait`: it stays. Go: `g.Wait`.
   */
  async wait(): Promise<void> {
    await this.#goroutines.wait();
    this.#cancel?.(asCause(this.#first));
    if (this.#first !== undefined) throw this.#first.error;
  }

  #failed(error: unknown): void {
    if (this.#first !== undefined) return;
    this.#first = { error };
    this.#cancel?.(asCause(this.#first));
  }

  static {
    make = (cancel) => {
      const group = new Group();
      group.#cancel = cancel;
      return group;
    };
  }
}

/**
 * A group and a context that ends with the first error (which is its cause) or when `wait` returns. Go:
 * `errgroup.WithContext`.
 */
export function withContext(parent: Context): [g: Group, ctx: Context] {
  const [ctx, cancel] = withCancelCause(parent);
  return [make(cancel), ctx];
}

/** A context's cause is an `Error`, and what was thrown need not be one. */
function asCause(first: { error: unknown } | undefined): Error | undefined {
  if (first === undefined || first.error instanceof Error) return first?.error as Error | undefined;
  return new Error(String(first.error), { cause: first.error });
}
