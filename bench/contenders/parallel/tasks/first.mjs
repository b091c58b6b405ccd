// The bare worker whose first message `start` waits for.

import { parentPort } from "node:worker_threads";
import { add } from "./work.mjs";

parentPort.on("message", (pair) => parentPort.postMessage(add(pair)));
