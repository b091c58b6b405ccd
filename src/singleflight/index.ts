// gort/singleflight: duplicate calls suppressed. Go: golang.org/x/sync/singleflight.

export { Group, type Result, type Shared } from "./group.js";
