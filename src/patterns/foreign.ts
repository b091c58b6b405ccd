// foreign: waiting for a promise that is not of our making, and leaving it when the context is done.

import type { Context } from "../internal/types.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { fail, type Form, ready, WaitQueue } from "../internal/rt/park.js";

const awaiting: Form = { state: "await", result: (value) => value };

/**
 * What `promise` gives; rejects with the context's error when that is done first. What the promise gives then is
 * lost.
 */
export function foreign<T>(ctx: Context, promise: PromiseLike<T>): Promise<T> {
  const place = new WaitQueue();
  promise.then(
    (value) => {
      const w = place.shift();
      if (w !== undefined) ready(w, value);
    },
    (error: unknown) => {
      const w = place.shift();
      if (w !== undefined) fail(w, error);
    },
  );
  return reasonToStop(ctx) ?? wait(place, awaiting, undefined, ctx);
}

/** Does nothing: for the error of a promise that has been given up. */
export function ignore(): void {}
