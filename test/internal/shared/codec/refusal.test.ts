// What cannot cross, and what the error says of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, nil } from "gort";
import { Pair } from "../../../support/codec.js";
import { Thing } from "../../../support/heap.js";

/** The error's name and message; nothing of the value may be left. */
function refused(value: unknown): string {
  const pair = new Pair();
  const thing = pair.handles.add(new Thing());
  let text = "";
  assert.throws(
    () => pair.encode(value),
    (error) => (text = String(error)) !== "",
  );
  pair.clean();
  // The same within a value that has taken handles and bytes before.
  assert.throws(
    () => pair.encode([thing, new Uint8Array(100), value]),
    (error) => String(error).includes("value[2]"),
  );
  pair.clean();
  assert.deepEqual(pair.cross([thing, { a: 1 }]), [thing, { a: 1 }], "the codec does not recover");
  return text;
}

test("functions and symbols are refused, with the path and the remedy", () => {
  assert.equal(
    refused({ config: { onDone() {} } }),
    "TypeError: send: value.config.onDone is a function, which cannot leave its thread; " +
      "send data, or mark a module-level function with task()",
  );
  assert.equal(
    refused([Symbol("x")]),
    "TypeError: send: value[0] is a symbol, which cannot leave its thread; send a string",
  );
  assert.equal(
    refused(() => {}),
    "TypeError: send: value is a function, which cannot leave its thread; " +
      "send data, or mark a module-level function with task()",
  );
});

test("the path leads through every kind of whole", () => {
  const path = (value: unknown) => / send: (.*) is a symbol/.exec(refused(value))?.[1];
  const s = Symbol("s");
  assert.equal(path({ "a b": { "": s } }), 'value["a b"][""]');
  assert.equal(path({ a: [1, [2, s]] }), "value.a[1][1]");
  assert.equal(
    path({
      m: new Map<unknown, unknown>([
        [1, 1],
        ["k", s],
      ]),
    }),
    'value.m.get("k")',
  );
  assert.equal(
    path({
      m: new Map<unknown, unknown>([
        [1, 1],
        [{}, { s }],
      ]),
    }),
    "[...value.m.values()][1].s",
  );
  assert.equal(path({ m: new Map([[{ s }, 1]]) }), "[...value.m.keys()][0].s");
  assert.equal(path(new Set([1, { s }])), "[...value][1].s");
  let long: unknown = s;
  for (let i = 0; i < 300; i++) long = { [`k${i}`]: long };
  const shortened = path(long) as string;
  assert.ok(
    shortened.length < 200 && shortened.startsWith("value.k299.k298") && shortened.endsWith(".k1.k0"),
    shortened,
  );
});

test("arguments are named by their number", () => {
  const pair = new Pair();
  const [thing, config] = [pair.handles.add(new Thing()), { onDone() {} }];
  const message =
    "is a function, which cannot leave its thread; send data, or mark a module-level function with task()";
  assert.throws(() => pair.crossAll([thing, { config }]), {
    name: "TypeError",
    message: `run: argument 2 .config.onDone ${message}`,
  });
  assert.throws(() => pair.crossAll([() => {}]), { name: "TypeError", message: `run: argument 1 ${message}` });
  pair.clean();
});

test("channels of one thread are refused, and shared.chan() is named", () => {
  for (const ch of [chan(), chan(1), nil]) {
    assert.equal(
      refused({ ch }),
      "TypeError: send: value.ch is a channel of this thread only; make it with shared.chan()",
    );
  }
});

test("objects that live in one thread are refused, with what to send in their place", () => {
  const cases: [object, string][] = [
    [Promise.resolve(1), "a Promise, which cannot leave its thread; await it, and send what it gives"],
    [new WeakMap(), "a WeakMap, which cannot leave its thread; send a Map"],
    [new WeakSet(), "a WeakSet, which cannot leave its thread; send a Set"],
    [new WeakRef({}), "a WeakRef, which cannot leave its thread; send what it refers to"],
    [new AbortController().signal, "an AbortSignal, which cannot leave its thread; send a Context"],
    [Object(1) as object, "a Number, which cannot leave its thread; send the primitive"],
    [Object("x") as object, "a String, which cannot leave its thread; send the primitive"],
    [Object(true) as object, "a Boolean, which cannot leave its thread; send the primitive"],
    [Object(1n) as object, "a BigInt, which cannot leave its thread; send the primitive"],
    [Object(Symbol("x")) as object, "a Symbol, which cannot leave its thread; send a string"],
  ];
  for (const [value, text] of cases) assert.equal(refused({ value }), `TypeError: send: value.value is ${text}`);
});

test("instances of classes are refused, also those of subclasses of what may cross, and those that pretend", () => {
  class Account {
    balance = 1;
  }
  class Users extends Array<string> {}
  class Index extends Map<string, number> {}
  class Pretender {
    get [Symbol.toStringTag]() {
      return "Map";
    }
  }
  for (const make of [Account, Users, Index, Pretender, URL]) {
    assert.equal(
      refused({ it: make === URL ? new URL("http://localhost/") : new (make as typeof Account)() }),
      `TypeError: send: value.it is an instance of ${make.name}, and would arrive without its methods and private state; ` +
        "send its data as a plain object",
    );
  }
  assert.match(
    refused(Object.create({ inherited: 1 })),
    /^TypeError: send: value is an object with a prototype of its own, and/,
  );
  assert.match(refused((function* () {})()), /is an instance of Generator, and would/);
});

test("shared memory that nobody can find, and memory that has gone, are refused", () => {
  const memory = new SharedArrayBuffer(8);
  const unreachable =
    "is a SharedArrayBuffer that no other thread can find; send a copy of its bytes, or use what shared and gort/atomic have";
  assert.equal(refused({ memory }), `TypeError: send: value.memory ${unreachable}`);
  assert.equal(refused({ view: new Int32Array(memory) }), `TypeError: send: value.view.buffer ${unreachable}`);
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  for (const each of [bytes, bytes.buffer, view]) {
    assert.equal(
      refused({ each }),
      "TypeError: send: value.each has no memory any more, because its buffer was transferred; send what it was transferred to",
    );
  }
});

test("bytes that a getter takes away in the middle are noticed", () => {
  const bytes = new Uint8Array(8);
  const value = {
    bytes,
    get gone() {
      return structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    },
  };
  const pair = new Pair();
  assert.throws(() => pair.encode(value), {
    name: "TypeError",
    message: "send: value has bytes whose buffer a getter transferred or resized while they were being read",
  });
  pair.clean();
});

test("an array that is all holes is refused before it fills the memory", () => {
  const array: number[] = [];
  array[4_000_000_000] = 1;
  assert.equal(
    refused({ array }),
    "TypeError: send: value.array is an array of length 4000000001 with 1 element, " +
      "and would arrive without its holes; send a Map",
  );
});

test("cycles are refused, with the way back", () => {
  const text = "and what contains itself cannot leave its thread; send ids in place of references";
  const a: Record<string, unknown> = { list: [1, { name: "x" }] };
  a["self"] = a;
  assert.equal(refused(a), `TypeError: send: value.self leads back to value, ${text}`);
  const tree = { children: [{ parent: undefined as unknown, n: 1 }] };
  (tree.children[0] as { parent: unknown }).parent = tree.children;
  assert.equal(
    refused({ tree }),
    `TypeError: send: value.tree.children[0].parent leads back to value.tree.children, ${text}`,
  );
  const map = new Map<unknown, unknown>();
  map.set("me", new Set([map]));
  assert.equal(refused(map), `TypeError: send: [...value.get("me")][0] leads back to value, ${text}`);
  let deep: unknown = a;
  for (let i = 0; i < 50; i++) deep = [deep];
  const down = "[0]".repeat(50);
  assert.equal(refused(deep), `TypeError: send: value${down}.self leads back to value${down}, ${text}`);
});

test("a cycle costs little more than what lies on it", () => {
  const big = Array.from({ length: 100_000 }, (_, i) => i);
  const cycle: Record<string, unknown> = { big };
  cycle["self"] = cycle;
  assert.match(refused(cycle), /leads back to value,/);
});

test("an object that is met twice, but not within itself, is no cycle, at any depth", () => {
  const twice = { a: 1 };
  let value: unknown = [twice, twice, [twice]];
  for (let i = 0; i < 100; i++) value = { value, twice };
  const pair = new Pair();
  assert.deepEqual(pair.cross(value), value);
});

test("a value of 1,001 levels is refused, and one of a million is no worse", () => {
  const pair = new Pair();
  for (const levels of [1_001, 1_000_000]) {
    let value: unknown = 1;
    for (let i = 0; i < levels; i++) value = [value];
    assert.throws(() => pair.encode(value), {
      name: "RangeError",
      message: /^send: value\[0\].* … .*\[0\] is nested deeper than 1,000 levels$/,
    });
    pair.clean();
  }
});

test("what a getter throws comes out as it is", () => {
  const pair = new Pair();
  const thing = pair.handles.add(new Thing());
  const error = new Error("mine");
  const value = {
    thing,
    get bad() {
      throw error;
    },
  };
  assert.throws(
    () => pair.encode({ list: [value] }),
    (e) => e === error,
  );
  pair.clean();
});
