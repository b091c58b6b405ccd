// What there is in the shared memory.

import { internal } from "./internal.js";

const { thread } = await internal<typeof import("../../dist/internal/shared/thread.js")>("shared/thread.js");
const layout = await internal<{
  readonly [
    name in
      | "BLOCKED_THREADS"
      | "BORN"
      | "RUN"
      | "THREAD_LIMIT"
      | "CELL"
      | "CHAN"
      | "CONTEXT"
      | "BUFFER"
      | "OBJECTS"
      | "OBJECT_NEXT"
      | "TYPE"
  ]: number;
}>("shared/wasm/layout.js"); // its declarations have AssemblyScript's types
const crossing = await internal<typeof import("../../dist/parallel/crossing.js")>("../parallel/crossing.js");
const buffers = await internal<typeof import("../../dist/parallel/buffers.js")>("../parallel/buffers.js");

export const { CELL, CONTEXT, BUFFER } = layout;
export const { countSent } = crossing;
export const { countBuffers } = buffers;

/** Where the objects are, and of which type. */
function* objects(): Generator<[pointer: number, type: number]> {
  const on = thread();
  for (let o = on.i32[layout.OBJECTS >> 2] as number; o !== 0;) {
    on.reach(o + 64);
    yield [o, on.i32[(o + layout.TYPE) >> 2] as number];
    o = on.i32[(o + layout.OBJECT_NEXT) >> 2] as number;
  }
}

/** How many objects there are of a type. */
export function countObjects(type: number): number {
  return [...objects()].filter(([, each]) => each === type).length;
}

export function lives(pointer: number): boolean {
  return [...objects()].some(([each]) => each === pointer);
}

/** Waits until a thread is blocked in a synchronous operation. */
export async function untilBlocked(): Promise<void> {
  const { i32 } = thread();
  await until(() => Atomics.load(i32, layout.BLOCKED_THREADS >> 2) > 0, "a thread is blocked");
}

/** Waits until no thread but this one runs. */
export async function untilAsleep(): Promise<void> {
  const { i32, core } = thread();
  const runs = (n: number) => [layout.RUN, layout.BORN].includes(core.stateOf(n));
  const others = () => Array.from({ length: Atomics.load(i32, layout.THREAD_LIMIT >> 2) }, (_, n) => n).slice(1);
  await until(() => !others().some(runs), "all others sleep");
}

/** Waits until it is so, letting the event loop turn. Fails after some seconds. */
export async function until(is: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 20_000;
  while (!is()) {
    if (performance.now() > end) throw new Error(`it did not come to be: ${what}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
