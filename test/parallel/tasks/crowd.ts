// A task that starts goroutines, for the tests of numbers and dumps.

import { go, type RecvChan, type SendChan } from "gort";
import { task } from "gort/parallel";

/** Starts `n` goroutines that wait for the end of `end`, and says so. */
export const crowd = task(import.meta, async function crowd(n: number, ready: SendChan<string>, end: RecvChan<never>) {
  for (let i = 0; i < n; i++) go(waits, end);
  await ready.send("ready");
  await end.recv();
});

async function waits(end: RecvChan<never>): Promise<void> {
  await end.recv();
}
