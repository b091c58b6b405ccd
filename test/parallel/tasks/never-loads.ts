// No processor lives to load this.

import { isMainThread } from "node:worker_threads";
import type { Chan } from "gort";
import { task } from "gort/parallel";

if (!isMainThread) process.exit(7);

export const never = task(import.meta, function never(ch: Chan<number>) {
  return ch.len;
});
