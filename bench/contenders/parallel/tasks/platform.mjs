// A bare worker: it does what the messages say.

import { parentPort } from "node:worker_threads";
import * as work from "./work.mjs";

parentPort.on("message", ({ kind, id, value }) => {
  switch (kind) {
    case "echo":
      parentPort.postMessage(value);
      return;
    case "ints":
      for (let i = 0; i < value; i++) parentPort.postMessage(i);
      return;
    case "pages":
      for (let i = 0; i < value; i++) parentPort.postMessage(work.page(i));
      return;
    default:
      parentPort.postMessage({ id, result: work[kind](value) });
  }
});
