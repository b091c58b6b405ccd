import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Placed } from "../../../dist/internal/ds/heap.js";
import { internal } from "../../support/internal.js";

const { Heap } = await internal<typeof import("../../../dist/internal/ds/heap.js")>("ds/heap.js");

class Item implements Placed<Item> {
  place = -1;
  readonly at: number;
  readonly nth: number;

  constructor(at: number, nth: number) {
    this.at = at;
    this.nth = nth;
  }

  before(other: Item): boolean {
    return this.at < other.at || (this.at === other.at && this.nth < other.nth);
  }
}

const order = (a: Item, b: Item) => a.at - b.at || a.nth - b.nth;

test("a heap's first is the least of its items, whichever have been added and removed, as a sorted list would have it", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.nat({ max: 50 }) }) },
    { weight: 2, arbitrary: fc.record({ remove: fc.nat({ max: 1_000 }) }) },
    { weight: 1, arbitrary: fc.constant("first" as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const heap = new Heap<Item>();
      let model: Item[] = [];
      for (const [nth, s] of steps.entries()) {
        let gone: Item | undefined;
        if (s === "first") gone = heap.first;
        else if ("remove" in s) gone = model[s.remove % Math.max(model.length, 1)];
        else {
          const item = new Item(s.add, nth);
          heap.add(item);
          model.push(item);
          model.sort(order);
        }
        if (gone !== undefined) {
          heap.remove(gone);
          assert.equal(gone.place, -1);
          model = model.filter((item) => item !== gone);
        }
        assert.equal(heap.first, model[0]);
        assert.equal(heap.length, model.length);
        const places = model.map((item) => item.place).sort((a, b) => a - b);
        assert.deepEqual(places, [...model.keys()], "the places are not those of a heap");
      }
      for (const item of model) {
        assert.equal(heap.first, item);
        heap.remove(item);
      }
      assert.equal(heap.first, undefined);
    }),
  );
});

test("an item that has left a heap may be added again", () => {
  const heap = new Heap<Item>();
  const items = [5, 3, 9, 1].map((at, i) => new Item(at, i));
  for (const item of items) heap.add(item);
  heap.remove(items[3] as Item);
  heap.add(items[3] as Item);
  assert.equal(heap.first, items[3]);
  assert.equal(heap.length, 4);
});
