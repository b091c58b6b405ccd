// or: one channel for the first of many that ends.

import type { RecvChan } from "../internal/types.js";
import { chan, nil } from "../internal/chan/make.js";
import { select } from "../internal/chan/select.js";
import { go } from "../internal/rt/goroutine.js";
import { checkChannel } from "./check.js";

/**
 * A channel that closes as soon as one of `dones` closes or sends. Of none: the nil channel. It waits for them as
 * long as it takes: make sure that one of them ends.
 *
 * ```ts
 * await patterns.or(ctx.done(), server.closed, time.after(time.minute)).recv();
 * ```
 */
export function or(...dones: RecvChan<unknown>[]): RecvChan<never> {
  for (const done of dones) checkChannel("or", done);
  if (dones.length === 0) return nil as RecvChan<unknown> as RecvChan<never>;
  const out = chan<never>();
  go(async () => {
    await select(Object.fromEntries(Object.entries(dones)));
    out.close();
  });
  return out;
}
