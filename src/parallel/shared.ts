// shared: what any thread can use, under one name.

import type { Chan, Received } from "../internal/types.js";
import { setForeign } from "../internal/chan/select.js";
import { SharedChannel } from "../internal/shared/chan.js";
import { setExclusion, SharedMap } from "../internal/shared/map.js";
import { choose } from "../internal/shared/select.js";
import { thread } from "../internal/shared/thread.js";
import { SLOT, SLOTS } from "../internal/shared/wasm/layout.js";
import { Mutex } from "./locks/mutex.js";
import { addPassports } from "./passports.js";

export { SharedMap as Map };
export { Cond } from "./locks/cond.js";
export { Mutex };
export { Once } from "./locks/once.js";
export { RWMutex } from "./locks/rwmutex.js";
export { Semaphore } from "./locks/semaphore.js";
export { WaitGroup } from "./locks/waitgroup.js";

setForeign(choose);
setExclusion(() => new Mutex());
addPassports();

/**
 * A channel between threads: goes to tasks as an argument, or through another channel. Values are copied. It lives as long as a
 * thread has it; disposing it lets this thread forget it before the collector does.
 */
export interface SharedChan<T> extends Chan<T>, Disposable {
  /** {@link Chan.send}, blocking the whole thread; for tasks that compute. A `TypeError` on the main thread. */
  sendSync(value: T): void;
  /** {@link Chan.recvOk}, blocking the whole thread; for tasks that compute. A `TypeError` on the main thread. */
  recvSync(): Received<T>;
}

/**
 * Makes a channel that any thread can use; `select` takes it together with those of one thread. Go: `make(chan T, capacity)`.
 *
 * Throws a `RangeError` unless the capacity is an integer >= 0 that the shared memory has room for.
 *
 * ```ts
 * const results = shared.chan<number>(100);
 * go(search, query, results);
 * ```
 */
export function chan<T>(capacity: number = 0): SharedChan<T> {
  if (!Number.isSafeInteger(capacity) || capacity < 0) {
    throw new RangeError(`shared.chan: capacity must be an integer >= 0, got ${String(capacity)}`);
  }
  const on = thread();
  const pointer = on.made(on.core.createChan(Math.min(capacity, 2 ** 32 - 1)), SLOTS + capacity * SLOT);
  return on.registry.adopt(new SharedChannel<T>(on, pointer));
}
