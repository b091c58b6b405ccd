// A worker of workerpool.

import workerpool from "workerpool";
import { add, countPrimes } from "./work.mjs";

workerpool.worker({ add, countPrimes });
