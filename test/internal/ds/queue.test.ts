import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Linked } from "../../../dist/internal/ds/queue.js";
import { internal } from "../../support/internal.js";

const { Queue } = await internal<typeof import("../../../dist/internal/ds/queue.js")>("ds/queue.js");

class Node implements Linked<Node> {
  next: Node = this;
  prev: Node = this;
  readonly name: number;

  constructor(name: number) {
    this.name = name;
  }
}

/** What stands in the queue, by its links in both directions. */
function names(queue: InstanceType<typeof Queue<Node>>): number[] {
  const forth: number[] = [];
  const back: number[] = [];
  const { head } = queue;
  if (head === undefined) return forth;
  for (let n = head; ; n = n.next) {
    forth.push(n.name);
    back.push(n.next.prev.name);
    if (n.next === head) break;
  }
  assert.deepEqual(back, forth);
  return forth;
}

test("a queue gives its nodes in the order in which they came, whichever leave from the middle, as a list would", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant("push" as const) },
    { weight: 1, arbitrary: fc.constant("shift" as const) },
    { weight: 2, arbitrary: fc.nat({ max: 1_000 }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new Queue<Node>();
      let model: Node[] = [];
      let next = 0;
      for (const s of steps) {
        if (s === "push") {
          const node = new Node(next++);
          queue.push(node);
          model.push(node);
        } else if (s === "shift") {
          assert.equal(queue.shift(), model.shift());
        } else if (model.length > 0) {
          const node = model[s % model.length] as Node;
          queue.remove(node);
          model = model.filter((other) => other !== node);
          assert.ok(node.next === node && node.prev === node, "a node that has left still has links");
        }
        assert.equal(queue.head, model[0]);
        assert.deepEqual(
          names(queue),
          model.map((node) => node.name),
        );
      }
    }),
  );
});

test("a node that has left one queue may stand in another, or in the same one again", () => {
  const [a, b] = [new Queue<Node>(), new Queue<Node>()];
  const nodes = [0, 1, 2].map((i) => new Node(i));
  for (const node of nodes) a.push(node);
  a.remove(nodes[1] as Node);
  b.push(nodes[1] as Node);
  assert.equal(a.shift(), nodes[0]);
  a.push(nodes[0] as Node);
  assert.deepEqual([names(a), names(b)], [[2, 0], [1]]);
});

test("an empty queue has nothing to give", () => {
  const queue = new Queue<Node>();
  assert.equal(queue.shift(), undefined);
  const only = new Node(1);
  queue.push(only);
  queue.remove(only);
  assert.equal(queue.head, undefined);
  assert.equal(queue.shift(), undefined);
});
