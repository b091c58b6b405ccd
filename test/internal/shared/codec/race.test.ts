// Threads that make shapes at the same time, in earnest.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

const codec = new URL("../../../../../dist/internal/shared/codec/codec.js", import.meta.url).href;
const kinds = 400;

/** Allocates from a part of the memory of its own, and never frees. */
const program = `
  import { parentPort, workerData } from "node:worker_threads";
  const { Codec } = await import(${JSON.stringify(codec)});
  const { memory, from } = workerData;
  let top = from;
  const heap = {
    u8: new Uint8Array(memory), i32: new Int32Array(memory), f64: new Float64Array(memory),
    alloc(bytes) { const p = top; top += (bytes + 7) & ~7; return p; },
    free() {},
    refresh() {},
  };
  const none = () => undefined;
  const codec = new Codec(heap, { pack: none, unpack: none, drop: none }, 8);
  parentPort.postMessage("ready");
  Atomics.wait(heap.i32, 0, 0);
  for (let i = 0; i < ${kinds}; i++) {
    for (let n = 0; n < 3; n++) codec.encode({ ["kind" + i]: 1, common: 2 }, "send");
  }
  parentPort.postMessage(Array.from({ length: ${kinds} }, (_, i) => {
    codec.encode({ ["kind" + i]: i, common: 2 }, "send");
    return [codec.tag, codec.aux, codec.num];
  }));
`;

test("threads that make the same shapes at the same time make each once, and read what the others have made", async () => {
  const memory = new SharedArrayBuffer(16 << 20);
  const words = new Int32Array(memory);
  const workers = [1, 2, 3].map((i) => {
    const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    return new Worker(url, { workerData: { memory, from: i << 22 } });
  });
  const next = (worker: Worker) =>
    new Promise<unknown>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  await Promise.all(workers.map(next));
  const results = Promise.all(workers.map(next));
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  const slots = (await results) as [number, number, number][][];
  await Promise.all(workers.map((worker) => worker.terminate()));

  const ids: number[] = [];
  for (let at = words[2] as number; at !== 0; at = words[at / 4] as number) ids.push(words[at / 4 + 1] as number);
  assert.deepEqual(
    ids,
    Array.from({ length: kinds }, (_, i) => kinds - i),
  );
  const { Codec } = (await import(codec)) as typeof import("../../../../dist/internal/shared/codec/codec.js");
  const views = { u8: new Uint8Array(memory), i32: words, f64: new Float64Array(memory) };
  const fail = () => assert.fail("is not called");
  const reader = new Codec(
    { ...views, alloc: fail, free() {}, refresh() {} },
    { pack: fail, unpack: fail, drop: fail },
    8,
  );
  for (const list of slots) {
    list.forEach((slot, i) => assert.deepEqual(reader.decode(...slot), { [`kind${i}`]: i, common: 2 }));
  }
});
