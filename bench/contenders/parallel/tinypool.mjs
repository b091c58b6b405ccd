// tinypool.

import Tinypool from "tinypool";
import { lazy, pool, tasks, threads } from "./pool.mjs";

const tinypool = lazy(
  () =>
    new Tinypool({
      filename: tasks("work").href,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 10,
      isolateWorkers: false,
    }),
);

export default pool(
  (pair) => tinypool().run(pair, { name: "add" }),
  (chunk) => tinypool().run(chunk, { name: "countPrimes" }),
);
