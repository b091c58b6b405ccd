// The context of a task.

import type { Context } from "../internal/types.js";
import { background } from "../context/background.js";
import { builtin } from "../internal/host/host.js";
import { setInherit } from "../internal/rt/goroutine.js";
import type { Own } from "./own.js";
import type { TaskFunction } from "./functions.js";

/** Node's AsyncLocalStorage, or what is left of it where there is none. */
interface Storage {
  run<R>(own: Own | undefined, fn: () => R): R;
  getStore(): Own | undefined;
}

/** Made when the first task with a context runs here: from then on it costs something. */
let storage: Storage | undefined;

/** Runs a task's function, with this as its context; undefined: it has none. */
export function inContext(own: Own | undefined, fn: TaskFunction, args: readonly never[]): unknown {
  if (own !== undefined) storage ??= make();
  return storage === undefined ? fn(...args) : storage.run(own, () => fn(...args));
}

/**
 * The context of the task that calls it, also after its awaits and in goroutines that it has started: made from that of
 * `runWith`, and ended with the task. In a task that was started without one, and outside of tasks, the background.
 *
 * A task that computes for long finds out by asking, `context().err()`; one that waits hands it to what it waits for.
 *
 * ```ts
 * export const crawl = task(import.meta, async function crawl(url: string) {
 *   const reply = await fetch(url, { signal: context().signal });
 *   …
 * });
 * ```
 */
export function context(): Context {
  return storage?.getStore()?.get() ?? background();
}

function make(): Storage {
  const hooks = builtin("node:async_hooks") as { AsyncLocalStorage: new () => Storage } | undefined;
  const made = hooks === undefined ? new Synchronous() : new hooks.AsyncLocalStorage();
  setInherit((body) => {
    const own = made.getStore();
    return () => made.run(own, body);
  });
  return made;
}

/** Knows the context until the first await. */
class Synchronous implements Storage {
  #own: Own | undefined = undefined;

  run<R>(own: Own | undefined, fn: () => R): R {
    const before = this.#own;
    this.#own = own;
    try {
      return fn();
    } finally {
      this.#own = before;
    }
  }

  getStore(): Own | undefined {
    return this.#own;
  }
}
