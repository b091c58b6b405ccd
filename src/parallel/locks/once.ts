// shared.Once: something happens one time only, in one of all threads.

import { wait } from "../../internal/chan/cancel.js";
import type { Form } from "../../internal/rt/park.js";
import { pass } from "../../internal/rt/slice.js";
import { Line, ownerDied } from "../../internal/shared/line.js";
import type { Thread } from "../../internal/shared/thread.js";
import { BLOCKED, CLOSED, DIED, ONCE, Q1 } from "../../internal/shared/wasm/layout.js";
import { at, create, dispose, passes, Place, refuse } from "./gate.js";

const name = "shared.Once";
const waiting: Form = { state: "sync.Once.Do", result: (mine) => mine };

/**
 * Runs a function once, however many call, in whatever threads. Go: `sync.Once`.
 *
 * If the thread that runs it dies, then the next who waits or calls is rejected with an error of code `ERR_OWNER_DIED`, and the
 * one after runs its function.
 *
 * ```ts
 * const once = new shared.Once();
 * await once.do(() => migrate(database));
 * ```
 */
export class Once implements Disposable {
  /** @internal */
  readonly on: Thread;
  /** @internal */
  readonly kind: number = ONCE;
  /** @internal */
  pointer: number;
  /** @internal */
  waiting = 0;
  readonly #line: Line;

  constructor();
  /** @internal */
  constructor(place: Place);
  constructor(place?: Place) {
    const { on, pointer } = place instanceof Place ? place : create(ONCE);
    this.on = on;
    this.pointer = pointer;
    this.#line = new Line(this, Q1, 0, {
      name,
      enter: (waiter) => on.core.acquire(this.pointer, waiter),
      gives: (got) => got,
    });
    if (place === undefined) on.registry.adopt(this);
  }

  /**
   * The first call runs `fn`, in its thread; every other one waits until that run has ended, and runs nothing. If `fn` fails, the
   * first call rejects with its error, and it counts as done. Go: `once.Do(f)`.
   */
  do(fn: () => unknown): Promise<void> {
    const stop = refuse(this, name);
    if (stop !== undefined) return stop;
    const result = this.on.core.acquire(this.pointer, 0);
    if (result === CLOSED) return pass();
    if (result === BLOCKED) return this.#waitFor(fn);
    if (result === DIED) return Promise.reject(ownerDied(name));
    return this.#run(fn);
  }

  /** This thread does not use it any more. */
  [Symbol.dispose](): void {
    dispose(this);
  }

  async #waitFor(fn: () => unknown): Promise<void> {
    const mine = await wait<boolean>(this.#line, waiting, undefined, undefined);
    if (mine) await this.#run(fn);
  }

  async #run(fn: () => unknown): Promise<void> {
    try {
      await fn();
    } finally {
      this.on.core.complete(at(this, name));
      this.on.nudge();
    }
  }
}

passes(ONCE, (place) => new Once(place));
