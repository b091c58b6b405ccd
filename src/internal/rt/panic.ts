// Panics, fatal errors, and the end of a program that has one.

import { exit, exitNow, handOver, keepAlive, report } from "../host/host.js";
import { detail } from "./detail.js";
import { count } from "./census.js";
import { userFrames } from "./frames.js";
import { halt } from "./slice.js";

/** An error where Go panics, with Go's words and a stable `code`. Misuse of a channel or a lock, for the most part. */
export class GoPanic extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }

  static {
    this.prototype.name = "GoPanic";
  }
}

const handlers = new Set<(error: Error) => void>();

/** Whoever tests for fatal errors: `handler` is told, and the misuse throws instead of ending the program. */
export function onFatal(handler: (error: Error) => void): Disposable {
  const entry = (error: Error) => handler(error);
  handlers.add(entry);
  return { [Symbol.dispose]: () => void handlers.delete(entry) };
}

/** Misuse that Go does not let a program survive: ends it, unless somebody tests for such errors. Then throws. */
export function fatal(message: string, code: string): never {
  const error = new GoPanic(message, code);
  if (handlers.size === 0) {
    halt();
    report(`fatal error: ${message}\n\n${running(frames(error))}`);
    exitNow(2);
  }
  for (const handler of handlers) handler(error);
  throw error;
}

/**
 * An error that no goroutine caught: the end of the program. `where` puts before its stack which goroutine it was of, and so
 * on.
 */
export function panic(error: unknown, where: (stack: string) => string = running): void {
  if (handOver(error)) return;
  halt();
  report(`panic: ${describe(error)}\n\n${where(trace(error))}`);
  exit(2);
}

/** Whether another thread may still wake a goroutine of this one; then the program goes on. */
let elsewhere = () => false;

export function setElsewhere(mayWake: () => boolean): void {
  elsewhere = mayWake;
}

/** Every goroutine waits, and nothing is left that could wake one: the end of the program. */
export async function deadlock(): Promise<void> {
  if (elsewhere()) return;
  keepAlive();
  const none = count() === 0;
  const dump = none ? "" : `\n${await (detail?.dump() ?? unknown())}`;
  halt();
  report(
    `fatal error: ${none ? "no goroutines (main called runtime.Goexit)" : "all goroutines are asleep"} - deadlock!\n${dump}`,
  );
  exit(2);
}

function unknown(): string {
  return `goroutines: ${count()}; see gort run\n`;
}

function running(stack: string): string {
  if (detail === undefined) return `goroutine [running]:\n${stack}`;
  const { id, created } = detail.failing();
  return `goroutine ${id} [running]:\n${stack}${created}`;
}

function describe(error: unknown): string {
  return title(error).replaceAll("\n", "\n\t");
}

function title(error: unknown): string {
  try {
    if (!(error instanceof Error)) return typeof error === "string" ? error : `(${typeof error}) ${String(error)}`;
    return error.name === "Error" || error instanceof GoPanic ? error.message : `${error.name}: ${error.message}`;
  } catch {
    return `(${typeof error}) panic while printing panic value`;
  }
}

/** The frames of the error and of its causes, each once. */
function trace(error: unknown, seen: Set<unknown> = new Set()): string {
  if (!(error instanceof Error) || seen.has(error)) return "";
  seen.add(error);
  try {
    const cause = error.cause === undefined ? [] : [error.cause];
    const below: unknown[] = error instanceof AggregateError ? error.errors : cause;
    return frames(error) + below.map((each) => `\ncaused by: ${describe(each)}\n${trace(each, seen)}`).join("");
  } catch {
    return "";
  }
}

function frames(error: Error): string {
  const lines = userFrames(error.stack);
  return lines === "" ? "" : `${lines}\n`;
}
