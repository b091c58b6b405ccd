import assert from "node:assert/strict";
import { test } from "node:test";
import { chan } from "gort";
import * as sync from "gort/sync";
import { maps } from "../suites/map.js";
import { settle } from "../support/settle.js";

maps(() => new sync.Map());

test("MP-2 range visits in the order in which keys were stored, and not those that were stored meanwhile", () => {
  const m = new sync.Map<number, number>();
  for (const k of [3, 1, 2]) m.store(k, k);
  const seen: number[] = [];
  m.range((k) => {
    m.store(k + 10, k);
    m.delete(3);
    m.store(3, 3);
    return seen.push(k) > 0;
  });
  assert.deepEqual(seen, [3, 1, 2]);
});

test("MP-9 undefined and null are keys like any other", () => {
  const m = new sync.Map<unknown, unknown>();
  m.store(undefined, undefined);
  m.store(null, null);
  assert.deepEqual(
    [m.load(undefined), m.load(null), m.load(0)],
    [
      [undefined, true],
      [null, true],
      [undefined, false],
    ],
  );
});

test("MP-12 a deleted key can be collected", async () => {
  const m = new sync.Map<object, number>();
  const collected = chan<void>(1);
  const registry = new FinalizationRegistry<void>(() => void collected.trySend());
  (() => {
    const k = {};
    registry.register(k, undefined);
    m.store(k, 1);
    m.delete(k);
    m.load(k);
  })();
  while (collected.len === 0) {
    await settle();
    globalThis.gc?.();
  }
  assert.deepEqual(m.load({}), [undefined, false]);
});
