// Synchronous waits: they block the whole thread, and with it all its goroutines. Its tasks that have not begun go to others.

import type { Thread } from "./thread.js";
import { PARKED, SYNC } from "./wasm/layout.js";

/** How long the thread is blocked before it looks whether anybody is left that could wake it, in ms. */
const slice = 50;

/** Blocks this thread in the queue of an object. `enter` does the operation for the waiter, or puts it into the queue. */
export function block<R>(
  on: Thread,
  operation: string,
  object: number,
  flags: number,
  enter: (waiter: number) => number,
  settle: (waiter: number, result: number, parked: boolean) => R,
): R {
  if (on.number === 0) {
    throw new TypeError(
      `${operation} blocks its thread, so it is for tasks; on the main thread, await the asynchronous one`,
    );
  }
  const { core } = on;
  const waiter = on.waiter(object, -1, flags | SYNC);
  let result = enter(waiter);
  const parked = result === PARKED;
  if (parked) {
    result = core.block(waiter, 0);
    if (core.waiting() > 0 && core.wakeProcessor() === 0) core.askForProcessor();
    while (result === 0) {
      result = core.block(waiter, slice);
      if (result === 0 && core.quiet(0) !== 0) core.kick(0);
    }
    core.unblock();
    on.look();
  }
  try {
    return settle(waiter, result, parked);
  } finally {
    on.free(waiter);
  }
}
