// Threads of the platform: how they are started, and what they are told.

import { builtin } from "./host.js";

/** A thread that this one has started. It does not keep the program alive. */
export interface HostWorker {
  /** Ends it, wherever it is. */
  terminate(): void;
  /** The platform's own, for those who want more of it. */
  readonly thread: unknown;
}

export interface Listener {
  /** An error that nothing in the thread caught; it ends. */
  error(error: unknown): void;
  message(message: unknown): void;
  /** It has ended. */
  exit(code: number): void;
}

interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface Threads {
  readonly Worker: new (url: URL, options: object) => NodeWorker;
  readonly workerData: unknown;
  readonly parentPort: { postMessage(message: unknown): void } | null;
}

const threads = builtin("node:worker_threads") as Threads | undefined;

export function startWorker(url: string, name: string, data: unknown, listener: Listener): HostWorker {
  if (threads === undefined) throw new Error("gort/parallel: this platform has no worker threads that gort knows how to use");
  const worker = new threads.Worker(new URL(url), { workerData: data, name });
  worker.on("error", (error) => listener.error(error));
  worker.on("message", (message) => listener.message(message));
  worker.on("exit", (code) => listener.exit(code));
  worker.unref();
  return { terminate: () => void worker.terminate(), thread: worker };
}

/** What the one who started this thread has given it. */
export function given(): unknown {
  return threads?.workerData;
}

/** Calls `listener` with errors that nothing in this thread has caught; they do not end it then. */
export function onUncaught(listener: (error: unknown) => void): void {
  const { process } = globalThis as { process?: { on(event: string, listener: (error: unknown) => void): void } };
  process?.on("uncaughtException", listener);
}

/** Tells the one who started this thread. */
export function tell(message: unknown): void {
  threads?.parentPort?.postMessage(message);
}
