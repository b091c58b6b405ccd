// What the arguments of stages must be: told at the call, with the name of the operation and what it got.

import type { RecvChan } from "../internal/types.js";

/** Throws a `TypeError` unless `input` can be received from. */
export function checkChannel(operation: string, input: RecvChan<unknown>): void {
  if (isChannel(input)) return;
  throw new TypeError(
    `patterns: ${operation}: expected a channel, got ${nameOf(input)}; from(ctx, …) makes one of an iterable`,
  );
}

/** Whether something can be received from. */
export function isChannel(x: unknown): x is RecvChan<unknown> {
  return typeof (x as RecvChan<unknown> | null | undefined)?.recvOk === "function";
}

/** Throws a `TypeError` unless `f` is a function. */
export function checkFunction(operation: string, f: unknown): void {
  if (typeof f !== "function") throw new TypeError(`patterns: ${operation}: expected a function, got ${nameOf(f)}`);
}

/** Throws a `RangeError` unless `n` is an integer, or Infinity, of at least `least`; gives it. */
export function checkCount(operation: string, what: string, n: number, least: number): number {
  if ((Number.isSafeInteger(n) || n === Infinity) && n >= least) return n;
  throw new RangeError(`patterns: ${operation}: ${what} must be an integer >= ${least}, got ${String(n)}`);
}

/** Throws a `RangeError` unless `ms` is a number above 0; gives it. */
export function checkMillis(operation: string, what: string, ms: number): number {
  if (typeof ms === "number" && ms > 0) return ms;
  throw new RangeError(`patterns: ${operation}: ${what} must be a number of milliseconds above 0, got ${String(ms)}`);
}

/** What an argument is, for a message. */
export function nameOf(x: unknown): string {
  if (x === null) return "null";
  return typeof x === "object" ? `an object (${x.constructor?.name ?? "without a class"})` : typeof x;
}
