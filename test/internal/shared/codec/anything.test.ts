// Values of any make.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Pair } from "../../../support/codec.js";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 50 }),
);
const key = fc.oneof(
  fc.constantFrom("id", "url", "a", "b", "c", "0", "10", "", "__proto__", "constructor", "toString"),
  text,
);
const anything = fc.anything({
  key,
  maxDepth: 5,
  withBigInt: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withNullPrototype: true,
  values: [
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.bigInt(),
    text,
    fc.constantFrom(undefined, null, -0, NaN, Infinity, 2 ** 23, -(2 ** 23) - 1, 2 ** 31, 2n ** 63n),
    fc.constant(/x/gu),
    fc.date({ noInvalidDate: true }), // on Node 20 no two others are equal
  ],
});

test("any value arrives equal to what was sent, and leaves nothing behind", () => {
  const pair = new Pair();
  fc.assert(
    fc.property(anything, (value) => {
      const got = pair.cross(value);
      assert.deepStrictEqual(got, value);
      assert.deepStrictEqual(pair.cross([value, { value }, value]), [value, { value }, value]);
      pair.clean();
    }),
    { numRuns: 500 },
  );
});

test("arguments of any make arrive in a thread that has just begun", () => {
  const pair = new Pair();
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 5 }), (values) => {
      assert.deepStrictEqual(pair.crossAll(values, pair.codec()), values);
      pair.clean();
    }),
  );
});

test("any value that is discarded leaves nothing behind", () => {
  const pair = new Pair();
  fc.assert(
    fc.property(anything, (value) => {
      pair.b.discard(...pair.encode(value));
      pair.clean();
    }),
  );
});

test("any value arrives from memory that grows with every block", () => {
  const pair = new Pair();
  pair.arena.moving = true;
  fc.assert(
    fc.property(anything, (value) => {
      assert.deepStrictEqual(pair.cross(value), value);
      pair.clean();
    }),
  );
});
