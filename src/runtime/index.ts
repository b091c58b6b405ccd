// gort/runtime: what the runtime knows of itself. Go: package runtime.

export { dump, goroutines, leaks, type LeakReport, stack } from "./dump.js";
export type { GoroutineInfo } from "../internal/rt/detail.js";
export { metrics, type Metrics, schedTrace } from "./metrics.js";
export { gomaxprocs, numCPU, numGoroutine } from "./numbers.js";
export { onFatal } from "../internal/rt/panic.js";
