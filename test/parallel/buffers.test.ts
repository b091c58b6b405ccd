// SharedArrayBuffers, which pass by reference.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gomaxprocs, shared } from "gort/parallel";
import { BUFFER, countBuffers, countObjects } from "../support/shared.js";
import * as tasks from "./tasks/memory.js";

gomaxprocs(2);

test("a buffer that was sent before there was any other thread reaches those that start later", async () => {
  const buffer = new SharedArrayBuffer(8);
  const ch = shared.chan<SharedArrayBuffer>(1);
  await ch.send(buffer);
  assert.equal(await ch.recv(), buffer);
  assert.deepEqual(await tasks.bump.run(new Int32Array(buffer)), ["Int32Array", 0, 8, true]);
  assert.deepEqual([...new Int32Array(buffer)], [1, 1]);
});

test("views of every kind arrive as they are, on the same memory", async () => {
  const buffer = new SharedArrayBuffer(32);
  assert.deepEqual(await tasks.bump.run(new Int32Array(buffer, 8, 2)), ["Int32Array", 8, 8, true]);
  assert.deepEqual(await tasks.bump.run(new Uint8Array(buffer, 3, 2)), ["Uint8Array", 3, 2, true]);
  assert.deepEqual(await tasks.bump.run(new DataView(buffer, 31)), ["DataView", 31, 1, true]);
  const bytes = [...new Uint8Array(buffer)].flatMap((byte, at) => (byte === 0 ? [] : [[at, byte]]));
  assert.deepEqual(bytes, [
    [3, 1],
    [4, 1],
    [8, 1],
    [12, 1],
    [31, 1],
  ]);
});

test("a buffer is one, however often it is in a message, and itself where it comes from", async () => {
  const buffer = new SharedArrayBuffer(8);
  const back = (await tasks.echo.run([buffer, { view: new Uint8Array(buffer) }, buffer])) as [
    unknown,
    { view: Uint8Array },
    unknown,
  ];
  assert.equal(back[0], buffer);
  assert.equal(back[2], buffer);
  assert.equal(back[1].view.buffer, buffer);
});

test("threads that start while others announce buffers find all of them", async () => {
  gomaxprocs(1);
  const ask = shared.chan<number>();
  const made = shared.chan<{ buffer: SharedArrayBuffer }>(10);
  const making = tasks.making.run(ask, made);
  const runs: Promise<number | undefined>[] = [];
  gomaxprocs(6);
  for (let i = 0; i < 300; i++) {
    await ask.send(i);
    runs.push(tasks.first.run((await made.recv())?.buffer as SharedArrayBuffer));
  }
  assert.deepEqual(
    await Promise.all(runs),
    Array.from({ length: 300 }, (_, i) => i),
  );
  ask.close();
  await making;
  gomaxprocs(2);
});

test("a thread asks for a buffer that was announced while it started, though the main thread does not see it", async () => {
  const ask = shared.chan<number>(100);
  const made = shared.chan<{ buffer: SharedArrayBuffer }>(100);
  const on = shared.chan<{ buffer: SharedArrayBuffer }>(100);
  const making = tasks.making.run(ask, made);
  for (let round = 0; round < 4; round++) {
    gomaxprocs(3 + round);
    const relays = Array.from({ length: 3 + round }, () => tasks.relay.run(made, on)); // new threads
    for (let i = 0; i < 20; i++) await ask.send(i);
    const seen: number[] = [];
    for (let i = 0; i < 20; i++) seen.push(new Int32Array((await on.recv())?.buffer as SharedArrayBuffer)[0] as number);
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, i) => i),
    );
    void relays;
  }
  ask.close();
  await making;
  made.close();
  gomaxprocs(2);
});

test("a buffer that can grow stays one that can", async () => {
  const make = SharedArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => SharedArrayBuffer;
  const buffer = new make(4, { maxByteLength: 8 }) as SharedArrayBuffer & { grow(n: number): void };
  assert.equal(await tasks.first.run(buffer), 0);
  buffer.grow(8);
  assert.equal(buffer.byteLength, 8);
});

test("buffers go when no thread has them any more", async () => {
  for (let i = 0; i < 100; i++) await tasks.first.run(new SharedArrayBuffer(1 << 16));
  assert.ok(countBuffers() > 0);
  gomaxprocs(2);
  for (let i = 0; i < 100 && countBuffers() > 0; i++) {
    await Promise.all(Array.from({ length: 6 }, () => tasks.collect.run()));
    globalThis.gc?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  assert.ok(countObjects(BUFFER) < 10, `${countObjects(BUFFER)} objects are left`);
  assert.ok(countBuffers() < 10, `${countBuffers()} buffers are left`);
});
