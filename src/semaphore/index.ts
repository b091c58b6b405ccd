// gort/semaphore: a weighted semaphore. Go: golang.org/x/sync/semaphore.

export { Weighted } from "./weighted.js";
