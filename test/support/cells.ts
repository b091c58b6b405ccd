// Plain words of the memory that threads share: read and written without any order of their own.

import type * as ThreadModule from "../../dist/internal/shared/thread.js";
import { gosched } from "gort";
import { internal } from "./internal.js";

const { thread } = await internal<typeof ThreadModule>("shared/thread.js");

/** `n` words, all 0. Their address can be given to a task. */
export function cells(n: number): number {
  const at = thread().alloc(4 * n);
  words(at, n).fill(0);
  return at;
}

/** The words at an address. */
export function words(at: number, n: number): Int32Array {
  const on = thread();
  on.refresh();
  return on.i32.subarray(at >> 2, (at >> 2) + n);
}

const patience = 50; // ms

/**
 * Resolves when `n` tasks have come here. Until then it blocks the thread for a while, so that others take those tasks that it has not
 * begun.
 */
export async function together(at: number, n: number): Promise<void> {
  const arrived = words(at, 1);
  Atomics.add(arrived, 0, 1);
  Atomics.notify(arrived, 0);
  const until = performance.now() + patience;
  for (let seen; (seen = Atomics.load(arrived, 0)) < n;) {
    const left = until - performance.now();
    if (left > 0) Atomics.wait(arrived, 0, seen, left);
    else await gosched();
  }
}

/** How much of the shared memory has been given out so far. */
export function extent(): number {
  return words(64, 1)[0] as number;
}
