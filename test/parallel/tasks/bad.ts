// Tasks that are given too much, or do what only one may do.

import { task } from "gort/parallel";
import type { SharedChan, Spread } from "./stress.js";
import { spreadOut } from "./stress.js";

/** Closes all, as others do; gives what became of it: a letter for each. */
export const closeAll = task(import.meta, function closeAll(channels: readonly SharedChan<number>[], spread: Spread) {
  spreadOut(spread);
  let outcome = "";
  for (const ch of channels) {
    try {
      ch.close();
      outcome += "c";
    } catch (error) {
      outcome += (error as Error).message === "close of closed channel" ? "-" : "?";
    }
  }
  return outcome;
});

/** Sends on what it receives. */
export const sendOn = task(import.meta, async function sendOn(from: SharedChan<unknown>, to: SharedChan<unknown>) {
  for await (const value of from) await to.send(value);
  to.close();
});

export const length = task(import.meta, function length(text: string): number {
  return text.length;
});
