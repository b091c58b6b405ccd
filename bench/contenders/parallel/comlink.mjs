// comlink: it has no pool, so the workers get the calls in turn.

import { Worker } from "node:worker_threads";
import { wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { lazy, pool, tasks, threads } from "./pool.mjs";

const workers = lazy(() => Array.from({ length: threads }, () => wrap(nodeEndpoint(new Worker(tasks("comlink"))))));
let turn = 0;
const next = () => workers()[turn++ % threads];

export default pool(
  (pair) => next().add(pair),
  (chunk) => next().countPrimes(chunk),
);
