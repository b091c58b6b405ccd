// The one place that knows the platform: clock, timers, macrotasks, random numbers, signals, the ends of a program.
//
// Nothing here is imported from the platform; what it has is found on globalThis, so that one file serves Node, Deno, Bun and
// browsers, and the core builds without any platform's types.

/** The part of Node's `process` that is used where there is one. */
interface Process {
  readonly pid: number;
  exitCode?: number | string | null | undefined;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Record<string, string | undefined>;
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
  exit(code?: number | string | null): never;
  kill(pid: number, signal: string): void;
  listenerCount(event: string): number;
  hasUncaughtExceptionCaptureCallback?(): boolean;
  getBuiltinModule?(name: string): unknown;
}

interface Writable {
  readonly writableLength: number;
  readonly destroyed?: boolean;
  write(text: string, done?: () => void): boolean;
  once(event: string, listener: () => void): void;
}

interface Timeout {
  ref?(): void;
  unref?(): void;
}

interface Platform {
  readonly process?: Process;
  readonly performance: { now(): number };
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly setImmediate?: (f: () => void) => unknown;
  setTimeout(f: () => void, ms: number): Timeout | number;
  clearTimeout(timer: Timeout | number): void;
  reportError?(error: unknown): void;
  gc?: (() => void) | undefined;
}

const platform = globalThis as unknown as Platform;
const node = typeof platform.process?.on === "function" ? platform.process : undefined;

/** Milliseconds of a clock that never goes back. */
export const now: () => number = performance.now.bind(performance);

/** Milliseconds since 1970, as the wall clock has it. */
export const wall: () => number = Date.now;

/** Runs `f` after timers and I/O have had their turn. */
export const macrotask: (f: () => void) => void = platform.setImmediate ?? messageTask;

let port: MessagePort | undefined;
const tasks: (() => void)[] = [];

function messageTask(f: () => void): void {
  if (port === undefined) {
    const { port1, port2 } = new MessageChannel();
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- only this one starts the port, too
    port1.onmessage = () => tasks.shift()?.();
    port = port2;
  }
  tasks.push(f);
  port.postMessage(0);
}

/** A longer delay makes the platform's timer fire at once. */
const longest = 2 ** 31 - 1;

/**
 * One timer that keeps the program alive while it is needed, and can be aimed anew cheaply: aiming it later, or at nothing,
 * leaves the platform's timer as it is, since `fire` has to look at the clock in any case.
 */
export class HostTimer {
  readonly #fire: () => void;
  #timer: Timeout | number | undefined;
  #at = Infinity;
  #held = true;

  constructor(fire: () => void) {
    this.#fire = () => {
      this.#timer = undefined;
      this.#at = Infinity;
      fire();
    };
  }

  /** Fires at `at` or somewhat earlier; never, if it is Infinity. */
  aim(at: number): void {
    if (at === Infinity) {
      this.#hold(false);
    } else if (at >= this.#at) {
      this.#hold(true);
    } else {
      if (this.#timer !== undefined) platform.clearTimeout(this.#timer);
      this.#at = at;
      this.#timer = platform.setTimeout(this.#fire, Math.min(Math.max(Math.ceil(at - now()), 0), longest));
      this.#held = true;
    }
  }

  #hold(held: boolean): void {
    if (this.#timer === undefined || held === this.#held || typeof this.#timer === "number") return;
    this.#held = held;
    if (held) this.#timer.ref?.();
    else this.#timer.unref?.();
  }
}

/** Calls `f` every `ms` milliseconds, without keeping the program alive. Gives the way to stop. */
export function background(ms: number, f: () => void): () => void {
  let timer: Timeout | number;
  const next = () => {
    timer = platform.setTimeout(() => {
      f();
      next();
    }, ms);
    if (typeof timer !== "number") timer.unref?.();
  };
  next();
  return () => platform.clearTimeout(timer);
}

/** Calls `f` once, after `ms` milliseconds, without keeping the program alive. */
export function after(ms: number, f: () => void): void {
  const timer = platform.setTimeout(f, ms);
  if (typeof timer !== "number") timer.unref?.();
}

/** Asks the garbage collector to run now, where it can be asked. */
export function collectGarbage(): void {
  if (platform.gc === undefined) {
    const v8 = builtin("node:v8") as { setFlagsFromString(flags: string): void } | undefined;
    const vm = builtin("node:vm") as { runInNewContext(code: string): () => void } | undefined;
    v8?.setFlagsFromString("--expose-gc");
    platform.gc = vm?.runInNewContext("gc");
  }
  platform.gc?.();
}

/** A module of the platform, where it has such modules. */
export function builtin(name: string): unknown {
  return node?.getBuiltinModule?.(name);
}

/** How many processors the machine gives this program. */
export function processors(): number {
  const os = builtin("node:os") as { availableParallelism?(): number } | undefined;
  return os?.availableParallelism?.() ?? platform.navigator?.hardwareConcurrency ?? 1;
}

/** An environment variable, where there are any. */
export function env(name: string): string | undefined {
  return node?.env[name];
}

/** Whether this is the thread that the program began on. */
export function onMainThread(): boolean {
  const threads = builtin("node:worker_threads") as { isMainThread?: boolean } | undefined;
  return threads?.isMainThread ?? typeof (globalThis as { importScripts?: unknown }).importScripts !== "function";
}

/** Listens for signals, without keeping the program alive. Gives the way to stop. */
export function onSignals(names: readonly string[], listener: (signal: string) => void): () => void {
  for (const name of names) node?.on(name, listener);
  return () => {
    for (const name of names) node?.off(name, listener);
  };
}

/** Ends this program as the signal does when nobody listens. */
export function raise(signal: string): void {
  node?.kill(node.pid, signal);
}

/** Calls `listener` when the event loop has nothing left that could run. Gives the way to stop. */
export function onIdle(listener: () => void): () => void {
  node?.on("beforeExit", listener);
  return () => node?.off("beforeExit", listener);
}

/** Calls `listener` with the reason of a promise that was rejected and that nobody handles, if nobody else listens for that. */
export function onUnhandledRejection(listener: (reason: unknown) => void): void {
  node?.on("unhandledRejection", (reason) => {
    if (node.listenerCount("unhandledRejection") === 1) listener(reason);
  });
}

/** An AbortController whose signal may have any number of listeners without a warning. */
export function abortController(): AbortController {
  const controller = new AbortController();
  const events = builtin("node:events") as { setMaxListeners(n: number, target: EventTarget): void } | undefined;
  events?.setMaxListeners(0, controller.signal);
  return controller;
}

/**
 * Calls `changed` as the signal gets its first listener, and as it loses its last; where that cannot be known, as if it had one.
 * What listens without `addEventListener` (`AbortSignal.any`) is not seen.
 */
export function onListeners(signal: AbortSignal, changed: (any: boolean) => void): void {
  const events = builtin("node:events") as { getEventListeners?(of: EventTarget, type: string): unknown[] } | undefined;
  if (events?.getEventListeners === undefined) {
    changed(true);
    return;
  }
  let were = false;
  for (const name of ["addEventListener", "removeEventListener"] as const) {
    const method = signal[name].bind(signal) as (...args: unknown[]) => void;
    const value = (...args: unknown[]) => {
      method(...args);
      const are = (events.getEventListeners?.(signal, "abort").length ?? 0) > 0;
      if (are === were) return;
      were = are;
      changed(are);
    };
    Object.defineProperty(signal, name, { value, configurable: true, writable: true });
  }
}

/** Keeps the program alive for good, until it exits. */
export function keepAlive(): void {
  platform.setTimeout(keepAlive, longest);
}

/** Holds the program alive and lets go of it, any number of times. */
export class Keeper {
  #port: (MessagePort & Timeout) | undefined;

  hold(): void {
    if (this.#port === undefined) {
      this.#port = new MessageChannel().port1;
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- only this one starts the port, too
      this.#port.onmessage = () => {};
    }
    this.#port.ref?.();
  }

  release(): void {
    this.#port?.unref?.();
  }
}

/** Writes a report where errors go. */
export function report(text: string): void {
  if (node === undefined) console.error(text);
  else node.stderr.write(`${text}\n`);
}

/** Ends the program now. */
export let exitNow = (code: number): never | void => node?.exit(code);

/** Where the program is not this thread's to end. */
export function setExitNow(f: (code: number) => never | void): void {
  exitNow = f;
}

/** Ends the program once what was written to stdout and stderr has left; with the code set before, if none is given. */
export function exit(code?: number): void {
  if (node === undefined) return;
  const { stdout, stderr } = node;
  let waiting = 1;
  const left = () => {
    if (--waiting === 0) node.exit(code ?? node.exitCode ?? 0);
  };
  for (const stream of [stdout, stderr]) {
    if (stream.writableLength === 0 || stream.destroyed === true) continue;
    waiting++;
    stream.once("error", left); // the reader has gone
    stream.write("", left);
  }
  left();
}

/**
 * Hands an error that ends the program to whoever watches for such errors (a test runner, a crash reporter).
 * False if nobody does: then it is ours to report.
 */
export function handOver(error: unknown): boolean {
  if (node !== undefined) {
    const watched =
      node.listenerCount("uncaughtException") > 0 || node.hasUncaughtExceptionCaptureCallback?.() === true;
    if (watched) {
      platform.setTimeout(() => {
        throw error;
      }, 0);
    }
    return watched;
  }
  if (platform.reportError === undefined) return false;
  platform.reportError(error);
  return true;
}
