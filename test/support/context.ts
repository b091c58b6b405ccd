// Contexts that know of gort only what its interface says, and something to cancel every kind of wait with.

import { chan, type Cancel, type Context, type RecvChan } from "gort";

export const stopped: Error = new Error("stopped by hand");

/** A Context as a user would write one. Its error is set before its channel is closed, as the interface demands. */
export class HandMade implements Context {
  readonly #done = chan<never>();
  #controller: AbortController | undefined;
  #err: Error | undefined;

  deadline(): undefined {
    return undefined;
  }

  done(): RecvChan<never> {
    return this.#done;
  }

  err(): Error | undefined {
    return this.#err;
  }

  value(): undefined {
    return undefined;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#err !== undefined) this.#controller.abort(this.#err);
    return this.#controller.signal;
  }

  cancel(): void {
    if (this.#err !== undefined) return;
    this.#err = stopped;
    this.#done.close();
    this.#controller?.abort(stopped);
  }
}

/** A thing that cancels a wait: `cancel` makes it done, and the wait must then reject with `reason`. */
export interface Canceller {
  readonly ctx: Cancel;
  readonly reason: unknown;
  cancel(): void;
}

/** Both kinds of what may be given as `ctx`, by name. */
export const cancellers: Readonly<Record<string, () => Canceller>> = {
  Context: () => {
    const ctx = new HandMade();
    return { ctx, reason: stopped, cancel: () => ctx.cancel() };
  },
  AbortSignal: () => {
    const controller = new AbortController();
    return { ctx: controller.signal, reason: stopped, cancel: () => controller.abort(stopped) };
  },
};
