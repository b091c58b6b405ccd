// gort/errgroup: groups of goroutines with errors. Go: golang.org/x/sync/errgroup.

export { Collector } from "./collector.js";
export { Group, withContext } from "./group.js";
