import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { internal } from "../../support/internal.js";
import { settle } from "../../support/settle.js";

const { Ring } = await internal<typeof import("../../../dist/internal/ds/ring.js")>("ds/ring.js");

test("a ring gives its values in the order in which they came, however it has grown and wrapped around, as a list would", () => {
  const runs = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })), { maxLength: 20 });
  fc.assert(
    fc.property(runs, (steps) => {
      const ring = new Ring<number>();
      const model: number[] = [];
      let next = 0;
      for (const [puts, takes] of steps) {
        for (let i = 0; i < puts; i++) {
          ring.push(next);
          model.push(next++);
        }
        for (let i = 0; i < takes && model.length > 0; i++) assert.equal(ring.shift(), model.shift());
        assert.equal(ring.length, model.length);
      }
      while (model.length > 0) assert.equal(ring.shift(), model.shift());
      assert.equal(ring.length, 0);
    }),
  );
});

test("a ring holds undefined like any other value", () => {
  const ring = new Ring<number | undefined>();
  for (const value of [undefined, 1, undefined]) ring.push(value);
  assert.equal(ring.length, 3);
  assert.deepEqual([ring.shift(), ring.shift(), ring.shift()], [undefined, 1, undefined]);
});

test("a ring does not keep alive what has been taken out, even after it has grown", async () => {
  const ring = new Ring<object>();
  const refs = Array.from({ length: 9 }, () => {
    const value = {};
    ring.push(value);
    return new WeakRef(value);
  });
  for (let i = 0; i < 8; i++) ring.shift();
  await settle();
  globalThis.gc?.();
  assert.deepEqual(
    refs.map((ref) => ref.deref() !== undefined),
    [...Array(8).fill(false), true],
  );
  assert.equal(ring.length, 1);
});
