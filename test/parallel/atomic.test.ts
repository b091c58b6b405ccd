// Atomic values that are passed as they are: the same cell in all threads.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Bool, Int32, Int64, Uint32, Uint64, Value } from "gort/atomic";

const before = new Int32(7); // made before gort/parallel was there

const { gomaxprocs, shared } = await import("gort/parallel");
const { CELL, countObjects } = await import("../support/shared.js");
const tasks = await import("./tasks/memory.js");

gomaxprocs(2);

/** Lets all threads collect their garbage until there are no more than `n` cells. */
async function cells(n: number): Promise<void> {
  for (let i = 0; i < 50 && countObjects(CELL) > n; i++) {
    await Promise.all([tasks.collect.run(), tasks.collect.run()]);
    globalThis.gc?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  assert.ok(countObjects(CELL) <= n, `${countObjects(CELL)} cells are left`);
}

test("atomics of every type arrive as what they are, with their values", async () => {
  const all = [new Int32(-5), new Uint32(5e9), new Int64(-(2n ** 40n)), new Uint64(2n ** 63n), new Bool(true)];
  assert.deepEqual(await tasks.describe.run(before, ...all), [
    "Int32 7",
    "Int32 -5",
    "Uint32 705032704",
    "Int64 -1099511627776",
    "Uint64 9223372036854775808",
    "Bool true",
  ]);
  assert.deepEqual(
    all.map((each) => each.load()),
    [-5, 705032704, -(2n ** 40n), 2n ** 63n, true],
  );
});

test("an atomic is the same on both sides, through tasks and channels, and itself where it comes from", async () => {
  const flag = new Bool();
  assert.deepEqual(await tasks.flip.run(flag), [true, false]);
  assert.equal(flag.load(), true);
  const [to, back] = [shared.chan<{ deep: [Int32] }>(), shared.chan<{ deep: [Int32] }>()];
  const relay = tasks.relay.run(to, back);
  await to.send({ deep: [before] });
  assert.equal((await back.recv())?.deep[0], before);
  to.close();
  await relay;
});

test("AT-10 4 threads that add, compare-and-swap and swap lose nothing", async () => {
  gomaxprocs(4);
  const n = 20_000;
  const counters = { i32: new Int32(), u32: new Uint32(), i64: new Int64(), u64: new Uint64() };
  const swapped = new Int64();
  const sums = await Promise.all(Array.from({ length: 4 }, () => tasks.hammer.run(counters, swapped, n)));
  assert.equal(counters.i32.load(), 4 * n);
  assert.equal(counters.u64.load(), BigInt(12 * n));
  assert.equal(counters.u32.load(), 8 * n);
  assert.equal(counters.i64.load(), BigInt(-4 * n));
  const put = BigInt(4 * ((n * (n - 1)) / 2));
  assert.equal(sums.reduce((a, b) => a + b, 0n) + swapped.load(), put);
  gomaxprocs(2);
});

test("AT-11 64-bit values are never torn", async () => {
  const value = new Uint64();
  assert.deepEqual(await Promise.all([tasks.halves.run(value, 50_000), tasks.halves.run(value, 50_000)]), [0, 0]);
});

test("AT-12 of two threads that store and then load what the other stores, one sees it", async () => {
  const make = () => Array.from({ length: 500 }, () => new Int32());
  const [a, b, turn] = [make(), make(), new Int32()];
  const [x, y] = await Promise.all([tasks.dekker.run(a, b, turn), tasks.dekker.run(b, a, turn)]);
  assert.equal(x.filter((seen, i) => seen === 0 && y[i] === 0).length, 0);
});

test("AT-13 what was written before a flag is there for who sees the flag", async () => {
  const data = new Int32Array(new SharedArrayBuffer(64));
  const flag = new Int32();
  const [wrong] = await Promise.all([tasks.reader.run(flag, data, 2000), tasks.writer.run(flag, data, 2000)]);
  assert.equal(wrong, 0);
});

test("AT-20 a Value is of one thread, and refused by name", async () => {
  const ch = shared.chan<unknown>(1);
  await assert.rejects(ch.send({ config: new Value<string>() }), {
    name: "TypeError",
    message: /value\.config is an atomic\.Value, which is of one thread/,
  });
});

test("what extends an atomic has a class of its own, and is refused", async () => {
  class Mine extends Int32 {}
  await assert.rejects(tasks.echo.run(new Mine()), { name: "TypeError", message: /instance of Mine/ });
});

test("cells go when no thread has them any more", async () => {
  const left = countObjects(CELL);
  for (let i = 0; i < 200; i++) assert.equal((await tasks.describe.run(new Int32(i)))[0], `Int32 ${i}`);
  assert.ok(countObjects(CELL) > 0);
  await cells(left);
  assert.deepEqual(await tasks.describe.run(before), ["Int32 7"]);
});
