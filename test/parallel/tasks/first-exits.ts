// Loaded by every processor before it begins: the first one ends there.

import { isMainThread, threadId } from "node:worker_threads";

if (!isMainThread && threadId === 1) process.exit(9);
