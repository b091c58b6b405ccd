// What the suites of channels run on.

import type { Chan } from "gort";

/** A way to make channels, and the capacities to try. */
export interface Kind {
  make<T>(capacity: number): Chan<T>;
  readonly capacities: readonly number[];
  /** What is received is a copy of what was sent, and only these values can be sent. Otherwise it is the same, of any type. */
  readonly copies?: readonly unknown[];
}

/** Fills the buffer with 0, 1, 2, … and returns the channel. */
export function full(kind: Kind, capacity: number): Chan<number> {
  const ch = kind.make<number>(capacity);
  for (let i = 0; i < capacity; i++) if (!ch.trySend(i)) throw new Error(`no room for value ${i} of ${capacity}`);
  return ch;
}
