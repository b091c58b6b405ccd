// Goroutines: how they start, how they end, how many there are.

import { later, pass, resolved } from "./slice.js";
import { ends, starts } from "./census.js";
import { detail } from "./detail.js";
import { fatal, panic } from "./panic.js";

/** What `goexit` throws. Not an error, so that nobody takes it for one. */
const exit: unique symbol = Symbol("goexit");

/** Under this a task has the way to start it on any thread; so nobody who has no tasks loads what runs them. */
export const spawn: unique symbol = Symbol();

/**
 * Starts `fn(...args)` as a goroutine on this thread; a task (see gort/parallel), on any. Go: `go f(x, y)`.
 *
 * It first runs at the caller's next scheduling point, never within this call. Nothing is returned: share results through a
 * channel. An error that it does not catch is a panic: Go's report on stderr, and the program ends with exit code 2.
 *
 * ```ts
 * go(async () => results.send(await work()));
 * ```
 */
export function go<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): void {
  if (typeof fn !== "function") refuse(fn);
  if (spawn in fn) return (fn[spawn] as typeof fn)(...args) as void;
  const body = inheriting(args.length === 0 ? fn : () => fn(...args));
  starts();
  later(begin, detail === undefined ? body : detail.go(body));
}

type Body = () => unknown;

/** A function that a goroutine is to run some time, with what belongs to the one that starts it. */
export let inheriting = (body: Body): Body => body;

/** A goroutine has what belongs to the one that starts it: `f` brings that over. */
export function setInherit(f: (body: Body) => Body): void {
  inheriting = f;
}

function refuse(fn: unknown): never {
  if (fn === undefined || fn === null) fatal("go of nil func value", "ERR_GO_NIL_FUNC");
  throw new TypeError(
    `go: expected a function, got ${fn instanceof Promise ? "a promise: write go(() => …)" : typeof fn}`,
  );
}

function begin(body: () => unknown): void {
  run(body, ends, failed);
}

/** Starts the program's main goroutine, which has been counted from the beginning. */
export function startMain(body: () => unknown, returned: () => void, threw: (error: unknown) => void): void {
  const lost = (error: unknown) => {
    ends();
    threw(error);
  };
  later(() => run(detail === undefined ? body : detail.main(body), returned, lost), undefined);
}

/** Runs a goroutine's function, and calls `done` or `error` in the end. */
function run(body: () => unknown, done: () => void, error: (e: unknown) => void): void {
  let result: unknown;
  try {
    result = body();
  } catch (e) {
    error(e);
    return;
  }
  if (result instanceof Promise) void result.then(done, error);
  else if (isThenable(result)) void resolved.then(() => result).then(done, error);
  else done();
}

function isThenable(x: unknown): x is PromiseLike<unknown> {
  return typeof x === "object" && x !== null && typeof (x as { then?: unknown }).then === "function";
}

function failed(error: unknown): void {
  ends();
  if (error !== exit) panic(error);
}

/**
 * Ends the goroutine that calls it: its `finally` blocks run, and it is not a panic. Go: `runtime.Goexit()`.
 *
 * It works by throwing a value that is not an `Error`; a `catch` that swallows it cancels the exit.
 */
export function goexit(): never {
  throw exit;
}

/**
 * Lets other goroutines run, and every 10 ms timers and I/O as well. Go: `runtime.Gosched()`.
 *
 * JavaScript cannot interrupt a loop: `await gosched()` in the long ones.
 */
export function gosched(): Promise<void> {
  return pass();
}

/** Whether `error` is what {@link goexit} throws. */
export function isExit(error: unknown): boolean {
  return error === exit;
}
