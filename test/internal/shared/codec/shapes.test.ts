// The table of shapes: what gets one, and how threads find those of others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Pair } from "../../../support/codec.js";

function keyed(keys: readonly string[]): Record<string, number> {
  return Object.fromEntries(keys.map((key, i) => [key, i]));
}

test("a key list gets a shape when it comes for the second time, and messages become shorter", () => {
  const pair = new Pair();
  const value = { identifier: 1, description: 2 };
  const lengths = [1, 2, 3].map(() => {
    const [, pointer] = pair.encode(value);
    const length = pair.arena.live.get(pointer) as number;
    assert.deepEqual(pair.b.decode(pair.a.tag, pair.a.aux, pair.a.num), value);
    return length;
  });
  assert.deepEqual(lengths, [64, 24, 24]);
  assert.deepEqual(pair.shapes(), [1]);
});

test("a second object of an unknown kind within one message has the shape already", () => {
  const pair = new Pair();
  assert.deepEqual(pair.cross([{ a: 1 }, { a: 2 }]), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(pair.shapes(), [1]);
});

test("threads find each other's shapes, and make none twice", () => {
  const pair = new Pair();
  const value = { id: 1, url: "x" };
  const threads = [pair.a, pair.b, pair.codec(), pair.codec()];
  for (let round = 0; round < 3; round++) {
    for (const from of threads) {
      for (const to of threads) {
        from.encode(value, "send");
        assert.deepEqual(to.decode(from.tag, from.aux, from.num), value);
      }
    }
  }
  assert.deepEqual(pair.shapes(), [1]);
  pair.clean();
});

test("of two threads that make a shape at the same time, the second takes the first one's", () => {
  const pair = new Pair();
  const value = { id: 1 };
  pair.cross(value);
  const other = pair.codec();
  other.encode(value, "send");
  other.discard(other.tag, other.aux, other.num);
  const { heap } = pair.a as unknown as { heap: { alloc(bytes: number): number } };
  const alloc = heap.alloc.bind(heap);
  let raced = false;
  heap.alloc = (bytes) => {
    const pointer = alloc(bytes);
    if (!raced) {
      raced = true; // in between, the other thread does the same
      for (const each of [value, { else: 1 }, { else: 1 }]) {
        other.encode(each, "send");
        assert.deepEqual(pair.b.decode(other.tag, other.aux, other.num), each);
      }
    }
    return pointer;
  };
  assert.deepEqual(pair.cross(value), value);
  assert.ok(raced);
  assert.deepEqual(pair.shapes(), [2, 1]);
  assert.deepEqual(pair.cross([value, { else: 1 }, { third: 1 }, { third: 1 }]), [
    value,
    { else: 1 },
    { third: 1 },
    { third: 1 },
  ]);
  assert.deepEqual(pair.shapes(), [3, 2, 1]);
  pair.clean();
});

test("objects of the same keys in another order, or with some of them, stay what they are", () => {
  const pair = new Pair();
  const values = [{ a: 1, b: 2, c: 3 }, { c: 1, b: 2, a: 3 }, { a: 1 }, { a: 1, b: 2 }, { a: 1, c: 2 }, {}];
  for (let i = 0; i < 4; i++) {
    for (const value of values) assert.deepEqual(Object.entries(pair.cross(value)), Object.entries(value));
  }
  assert.equal(pair.shapes().length, 6);
});

test("objects of up to 64 keys have shapes; with more keys, long ones, or ones beyond latin1 they do without", () => {
  const keys = (n: number) => Array.from({ length: n }, (_, i) => `key${i}`);
  const shaped = [1, 2, 3, 4, 5, 6, 7, 63, 64].map((n) => keyed(keys(n)));
  const unshaped = [keyed(keys(65)), keyed(keys(300)), keyed(["x".repeat(65)]), keyed(["a", "ж", "c"])];
  const pair = new Pair();
  for (let i = 0; i < 3; i++) {
    for (const value of [...shaped, ...unshaped]) assert.deepStrictEqual(pair.cross(value), value);
  }
  assert.equal(pair.shapes().length, shaped.length);
  assert.deepStrictEqual(pair.cross([unshaped, shaped, unshaped]), [unshaped, shaped, unshaped]);
  pair.clean();
});

test("keys that come once, as those of dictionaries do, get no shape, and do not keep the memory", () => {
  const pair = new Pair();
  for (let i = 0; i < 40_000; i++) {
    const value = { [`user${i}`]: i, [`and${i}`]: 1 };
    pair.b.discard(...pair.encode(value));
  }
  assert.deepEqual(pair.shapes(), []);
  // The kinds of objects that come later still get theirs.
  for (let i = 0; i < 3; i++) assert.deepEqual(pair.cross({ late: 1 }), { late: 1 });
  assert.deepEqual(pair.shapes(), [1]);
});

test("shapes that are known stay known when the keys that came once are forgotten, also in the middle of a message", () => {
  const pair = new Pair();
  const known = { id: 1, url: "x" };
  for (let i = 0; i < 2; i++) pair.cross(known);
  const dictionary = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, { [`k${i}`]: known }]));
  const value = { outer: dictionary, known, again: [{ outer: 1, known: 2, again: 3 }] };
  for (let i = 0; i < 2; i++) assert.deepEqual(pair.cross(value), value);
  assert.deepEqual(pair.shapes(), [2, 1]);
  pair.clean();
});

test("there are at most 4,096 shapes, and what comes later does without", () => {
  const pair = new Pair();
  for (let i = 0; i < 4_200; i++) {
    const value = { [`kind${i}`]: i };
    for (let n = 0; n < 3; n++) assert.deepEqual(pair.cross(value), value);
  }
  assert.equal(pair.shapes().length, 4_096);
  const late = pair.codec();
  late.encode({ kind4095: 1, kind4199: { kind4199: 2 } }, "send");
  assert.deepEqual(pair.b.decode(late.tag, late.aux, late.num), { kind4095: 1, kind4199: { kind4199: 2 } });
  pair.clean();
});
