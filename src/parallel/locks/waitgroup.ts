// shared.WaitGroup: waits for a number of goroutines to end, in all threads.

import type { Cancel } from "../../internal/types.js";
import { reasonToStop, wait } from "../../internal/chan/cancel.js";
import type { Form } from "../../internal/rt/park.js";
import { pass } from "../../internal/rt/slice.js";
import { Line } from "../../internal/shared/line.js";
import type { Thread } from "../../internal/shared/thread.js";
import { BLOCKED, MISUSE, OK, Q1, WAIT_GROUP } from "../../internal/shared/wasm/layout.js";
import { Group, negative } from "../../sync/waitgroup.js";
import { at, create, dispose, passes, Place, refuse } from "./gate.js";

const name = "shared.WaitGroup";
const waiting: Form = { state: "sync.WaitGroup.Wait", result: () => undefined };

/**
 * Waits for a collection of goroutines to finish, whatever threads they run on. Go: `sync.WaitGroup`.
 *
 * What a thread has added and not done as it dies is not taken back. {@link go} counts on the thread of its caller, and so is
 * safe.
 *
 * ```ts
 * const wg = new shared.WaitGroup();
 * for (const url of urls) wg.go(fetchPage, url); // a task: on every core
 * await wg.wait();
 * ```
 */
export class WaitGroup extends Group implements Disposable {
  /** @internal */
  readonly on: Thread;
  /** @internal */
  readonly kind: number = WAIT_GROUP;
  /** @internal */
  pointer: number;
  /** @internal */
  waiting = 0;
  readonly #line: Line;

  constructor();
  /** @internal */
  constructor(place: Place);
  constructor(place?: Place) {
    super();
    const { on, pointer } = place instanceof Place ? place : create(WAIT_GROUP);
    this.on = on;
    this.pointer = pointer;
    this.#line = new Line(this, Q1, 0, {
      name,
      enter: (waiter) => on.core.wait(this.pointer, waiter),
      gives: () => undefined,
    });
    if (place === undefined) on.registry.adopt(this);
  }

  /**
   * Adds `n`, which may be negative, to the counter; at 0 everybody who waits goes on. Below 0: a `GoPanic`. Counts up to 2^31
   * - 1.
   */
  add(n: number): void {
    if (!Number.isSafeInteger(n)) throw new RangeError(`sync: WaitGroup.add: expected an integer, got ${String(n)}`);
    const result = this.#add(n);
    if (result === MISUSE) throw negative();
    if (result !== OK) throw new RangeError(`${name}.add: the counter would become larger than 2^31 - 1, by ${n}`);
    this.on.nudge();
  }

  /** Waits until the counter is 0. With `ctx`: rejects with its error when it is done first. */
  wait(ctx?: Cancel): Promise<void> {
    const stop = refuse(this, name) ?? (ctx === undefined ? undefined : reasonToStop(ctx));
    if (stop !== undefined) return stop;
    return this.on.core.wait(this.pointer, 0) === OK ? pass() : wait(this.#line, waiting, undefined, ctx);
  }

  /** This thread does not use the group any more. */
  [Symbol.dispose](): void {
    dispose(this);
  }

  #add(n: number): number {
    if ((n | 0) === n) return this.on.core.add(at(this, name), n);
    return n < 0 ? MISUSE : BLOCKED;
  }
}

passes(WAIT_GROUP, (place) => new WaitGroup(place));
