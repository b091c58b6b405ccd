// Blocks and handles: none is lost, and none is let go of twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Pair } from "../../../support/codec.js";
import { Thing } from "../../../support/heap.js";

function rich(pair: Pair): unknown {
  const things = [pair.handles.add(new Thing()), pair.handles.add(new Thing())];
  return {
    id: 1,
    text: ["short", "long ".repeat(100), "жук"],
    things,
    bytes: new Uint8Array(1000).fill(7),
    floats: new Float64Array([0.5, NaN]),
    nested: { again: things[0], map: new Map([["k", { deep: things[1] }]]) },
  };
}

test("when memory is exhausted, at whichever block, nothing is left", () => {
  const pair = new Pair();
  const value = rich(pair);
  const texts = ["plain", "жук", "x\u{100}"];
  for (const each of [value, [value, value], ...texts]) {
    for (let budget = 0, failed = true; failed; budget++) {
      pair.arena.budget = budget;
      failed = false;
      try {
        pair.b.discard(...pair.encode(each));
      } catch (error) {
        assert.ok(error instanceof RangeError);
        assert.equal(error.message, "out of memory");
        failed = true;
      }
      pair.clean();
    }
    pair.arena.budget = Infinity;
    assert.deepEqual(pair.cross(each), each);
    pair.clean();
  }
});

test("a message goes without its shape when there is no memory for that", () => {
  const pair = new Pair();
  pair.cross({ a: 1 });
  pair.arena.budget = 0;
  assert.throws(() => pair.encode({ a: 1 }), RangeError);
  pair.arena.budget = Infinity;
  assert.deepEqual(pair.cross({ a: 1 }), { a: 1 });
  pair.clean();
});

test("views that move at every block, and are stale in the other thread, do no harm", () => {
  const pair = new Pair();
  pair.arena.moving = true;
  const value = rich(pair);
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(pair.cross(value), value);
    assert.equal(pair.cross("text that the other thread cannot see yet"), "text that the other thread cannot see yet");
    assert.equal(pair.cross("жук"), "жук");
    pair.b.discard(...pair.encode(value));
    pair.clean();
  }
});

test("a message holds a handle once for each time it carries it, until it is delivered or discarded", () => {
  const pair = new Pair();
  const thing = pair.handles.add(new Thing());
  const slot = pair.encode({ thing, list: [thing, thing] });
  assert.equal(thing.held, 3);
  assert.deepEqual(pair.b.decode(...slot), { thing, list: [thing, thing] });
  assert.equal(thing.held, 0);
  pair.b.discard(...pair.encode({ thing, list: [thing, thing] }));
  assert.equal(thing.held, 0);
  const alone = pair.encode(thing);
  assert.equal(thing.held, 1);
  pair.b.discard(...alone);
  pair.clean();
});

test("when a message cannot be read to its end, the handles that are left in it are dropped", () => {
  const pair = new Pair();
  const [a, b, c] = [0, 1, 2].map(() => pair.handles.add(new Thing()));
  const slot = pair.encode([a, b, c]);
  const { unpack } = pair.handles;
  pair.handles.unpack = (...packed) => {
    const thing = unpack.apply(pair.handles, packed);
    if (thing === b) throw new Error("cannot");
    return thing;
  };
  assert.throws(() => pair.b.decode(...slot), { message: "cannot" });
  pair.clean();
});

test("a handle may be something that is itself a message", () => {
  const pair = new Pair();
  const thing = pair.handles.add(new Thing());
  const { unpack } = pair.handles;
  pair.handles.unpack = (...packed) => {
    assert.deepEqual(pair.b.decode(...pair.encode({ inner: ["x".repeat(50)], n: 1.5 })), {
      inner: ["x".repeat(50)],
      n: 1.5,
    });
    return unpack.apply(pair.handles, packed);
  };
  assert.deepEqual(pair.cross({ thing, rest: [1, "two", { three: 3 }] }), { thing, rest: [1, "two", { three: 3 }] });
  pair.clean();
});

test("no message is left of any slot that is discarded", () => {
  const pair = new Pair();
  const values = [undefined, null, 1, true, "", "text", "жук", [], [1], {}, pair.singletons[0], new Uint8Array(9)];
  for (const value of values) {
    pair.b.discard(...pair.encode(value));
    pair.clean();
  }
});

test("the stage that a long message needed is not kept", () => {
  const pair = new Pair();
  const value = ["x".repeat(3_000_000)];
  pair.cross(value);
  const { encoder } = pair.a as unknown as { encoder: { words: Int32Array } };
  assert.ok(encoder.words.byteLength < 100_000);
  assert.deepEqual(pair.cross(value), value);
});
