// piscina.

import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { lazy, pool, tasks, threads } from "./pool.mjs";

const piscina = lazy(
  () =>
    new Piscina({
      filename: fileURLToPath(tasks("work")),
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 10,
    }),
);

export default pool(
  (pair) => piscina().run(pair, { name: "add" }),
  (chunk) => piscina().run(chunk, { name: "countPrimes" }),
);
