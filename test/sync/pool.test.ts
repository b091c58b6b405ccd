import assert from "node:assert/strict";
import { test } from "node:test";
import * as sync from "gort/sync";

test("PO-1 what was put is got again, and nothing twice", () => {
  let made = 0;
  const pool = new sync.Pool<number | string>(() => --made);
  pool.put("a");
  pool.put("b");
  const got = [pool.get(), pool.get()];
  assert.deepEqual(new Set(got), new Set(["a", "b"]));
  assert.equal(pool.get(), -1);
});

test("PO-2 a new one is made only when there is none", () => {
  let made = 0;
  const pool = new sync.Pool(() => ++made);
  assert.deepEqual([pool.get(), pool.get()], [1, 2]);
  pool.put(42);
  assert.deepEqual([pool.get(), pool.get()], [42, 3]);
});

test("PO-3 it keeps a bounded number, however many are put", () => {
  let made = 0;
  const pool = new sync.Pool<object>(() => ({ made: ++made }));
  for (let i = 0; i < 100_000; i++) pool.put({});
  for (let i = 0; i < 100_000; i++) pool.get();
  assert.ok(made > 90_000, `${100_000 - made} were kept`);
});

test("PO-4 putting nothing is ignored", () => {
  const pool = new sync.Pool<unknown>(() => "new");
  pool.put(undefined);
  pool.put(null);
  assert.equal(pool.get(), "new");
  pool.put(0);
  assert.equal(pool.get(), 0);
});

test("a pool needs a function", () => {
  assert.throws(() => new sync.Pool(undefined as never), {
    name: "TypeError",
    message: /expected a function, got undefined/,
  });
});
