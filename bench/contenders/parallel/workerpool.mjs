// workerpool.

import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import { lazy, pool, tasks, threads } from "./pool.mjs";

const workers = lazy(() =>
  workerpool.pool(fileURLToPath(tasks("workerpool")), {
    workerType: "thread",
    minWorkers: threads,
    maxWorkers: threads,
  }),
);

export default pool(
  (pair) => workers().exec("add", [pair]),
  (chunk) => workers().exec("countPrimes", [chunk]),
);
