// Which function a task runs: by the address of its module, its name and its text, in every thread.
//
// A module registers its tasks as it is evaluated, so a thread that is to run one imports the module, and then has it. The
// text tells functions of one name apart, as a bundle of several modules may have them; minifiers leave functions without any
// name.

import type { Thread } from "../internal/shared/thread.js";

export type TaskFunction = (...args: never[]) => unknown;

/** How a function is known to other threads. */
export interface Origin {
  readonly url: string;
  readonly name: string;
  readonly fn: TaskFunction;
  /** Its number, for other threads: 0 before the first of them is to know. */
  number: number;
  /** It is known not to be of the tests' own file. */
  harmless: boolean;
}

const registered = new Map<string, TaskFunction[]>(); // by address and name
const found = new Map<number, TaskFunction>(); // of all threads

export function register(url: string, fn: TaskFunction): Origin {
  const key = keyOf(url, fn.name);
  const same = registered.get(key) ?? [];
  if (same.some((other) => String(other) === String(fn))) {
    const two = fn.name === "" ? "two tasks without a name, of the same text" : `two tasks of the name ${fn.name}`;
    const remedy =
      fn.name === "" ? "give their functions names" : "call task() once for each function, at module level";
    throw new Error(`task: ${url} has ${two}; ${remedy}`);
  }
  registered.set(key, [...same, fn]);
  return { url, name: fn.name, fn, number: 0, harmless: false };
}

/** What errors call a task. */
export function titleOf({ name }: { name: string }): string {
  return `task ${name === "" ? "(anonymous)" : name}`;
}

/** A number that tells other threads of this function: where its origin is in shared memory, for good. */
export function publish(on: Thread, origin: Origin): number {
  if (origin.number === 0) {
    const { url, name, fn } = origin;
    const bytes = new TextEncoder().encode([url, name, digest(String(fn))].join("\n"));
    const at = on.alloc(4 + bytes.length);
    on.i32[at >> 2] = bytes.length;
    on.u8.set(bytes, at + 4);
    origin.number = at;
  }
  return origin.number;
}

/** The function of that number, if this thread has it already. */
export function lookUp(on: Thread, at: number): TaskFunction | undefined {
  let fn = found.get(at);
  if (fn === undefined) {
    fn = find(read(on, at));
    if (fn !== undefined) found.set(at, fn);
  }
  return fn;
}

interface Wanted {
  readonly url: string;
  readonly name: string;
  readonly text: string;
}

function find({ url, name, text }: Wanted): TaskFunction | undefined {
  const all = registered.get(keyOf(url, name)) ?? [];
  const same = all.find((fn) => digest(String(fn)) === text);
  if (same !== undefined) return same;
  // Loaders may have given the other thread another text of the same function, as test runners' do; but not in our own bundle.
  return all.length === 1 && name !== "" && url !== import.meta.url ? all[0] : undefined;
}

/** Imports the module of the function. */
export async function load(on: Thread, at: number): Promise<TaskFunction> {
  const wanted = read(on, at);
  const { url } = wanted;
  try {
    await whileLoading(url, import(url));
  } catch (error) {
    const text = `${titleOf(wanted)}: its module ${url} cannot be loaded by a processor: ${String(error)}`;
    throw new Error(text, { cause: error });
  }
  const there = lookUp(on, at);
  if (there !== undefined) return there;
  throw new Error(
    `${titleOf(wanted)}: its module ${url}, loaded by a processor, defines no such task; ` +
      "call task() at module level, in every thread, with a function that does not depend on what the program has done before",
  );
}

/** "task add (file:///…)": the function of that number. */
export function describe(on: Thread, at: number): string {
  const wanted = read(on, at);
  return `${titleOf(wanted)} (${wanted.url})`;
}

function read(on: Thread, at: number): Wanted {
  on.reach(at + 4);
  const length = on.i32[at >> 2] as number;
  on.reach(at + 4 + length);
  const [url = "", name = "", text = ""] = new TextDecoder().decode(on.u8.slice(at + 4, at + 4 + length)).split("\n");
  return { url, name, text };
}

function keyOf(url: string, name: string): string {
  return `${url}\n${name}`;
}

/** A short text that differs where `text` does, with next to certainty. */
function digest(text: string): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b + c, 0x85ebca6b) ^ (b >>> 13);
  }
  return `${text.length}-${(a >>> 0).toString(36)}-${(b >>> 0).toString(36)}`;
}

/** What is being imported for the sake of tasks. */
const loads: string[] = [];

/** While `work` goes on, the module at `url` is being imported. */
export async function whileLoading<T>(url: string, work: Promise<T>): Promise<T> {
  loads.push(url);
  try {
    return await work;
  } finally {
    loads.splice(loads.indexOf(url), 1);
  }
}

export function loading(): readonly string[] {
  return loads;
}
