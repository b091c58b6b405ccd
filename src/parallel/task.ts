// task: marks a function as one that any processor can run.

import type { Cancel } from "../internal/types.js";
import { spawn } from "../internal/rt/goroutine.js";
import { register } from "./functions.js";
import { start, submit } from "./submit.js";

/** A function that any thread can run. */
export interface Task<A extends unknown[], R> {
  /** Runs it here, as any function. */
  (...args: A): R | Promise<R>;

  /**
   * Runs it on some processor; gives its result, or rejects with its error. The arguments and the result are copied: what cannot
   * be rejects with a `TypeError` that says where it is.
   *
   * ```ts
   * const primes = await countPrimes.run(1, 1_000_000);
   * ```
   */
  run(...args: A): Promise<R>;

  /**
   * {@link run}, until `ctx` is done: then it rejects with the context's error. A task that has not begun by then never does;
   * one that runs is not stopped, but sees it in its own `context()`.
   *
   * Contexts and signals may be among the arguments as well, and in what is sent on channels: there they arrive as what they
   * are, and end when they do here, by cancel or deadline, with their cause. Their values do not cross.
   */
  runWith(ctx: Cancel, ...args: A): Promise<R>;
}

/**
 * Marks a module-level function as runnable on any processor. Call it at module level, with `import.meta`; other threads find it
 * by its module and its name, so it must have one.
 *
 * `go(t, …args)` starts it as a goroutine on some processor: an error that it does not catch is a panic of the program.
 *
 * ```ts
 * export const countPrimes = task(import.meta, function countPrimes(from: number, to: number) { … });
 * ```
 */
export function task<A extends unknown[], R>(
  meta: ImportMeta,
  fn: (...args: A) => R | Promise<R>,
): Task<A, Awaited<R>> {
  if (typeof meta !== "object" || meta === null) throw new TypeError("task: the first argument must be import.meta");
  if (typeof meta.url !== "string") {
    throw new TypeError(
      "task: import.meta has no url here, as in a bundle of CommonJS; by it other threads find the task, so bundle as ESM " +
        "(esbuild: --format=esm)",
    );
  }
  if (typeof fn !== "function") throw new TypeError(`task: expected a function, got ${typeof fn}`);
  if (fn.name === "" && !/^(async )?function/.test(String(fn))) {
    throw new TypeError(
      "task: the function must have a name, by which other threads find it: function work() { … } in place of () => …",
    );
  }
  const origin = register(meta.url, fn);
  const call = (...args: A) => fn(...args);
  Object.defineProperty(call, "name", { value: fn.name });
  return Object.assign(call, {
    run: (...args: A) => submit<Awaited<R>>(origin, args, undefined),
    runWith: (ctx: Cancel, ...args: A) => submit<Awaited<R>>(origin, args, ctx),
    [spawn]: (...args: A) => start(origin, args),
  }) as Task<A, Awaited<R>>;
}
