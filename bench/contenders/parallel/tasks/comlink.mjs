// A worker of comlink.

import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { add, countPrimes } from "./work.mjs";

expose({ add, countPrimes }, nodeEndpoint(parentPort));
