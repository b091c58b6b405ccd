// gort/atomic: values that are read and changed in one step. Go: package sync/atomic.

export { Bool, Int32, Int64, Uint32, Uint64 } from "./integer.js";
export { Value } from "./value.js";
