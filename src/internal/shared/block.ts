// Synchronous waits: they block the whole thread, and with it all its goroutines. Its tasks that have not begun go to others.

import { now } from "../host/host.js";
import { Patience } from "./patience.js";
import type { Thread } from "./thread.js";

/** How long the thread is blocked before it looks whether anybody is left that could wake it, in ms. */
const slice = 50;

/** What a synchronous operation parks: this thread itself. 0 on the main thread, which must not be blocked. */
export function blockingWaiter({ core, number }: Thread): number {
  return number === 0 ? 0 : core.blockingWaiter();
}

export function wouldBlock(operation: string): TypeError {
  return new TypeError(
    `${operation} blocks its thread, so it is for tasks; on the main thread, await the asynchronous one`,
  );
}

/** Longer than Linux takes to move a thread to a free processor: two that wake each other often begin on one. */
const patience = new Patience(1, 1024);

/** Blocks this thread, whose waiter has been parked, until somebody does its operation. Gives the result. */
export function block(on: Thread): number {
  const { core } = on;
  let result = core.look();
  if (result !== 0) return result;
  if (patience.tries()) {
    const until = now() + patience.ms;
    do result = core.look();
    while (result === 0 && now() < until);
    if (result !== 0) {
      patience.rewarded();
      return result;
    }
    patience.disappointed();
  }
  result = core.block(0);
  core.seek(0); // it may be no task that blocks
  if (core.waiting() > 0 && core.wakeProcessor() === 0) core.askForProcessor();
  while (result === 0) {
    result = core.block(slice);
    if (result === 0 && core.quiet(0) !== 0) core.kick(0);
  }
  on.look();
  return result;
}
