// Goroutines that wait on two processors.

import { shared } from "gort/parallel";
import { hold } from "../parallel/tasks/processors.js";

/** Starts goroutines until some wait on two processors; gives the way to end them. */
export async function holdTwo(): Promise<() => Promise<unknown>> {
  const [here, until] = [shared.chan<number>(), shared.chan<number>()];
  const threads = new Set<number | undefined>();
  const held: Promise<void>[] = [];
  while (threads.size < 2) {
    held.push(hold.run(here, until), hold.run(here, until));
    threads.add(await here.recv()).add(await here.recv());
  }
  return () => {
    until.close();
    return Promise.all(held);
  };
}
