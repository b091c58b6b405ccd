// What the detailed mode adds: goroutines with numbers, and where they were started and wait.
//
// `gort run` puts an object here before the program loads, for whatever copy of gort the program uses. Its absence costs one test
// for undefined at a park and at a `go`.

import type { Waiter } from "./park.js";

export interface Detail {
  /** The main goroutine is started: gives what is to run in place of `body`. */
  main(body: () => unknown): () => unknown;
  /** The running goroutine starts another: gives what is to run in place of `body`. */
  go(body: () => unknown): () => unknown;
  /** This thread is a processor: its goroutines are tasks, and what those start. */
  on(processor: number): void;
  /** This thread runs a task: gives what is to run in place of `body`. */
  task(body: () => unknown, title: string): () => unknown;
  /** The running goroutine parks: gives what it awaits in place of `promise`. */
  park<R>(promise: Promise<R>, waiter: Waiter): Promise<R>;
  /** The number of the goroutine that runs, and where it was started. */
  running(): { id: number; created: string };
  /** The same of the goroutine that has just failed, or else of the one that runs. */
  failing(): { id: number; created: string };
  /** Every goroutine, as far as is known without running one: quick. */
  list(): GoroutineInfo[];
  /** Every goroutine of this thread in Go's form, with where it waits and where it was started. */
  own(): Promise<string>;
  /** The same of all other threads. */
  others: () => Promise<string>;
  /** Both. */
  dump(): Promise<string>;
  /** The goroutines that the collector has proved to wait for ever. */
  leaks(): Promise<GoroutineInfo[]>;
}

/** What is known of a goroutine. */
export interface GoroutineInfo {
  /** Its number; main's is 1. Numbers are not used again. */
  readonly id: number;
  /** What it does, in Go's words: "running", "chan receive", "select", "sleep", …; "await": waits on a promise of others. */
  readonly state: string;
  /** Since when it has been waiting; `undefined` while it is not. */
  readonly since: Date | undefined;
  /** The number of the goroutine that started it; `undefined` of main, and of tasks. */
  readonly createdBy: number | undefined;
  /** The frames of the `go` statement that started it, one a line; of a task, its name and module. */
  readonly createdAt: string;
}

const key: unique symbol = Symbol.for("gort.detail");
const everywhere = globalThis as { [key]?: Detail };

export let detail: Detail | undefined = everywhere[key];

/** Turns the detailed mode on, here and in every copy of gort that is loaded after this. */
export function setDetail(to: Detail): void {
  detail = everywhere[key] = to;
}

/** Gives this copy of gort the detailed mode that the thread has got after it was loaded. */
export function findDetail(): void {
  detail = everywhere[key];
}
