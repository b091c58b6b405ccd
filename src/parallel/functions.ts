// Which function a task runs: by the address of its module and its name, in every thread.
//
// A module registers its tasks as it is evaluated, so a thread that is to run one imports the module, and then has it.

import type { Thread } from "../internal/shared/thread.js";

export type TaskFunction = (...args: never[]) => unknown;

const registered = new Map<string, TaskFunction>();
const names = new Map<string, number>(); // our own, in shared memory
const found = new Map<number, TaskFunction>(); // of all threads
const separator = " ";

export function register(url: string, fn: TaskFunction): string {
  const name = url + separator + fn.name;
  if (registered.has(name)) {
    throw new Error(`task: ${url} has two tasks of the name ${fn.name}; a task is known by its function's name`);
  }
  registered.set(name, fn);
  return name;
}

/** A number that tells other threads of this function: where its name is in shared memory, for good. */
export function publish(on: Thread, name: string): number {
  let at = names.get(name);
  if (at === undefined) {
    const bytes = new TextEncoder().encode(name);
    at = on.alloc(4 + bytes.length);
    on.i32[at >> 2] = bytes.length;
    on.u8.set(bytes, at + 4);
    names.set(name, at);
  }
  return at;
}

/** The function of that number, if this thread has it already. */
export function lookUp(on: Thread, at: number): TaskFunction | undefined {
  let fn = found.get(at);
  if (fn === undefined) {
    fn = registered.get(read(on, at));
    if (fn !== undefined) found.set(at, fn);
  }
  return fn;
}

/** Imports the module of the function. */
export async function load(on: Thread, at: number): Promise<TaskFunction> {
  const [url = "", fn = ""] = read(on, at).split(separator);
  try {
    await whileLoading(import(url));
  } catch (error) {
    const text = `task ${fn}: its module ${url} cannot be loaded by a processor: ${String(error)}`;
    throw new Error(text, { cause: error });
  }
  const there = lookUp(on, at);
  if (there !== undefined) return there;
  throw new Error(
    `task ${fn}: loaded by a processor, its module ${url} has no task of that name; call task() at module level`,
  );
}

function read(on: Thread, at: number): string {
  on.reach(at + 4);
  const length = on.i32[at >> 2] as number;
  on.reach(at + 4 + length);
  return new TextDecoder().decode(on.u8.slice(at + 4, at + 4 + length));
}

let loading = 0;

/** While `work` goes on, a module is being imported for the sake of a task. */
export async function whileLoading<T>(work: Promise<T>): Promise<T> {
  loading++;
  try {
    return await work;
  } finally {
    loading--;
  }
}

export function isLoading(): boolean {
  return loading > 0;
}
