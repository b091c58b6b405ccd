// The primitives that any thread can use, under one name.

import { setForeign } from "../internal/chan/select.js";
import { SharedChannel } from "../internal/shared/chan.js";
import { setExclusion, SharedMap } from "../internal/shared/map.js";
import { choose } from "../internal/shared/select.js";
import { thread } from "../internal/shared/thread.js";
import { SLOT, SLOTS } from "../internal/shared/wasm/layout.js";
import { Cond } from "./locks/cond.js";
import { Mutex } from "./locks/mutex.js";
import { Once } from "./locks/once.js";
import { RWMutex } from "./locks/rwmutex.js";
import { Semaphore } from "./locks/semaphore.js";
import { WaitGroup } from "./locks/waitgroup.js";
import { addPassports } from "./passports.js";

setForeign(choose);
setExclusion(() => new Mutex());
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
export const shared: {
  chan: typeof chan;
  Mutex: typeof Mutex;
  RWMutex: typeof RWMutex;
  WaitGroup: typeof WaitGroup;
  Once: typeof Once;
  Cond: typeof Cond;
  Map: typeof SharedMap;
  Semaphore: typeof Semaphore;
} = { chan, Mutex, RWMutex, WaitGroup, Once, Cond, Map: SharedMap, Semaphore };
