// gort: goroutines, channels and select.

export { chan, nil } from "./internal/chan/make.js";
export { select, trySelect } from "./internal/chan/select.js";
export { go, goexit, gosched } from "./internal/rt/goroutine.js";
export { GoPanic } from "./internal/rt/panic.js";
export type * from "./internal/types.js";
export { main } from "./main.js";
