// gort/sync: what goroutines need to wait for each other. Go: package sync.

export { WaitGroup } from "./waitgroup.js";
