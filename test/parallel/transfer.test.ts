// Buffers that are moved.

import assert from "node:assert/strict";
import { test } from "node:test";
import { select, trySelect } from "gort";
import { canceled, background, withCancel } from "gort/context";
import { gomaxprocs, shared, transfer } from "gort/parallel";
import { isPending } from "../support/settle.js";
import * as tasks from "./tasks/memory.js";

gomaxprocs(2);

const make = (...bytes: number[]) => new Uint8Array(bytes).buffer;
const bytesOf = (buffer: unknown) => [...new Uint8Array(buffer as ArrayBuffer)];

test("transfer gives the buffer, which arrives with its content and is empty here", async () => {
  const buffer = make(1, 2, 3);
  assert.equal(transfer(buffer), buffer);
  assert.equal(buffer.byteLength, 3);
  assert.equal(await tasks.sum.run(buffer), 6);
  assert.equal(buffer.byteLength, 0);
  const copied = make(4, 5);
  assert.equal(await tasks.sum.run(copied), 9);
  assert.equal(copied.byteLength, 2);
});

test("a buffer is moved from within what is sent, through channels of every capacity", async () => {
  for (const capacity of [0, 1]) {
    const ch = shared.chan<{ id: number; list: ArrayBuffer[]; view?: Uint8Array }>(capacity);
    const [a, b, kept] = [make(1), make(2, 3), make(4)];
    const view = new Uint8Array(transfer(make(5, 6)), 1);
    const sending = ch.send({ id: 1, list: [transfer(a), kept, transfer(b), a], view });
    const [got] = await ch.recvOk();
    await sending;
    assert.deepEqual(got?.list.map(bytesOf), [[1], [4], [2, 3], [1]]);
    assert.deepEqual([...(got as { view: Uint8Array }).view], [6]);
    assert.deepEqual(
      [a, b, kept, view.buffer].map((each) => each.byteLength),
      [0, 0, 1, 0],
    );
  }
});

test("a buffer is moved when a parked send comes to its turn, and not before", async () => {
  const ch = shared.chan<ArrayBuffer>();
  const buffer = transfer(make(1, 2));
  const sending = ch.send(buffer);
  assert.equal(await isPending(sending), true);
  assert.equal(buffer.byteLength, 2);
  assert.deepEqual(bytesOf(await ch.recv()), [1, 2]);
  await sending;
  assert.equal(buffer.byteLength, 0);
});

test("what is not sent stays whole", async () => {
  const ch = shared.chan<unknown>();
  const buffer = transfer(make(1, 2));
  await assert.rejects(ch.send({ buffer, bad: () => {} }), TypeError);
  await assert.rejects(tasks.echo.run([buffer, Symbol("bad")]), TypeError);
  assert.equal(ch.trySend(buffer), false);
  assert.equal(trySelect({ out: ch.sending(buffer) }), undefined);
  const [ctx, cancel] = withCancel(background());
  const sending = assert.rejects(ch.send(buffer, ctx), (error) => error === canceled);
  const other = shared.chan<number>(1);
  const selecting = select({ out: ch.sending(buffer), other });
  await other.send(1);
  assert.equal((await selecting).case, "other");
  cancel();
  await sending;
  ch.close();
  await assert.rejects(ch.send(buffer), { code: "ERR_SEND_ON_CLOSED_CHANNEL" });
  assert.throws(() => ch.trySend(buffer), { code: "ERR_SEND_ON_CLOSED_CHANNEL" });
  assert.equal(buffer.byteLength, 2);
  const open = shared.chan<unknown>(2);
  await open.send(5);
  assert.equal(buffer.byteLength, 2);
  await open.send(buffer);
  assert.equal(buffer.byteLength, 0);
});

test("select moves what it sends, at once or after it has waited", async () => {
  const [full, ready] = [shared.chan<ArrayBuffer>(), shared.chan<ArrayBuffer>(1)];
  const [a, b] = [transfer(make(1)), transfer(make(2))];
  assert.equal((await select({ full: full.sending(a), ready: ready.sending(b) })).case, "ready");
  assert.deepEqual([a.byteLength, b.byteLength], [1, 0]);
  const waiting = select({ full: full.sending(a), never: shared.chan<number>() });
  assert.equal(await isPending(waiting), true);
  assert.equal(a.byteLength, 1);
  assert.deepEqual(bytesOf(await full.recv()), [1]);
  assert.equal((await waiting).case, "full");
  assert.equal(a.byteLength, 0);
});

test("tasks move what they send and what they return, and what they send while blocked", async () => {
  const ch = shared.chan<ArrayBuffer>(1);
  const { left, second } = await tasks.moving.run(ch);
  assert.equal(left, 0);
  assert.deepEqual(bytesOf(second), [4, 5]);
  assert.deepEqual(bytesOf(await ch.recv()), [1, 2, 3]);
  const blocked = tasks.movingSync.run(ch);
  for (let i = 0; i < 3; i++) assert.deepEqual(bytesOf(await ch.recv()), [i]);
  assert.deepEqual(await blocked, [0, 0, 0]);
});

test("large and empty buffers are moved", async () => {
  const large = transfer(new ArrayBuffer(20_000_000));
  new Uint8Array(large).fill(1);
  assert.equal(await tasks.sum.run(large), 20_000_000);
  assert.equal(large.byteLength, 0);
  assert.equal(await tasks.sum.run(transfer(new ArrayBuffer(0))), 0);
});

test("a buffer that is moved twice is refused the second time", async () => {
  const buffer = transfer(make(1));
  await tasks.sum.run(buffer);
  await assert.rejects(tasks.sum.run(transfer(buffer)), { name: "TypeError", message: /has no memory any more/ });
});

test("memory that the platform does not let go of is copied", async () => {
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: new (o: object) => { buffer: ArrayBuffer } } })
    .WebAssembly;
  const { buffer } = new Memory({ initial: 1 });
  assert.equal(await tasks.sum.run(transfer(buffer)), 0);
  assert.equal(buffer.byteLength, 65536);
});

test("transfer takes an ArrayBuffer and nothing else", () => {
  const bad = [new Uint8Array(1), new SharedArrayBuffer(1), {}, 1, null, undefined];
  for (const each of bad) {
    assert.throws(() => transfer(each as never), { name: "TypeError", message: /expected an ArrayBuffer, got/ });
  }
  assert.throws(() => transfer(new Uint8Array(1) as never), { message: /give its \.buffer/ });
});
