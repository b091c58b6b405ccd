// gort/sync: what goroutines need to wait for each other. Go: package sync.

export { Cond } from "./cond.js";
export type { Locker } from "./locker.js";
export { Map } from "./map.js";
export { Mutex } from "./mutex.js";
export { Once, onceFunc, onceValue } from "./once.js";
export { Pool } from "./pool.js";
export { RWMutex } from "./rwmutex.js";
export { WaitGroup } from "./waitgroup.js";
