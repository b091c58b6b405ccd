// Contexts that cross to other threads.

import type { Context } from "../internal/types.js";
import { background } from "../context/background.js";

/** Runs a task's function in its context. */
export function inContext<R>(_ctx: Context, fn: () => R): R {
  return fn();
}

/** Inside a task: its own context, that of `runWith`; otherwise the background. */
export function context(): Context {
  return background();
}
