// The primitives that any thread can use, under one name.

import { setForeign } from "../internal/chan/select.js";
import { SharedChannel } from "../internal/shared/chan.js";
import { choose } from "../internal/shared/select.js";
import { thread } from "../internal/shared/thread.js";
import { SLOT, SLOTS } from "../internal/shared/wasm/layout.js";
import { addPassports } from "./passports.js";

setForeign(choose);
addPassports();

function chan<T>(capacity: number = 0): SharedChannel<T> {
  if (!Number.isSafeInteger(capacity) || capacity < 0) {
    throw new RangeError(`shared.chan: capacity must be an integer >= 0, got ${String(capacity)}`);
  }
  const on = thread();
  const pointer = on.made(on.core.createChan(capacity), SLOTS + capacity * SLOT);
  return on.registry.adopt(new SharedChannel<T>(on, pointer));
}

/** What any thread can use. */
export const shared: { chan: typeof chan } = { chan };
