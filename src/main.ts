// main: the program's life from its first goroutine to its exit code.

import type { Context } from "./internal/types.js";
import { background } from "./context/background.js";
import { canceled, SignalError } from "./context/errors.js";
import { CancelContext } from "./context/tree.js";
import { exit, onIdle, onMainThread, onSignals, onUnhandledRejection, raise } from "./internal/host/host.js";
import { isExit, startMain } from "./internal/rt/goroutine.js";
import { deadlock, panic } from "./internal/rt/panic.js";
import { halt } from "./internal/rt/slice.js";

const signals = { SIGINT: 2, SIGTERM: 15 } as const;

let called = false;

/**
 * Runs `fn` as the program's main goroutine, with a context that SIGINT and SIGTERM cancel. Go: `func main()`.
 *
 * - `fn` returns: the program ends, with exit code 0 (or `process.exitCode`), whatever other goroutines do. What was written to
 *   stdout and stderr is flushed.
 * - `fn` fails, or a promise that nobody handles does: Go's panic report on stderr, exit code 2. If it fails with the error of
 *   its context after a signal: exit code 130 (SIGINT) or 143 (SIGTERM), without a report.
 * - All goroutines wait, and nothing is left that could wake one: "fatal error: all goroutines are asleep - deadlock!", exit code
 *   2.
 * - A second signal kills the program, as the platform does.
 *
 * Call it once, at module level. In a worker thread it does nothing, so that a program's module can be loaded there.
 *
 * ```ts
 * main(async (ctx) => {
 *   await serve(ctx);
 * });
 * ```
 */
export function main(fn: (ctx: Context) => unknown): void {
  if (typeof fn !== "function") throw new TypeError(`main: expected a function, got ${typeof fn}`);
  if (!onMainThread()) return;
  if (called) throw new Error("main: called twice; a program has one main goroutine");
  called = true;

  const ctx = new CancelContext(background()); // withCancel would bring along what looks for a parent to hang on
  let code: number | undefined;
  const deaf = onSignals(Object.keys(signals), (signal) => {
    if (ctx.err() !== undefined) {
      deaf();
      raise(signal);
      return;
    }
    code = 128 + signals[signal as keyof typeof signals];
    ctx.cancel(canceled, new SignalError(signal));
  });

  onUnhandledRejection(panic);
  const stop = onIdle(() => void deadlock()); // main has not returned, and nothing is left that could wake anybody

  const end = (status?: number) => {
    halt();
    exit(status);
  };
  startMain(
    () => fn(ctx),
    () => end(),
    (error) => {
      if (isExit(error)) return;
      stop();
      if (code !== undefined && isCancellation(error, ctx)) end(code);
      else panic(error);
    },
  );
}

/** Whether a program fails just because its context ended: with the context's error or cause, or as the platform puts it. */
function isCancellation(error: unknown, ctx: Context): boolean {
  return error === ctx.err() || error === ctx.signal.reason || (error instanceof Error && error.name === "AbortError");
}
