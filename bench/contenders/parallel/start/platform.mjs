// The first message of a bare worker.

const begin = performance.now();
const { Worker } = await import("node:worker_threads");
const worker = new Worker(new URL("../tasks/first.mjs", import.meta.url));
worker.postMessage({ a: 1, b: 2 });
const result = await new Promise((resolve) => void worker.once("message", resolve));
const at = performance.now();
worker.unref();
console.log(JSON.stringify({ result, at, since: at - begin }));
