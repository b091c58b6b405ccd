// chan() and nil, as users see them.

import type { Chan } from "../types.js";
import { Buffered } from "./buffered.js";
import { nil as nilChannel } from "./nil.js";
import { Rendezvous } from "./rendezvous.js";

/**
 * Makes a channel: without a buffer, or with room for `capacity` values. Go: `make(chan T, capacity)`.
 *
 * Throws a `RangeError` unless the capacity is an integer from 0 to 2^53 - 1.
 *
 * ```ts
 * const jobs = chan<Job>(100);
 * ```
 */
export function chan<T>(capacity: number = 0): Chan<T> {
  if (!Number.isSafeInteger(capacity) || capacity < 0) {
    throw new RangeError(`makechan: size out of range: capacity must be an integer >= 0, got ${String(capacity)}`);
  }
  return capacity === 0 ? new Rendezvous<T>() : new Buffered<T>(capacity);
}

/**
 * The nil channel: every send and receive on it blocks for ever, select never chooses it, close panics. Go: a `nil` channel.
 *
 * It stands for a channel of any type, so that a case of select can be switched off.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a nil channel has every element type, in both directions
export const nil: Chan<any> = nilChannel as unknown as Chan<unknown>;
