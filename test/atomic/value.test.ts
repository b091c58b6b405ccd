import assert from "node:assert/strict";
import { test } from "node:test";
import { go } from "gort";
import * as atomic from "gort/atomic";
import * as sync from "gort/sync";

const panic = (words: string) => ({ name: "GoPanic", message: `sync/atomic: ${words}` });

test("AT-16 a value is undefined before the first store, and then what was stored last", () => {
  const v = new atomic.Value<object>();
  assert.equal(v.load(), undefined);
  const large = { list: Array.from({ length: 1000 }, (_, i) => i) };
  v.store({});
  v.store(large);
  assert.equal(v.load(), large);
});

test("AT-17 storing nothing, or a value of another type, panics and changes nothing", () => {
  const v = new atomic.Value<unknown>();
  for (const nothing of [undefined, null]) {
    assert.throws(() => v.store(nothing), panic("store of nil value into Value"));
  }
  v.store(42);
  for (const other of ["42", true, 42n, {}, () => {}]) {
    assert.throws(() => v.store(other), panic("store of inconsistently typed value into Value"));
  }
  assert.throws(() => v.store(undefined), panic("store of nil value into Value"));
  assert.equal(v.load(), 42);
});

test("AT-17 the type of an object is its class", () => {
  const v = new atomic.Value<unknown>();
  v.store(new Date(0));
  v.store(new Date(1));
  assert.throws(() => v.store({}), panic("store of inconsistently typed value into Value"));
  assert.throws(() => v.store([]), panic("store of inconsistently typed value into Value"));
});

test("AT-18 swap gives the old value, undefined at first, and panics as store does", () => {
  const v = new atomic.Value<unknown>();
  assert.throws(() => v.swap(undefined), panic("swap of nil value into Value"));
  assert.equal(v.swap("a"), undefined);
  assert.equal(v.swap("b"), "a");
  assert.throws(() => v.swap(1), panic("swap of inconsistently typed value into Value"));
  assert.equal(v.load(), "b");
});

test("AT-8 AT-19 compareAndSwap compares by identity, with nothing as the old value of an empty one only", () => {
  for (const nothing of [undefined, null]) {
    const v = new atomic.Value<unknown>();
    assert.equal(v.compareAndSwap("a", "b"), false);
    assert.equal(v.load(), undefined);
    assert.equal(v.compareAndSwap(nothing, "a"), true);
    assert.equal(v.compareAndSwap(nothing, "b"), false);
    assert.equal(v.compareAndSwap("b", "c"), false);
    assert.equal(v.load(), "a");
    assert.equal(v.compareAndSwap("a", "c"), true);
    assert.equal(v.load(), "c");
  }
  const v = new atomic.Value<object>();
  const first = {};
  v.store(first);
  assert.equal(v.compareAndSwap({}, {}), false);
  assert.equal(v.compareAndSwap(first, {}), true);
});

test("AT-19 compareAndSwap panics on values of different types and on nothing", () => {
  const v = new atomic.Value<unknown>();
  assert.throws(() => v.compareAndSwap(undefined, undefined), panic("compare and swap of nil value into Value"));
  assert.throws(() => v.compareAndSwap(1, "a"), panic("compare and swap of inconsistently typed values"));
  v.store(1);
  assert.throws(() => v.compareAndSwap("a", 1), panic("compare and swap of inconsistently typed values"));
  assert.throws(() => v.compareAndSwap("a", "b"), panic("compare and swap of inconsistently typed value into Value"));
  assert.throws(
    () => v.compareAndSwap(undefined, "b"),
    panic("compare and swap of inconsistently typed value into Value"),
  );
  assert.throws(() => v.compareAndSwap(1, null), panic("compare and swap of nil value into Value"));
  assert.equal(v.load(), 1);
});

test("AT-21 recipe: one goroutine replaces the configuration, the others load it", async () => {
  const config = new atomic.Value<{ readonly version: number }>();
  config.store({ version: 1 });
  const seen: number[] = [];
  const wg = new sync.WaitGroup();
  const loaded = new sync.WaitGroup();
  loaded.add(1);
  for (let i = 0; i < 3; i++) {
    wg.go(async () => {
      const before = config.load();
      await loaded.wait();
      seen.push(before?.version ?? 0, config.load()?.version ?? 0);
    });
  }
  go(() => {
    config.store({ version: 2 });
    loaded.done();
  });
  await wg.wait();
  assert.deepEqual(seen, [1, 2, 1, 2, 1, 2]);
});

test("AT-21 recipe: a map that is read without a lock and copied to be changed", async () => {
  const m = new atomic.Value<ReadonlyMap<string, number>>();
  m.store(new Map());
  const mu = new sync.Mutex();
  const insert = (key: string, value: number) => mu.with(() => m.store(new Map(m.load()).set(key, value)));
  const before = m.load();
  await Promise.all([insert("a", 1), insert("b", 2)]);
  assert.deepEqual(
    m.load(),
    new Map([
      ["a", 1],
      ["b", 2],
    ]),
  );
  assert.equal(before?.size, 0);
});
