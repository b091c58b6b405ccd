// A worker of poolifier.

import { ThreadWorker } from "poolifier";
import { add, countPrimes } from "./work.mjs";

export default new ThreadWorker({ add, countPrimes });
