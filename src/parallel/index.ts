// gort/parallel: every core. Tasks on worker threads, and what threads share.

export { gomaxprocs } from "../runtime/numbers.js";
export { context } from "./context.js";
export { map, type MapOptions } from "./map.js";
/** What any thread can use: channels, locks and a map that tasks take as arguments. */
export * as shared from "./shared.js";
export { type Task, task } from "./task.js";
export { transfer } from "./transfer.js";
