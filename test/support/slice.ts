// The state in which every wake-up has to stand in line.

import { chan } from "gort";

/** Uses up the slice: until the host has had the thread, nobody whom the caller wakes runs. */
export function spend(): void {
  const began = performance.now();
  while (performance.now() - began < 15);
  const ended = chan<never>();
  ended.close();
  for (let i = 0; i < 2_000; i++) void ended.recv(); // more operations than pass between two looks at the clock
}
