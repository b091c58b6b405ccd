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

interface Process {
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly moduleLoadList?: readonly string[];
  readonly stdout: Output;
  readonly stderr: Output;
  on(event: string, listener: (error: unknown) => void): void;
}

const { process } = globalThis as unknown as { process?: Process };

interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface Broadcast {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  unref(): void;
}

interface Threads {
  readonly BroadcastChannel: new (name: string) => Broadcast;
  readonly receiveMessageOnPort: (port: Broadcast) => { readonly message: unknown } | undefined;
  readonly Worker: new (url: URL, options: object) => NodeWorker;
  readonly workerData: unknown;
  readonly parentPort: { postMessage(message: unknown): void } | null;
}

const threads = builtin("node:worker_threads") as Threads | undefined;

/** Arguments that a host has for a program given as text, and that a worker's file would be refused for. */
const ofText = /^(--input-type|--eval|--print|-e|-p|-pe)\b/;

export function startWorker(url: string, name: string, data: unknown, listener: Listener): HostWorker {
  if (threads === undefined) {
    throw new Error("gort/parallel: this platform has no worker threads that gort knows how to use");
  }
  const { argv, execArgv } = process as Process;
  const options = execArgv.some((arg) => ofText.test(arg)) ? { execArgv: withoutText(execArgv) } : {};
  const worker = new threads.Worker(new URL(url), { workerData: data, name, argv: argv.slice(2), ...options });
  worker.on("error", (error) => listener.error(error));
  worker.on("message", (message) => listener.message(message));
  worker.on("exit", (code) => listener.exit(code));
  worker.unref();
  return { terminate: () => void worker.terminate(), thread: worker };
}

function withoutText(execArgv: readonly string[]): string[] {
  return execArgv.filter((arg, i) => !ofText.test(arg) && !/^(--eval|--print|-e|-p|-pe)$/.test(execArgv[i - 1] ?? ""));
}

/** Whether `url` is that of the file that the program began with, and the platform's test runner runs in it. */
export function isTestFile(url: string): boolean {
  const [, file] = process?.argv ?? [];
  const { pathToFileURL } = (builtin("node:url") ?? {}) as { pathToFileURL?: (path: string) => URL };
  const testing = process?.moduleLoadList?.includes("NativeModule internal/test_runner/harness") === true;
  return testing && file !== undefined && pathToFileURL?.(file).href === url;
}

/** What the one who started this thread has given it. */
export function given(): unknown {
  return threads?.workerData;
}

interface Output {
  write(chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean;
}

interface Files {
  existsSync(path: string): boolean;
  readlinkSync(path: string): string;
  writeSync(fd: number, bytes: Uint8Array, offset: number): number;
}

/**
 * Lets this thread write to stdout and stderr by itself, at once. Otherwise the thread that has started it does so for it, when
 * it finds the time; which would come after what it learns from us by other ways, or after the end of the program.
 */
export function writeDirectly(): void {
  const fs = builtin("node:fs") as Files | undefined;
  if (fs === undefined || process === undefined) return;
  for (const [fd, stream] of [[1, process.stdout] as const, [2, process.stderr] as const]) {
    stream.write = (chunk, encoding, done) => {
      writeAll(fs, fd, typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
      const call = typeof encoding === "function" ? encoding : done;
      if (typeof call === "function") queueMicrotask(() => (call as () => void)());
      return true;
    };
  }
}

function writeAll(fs: Files, fd: number, bytes: Uint8Array): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let at = 0; at < bytes.length;) {
    try {
      at += fs.writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== "EAGAIN") return; // nobody reads any more: the main thread learns of it, too
      Atomics.wait(pause, 0, 0, 1); // the reader is slower than we are
    }
  }
}

/** Calls `listener` with errors that nothing in this thread has caught; they do not end it then. */
export function onUncaught(listener: (error: unknown) => void): void {
  process?.on("uncaughtException", listener);
}

/** A line between all threads that have opened it. It does not keep the program alive. */
export interface Line {
  /** Tells all others: when it returns, each of them can hear it. */
  say(message: unknown): void;
  /** Hears what has been said so far, now. */
  hear(): void;
}

/** Calls `heard` with what others say on the line from now on, in the order in which it was said. */
export function openLine(name: string, heard: (message: unknown) => void): Line | undefined {
  if (threads?.receiveMessageOnPort === undefined) return undefined;
  const { receiveMessageOnPort: receive } = threads;
  const channel = new threads.BroadcastChannel(name);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the channel is nobody else's
  channel.onmessage = ({ data }) => heard(data);
  channel.unref();
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it goes to no window
    say: (message) => channel.postMessage(message),
    hear() {
      for (let next; (next = receive(channel)) !== undefined;) heard(next.message);
    },
  };
}

/** Tells the one who started this thread. */
export function tell(message: unknown): void {
  threads?.parentPort?.postMessage(message);
}

/** Ends this thread alone. */
export function endThread(): void {
  (globalThis as { process?: { exit(code: number): never } }).process?.exit(0);
}

/** Stops this thread where it is, for good. */
export function freeze(): never {
  const word = new Int32Array(new SharedArrayBuffer(4));
  for (;;) Atomics.wait(word, 0, 0);
}

/** The system's number of this thread, 0 where there is no way to know. */
export function systemThread(): number {
  try {
    return Number((builtin("node:fs") as Files | undefined)?.readlinkSync("/proc/thread-self").split("/").at(-1) ?? 0);
  } catch {
    return 0; // no Linux
  }
}

/** Whether the thread with that number has ended; of this process. */
export function hasEnded(systemNumber: number): boolean {
  return systemNumber !== 0 && !(builtin("node:fs") as Files).existsSync(`/proc/self/task/${systemNumber}`);
}
