// poolifier.

import { fileURLToPath } from "node:url";
import { FixedThreadPool } from "poolifier";
import { lazy, pool, tasks, threads } from "./pool.mjs";

const workers = lazy(() => new FixedThreadPool(threads, fileURLToPath(tasks("poolifier"))));

export default pool(
  (pair) => workers().execute(pair, "add"),
  (chunk) => workers().execute(chunk, "countPrimes"),
);
