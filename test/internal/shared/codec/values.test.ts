// Every kind of value, from one thread to another.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { Pair } from "../../../support/codec.js";
import { Thing } from "../../../support/heap.js";

/** Sends each by itself, in an object and in an array, and then as an argument. */
function arrive(values: readonly unknown[], pair = new Pair()): void {
  for (const value of values) {
    for (const form of [value, { it: value }, { it: value }, [value, value]]) {
      assert.deepStrictEqual(pair.cross(form), form);
      pair.clean();
    }
  }
  assert.deepStrictEqual(pair.crossAll(values), values);
  pair.clean();
}

test("undefined, null, booleans and numbers arrive as they are, also -0, NaN and the infinities", () => {
  const edges = [2 ** 23, 2 ** 31, 2 ** 32, 2 ** 53].flatMap((n) => [n - 1, n, n + 1, -n - 1, -n, -n + 1]);
  arrive([undefined, null, true, false, 0, -0, 1, -1, 0.1, NaN, Infinity, -Infinity, 5e-324, 1.7e308, ...edges]);
});

test("undefined, null, booleans, numbers, handles and common errors need no block", () => {
  const pair = new Pair();
  pair.arena.budget = 0;
  const thing = pair.handles.add(new Thing());
  const values = [undefined, null, true, false, 1, -0, "", thing, ...pair.singletons];
  for (const value of values) assert.equal(pair.cross(value), value);
  pair.arena.budget = 1; // what is before the arguments
  assert.deepEqual(pair.crossAll([]), []);
  pair.clean();
});

test("a bigint of any size arrives", () => {
  const edges = [0n, 1n, 2n ** 63n, 2n ** 64n, 2n ** 1000n].flatMap((n) => [n - 1n, n, n + 1n]);
  arrive(edges.flatMap((n) => [n, -n]));
});

test("plain objects arrive with their keys in order, without those that are symbols or not enumerable", () => {
  const hidden = Object.defineProperty({ b: 1, a: 2, 7: 3 }, "c", { value: 4 });
  const pair = new Pair();
  const got = pair.cross({ ...hidden, [Symbol.iterator]: 5 });
  assert.deepEqual(Object.entries(got), [
    ["7", 3],
    ["b", 1],
    ["a", 2],
  ]);
  assert.deepEqual(Reflect.ownKeys(got), ["7", "b", "a"]);
  arrive([{}, { a: undefined }, { "": 1 }, { a: { b: { c: [] } } }, { жук: 1, "😀": 2, "\ud800": 3 }]);
});

test("what an object inherits does not cross, also when somebody has put it on Object.prototype", () => {
  const everything: object = Object.prototype;
  Object.defineProperty(everything, "everywhere", { value: 1, enumerable: true, configurable: true });
  try {
    assert.deepEqual(Object.keys(new Pair().cross({ a: 1 })), ["a"]);
  } finally {
    Reflect.deleteProperty(everything, "everywhere");
  }
});

test("an object without a prototype arrives as one", () => {
  const bare = Object.assign(Object.create(null) as object, { a: 1, b: Object.create(null) as object });
  arrive([bare, Object.create(null)]);
});

test("__proto__ and its like are keys as any others, in both directions", () => {
  const evil: unknown = JSON.parse(
    '{"__proto__": {"admin": true}, "constructor": 1, "toString": 2, "hasOwnProperty": 3}',
  );
  arrive([evil]);
  const pair = new Pair();
  for (let i = 0; i < 3; i++) {
    const got = pair.cross(evil) as { admin?: boolean };
    assert.equal(Object.getPrototypeOf(got), Object.prototype);
    assert.equal(got.admin, undefined);
    assert.ok(Object.hasOwn(got, "__proto__"));
  }
  assert.equal(({} as { admin?: boolean }).admin, undefined);
});

test("a getter is read once", () => {
  let reads = 0;
  const value = {
    get a() {
      return ++reads;
    },
  };
  assert.deepEqual(new Pair().cross(value), { a: 1 });
  assert.equal(reads, 1);
});

test("an object that a getter changes arrives as the walk met it", () => {
  const value: Record<string, unknown> = {
    get first() {
      delete value["second"];
      return 1;
    },
    second: 2,
    third: 3,
  };
  assert.deepEqual(new Pair().cross(value), { first: 1, third: 3 });
  const map = new Map<string, unknown>();
  map.set("a", Object.defineProperty({}, "grow", { enumerable: true, get: () => map.set("b", 2).size }));
  assert.deepEqual(
    new Pair().cross(map),
    new Map<string, unknown>([
      ["a", { grow: 2 }],
      ["b", 2],
    ]),
  );
});

test("a getter may send something itself", () => {
  const pair = new Pair();
  const inner: unknown[] = [];
  const value = {
    before: [1, "one"],
    get it() {
      inner.push(pair.cross({ deep: ["x", { y: 1 }] }));
      assert.throws(() => pair.encode({ f: () => {} }), TypeError);
      return "sent";
    },
    after: { z: 1 },
  };
  const sent = { before: [1, "one"], it: "sent", after: { z: 1 } };
  assert.deepEqual(pair.cross([value, value]), [sent, sent]);
  assert.deepEqual(inner, [{ deep: ["x", { y: 1 }] }, { deep: ["x", { y: 1 }] }]);
  pair.clean();
});

test("holes in an array arrive as undefined, and its other properties do not cross", () => {
  // oxlint-disable-next-line eslint/no-sparse-arrays -- that is the case
  const array = Object.assign([1, , 3], { extra: 1 });
  const got = new Pair().cross(array);
  assert.deepStrictEqual(got, [1, undefined, 3]);
  assert.ok(1 in got);
  arrive([[], [[]], [[[1], [2]], []], Array.from({ length: 5_000 }, (_, i) => i * 1000)]);
});

test("an array longer than 16 million elements arrives", () => {
  const pair = new Pair();
  const array = new Array<boolean>(2 ** 24 + 1).fill(true);
  const got = pair.cross(array);
  assert.equal(got.length, array.length);
  assert.equal(got.at(-1), true);
  pair.clean();
});

test("maps and sets arrive in order, with any keys", () => {
  arrive([
    new Map(),
    new Map<unknown, unknown>([
      ["b", 1],
      [{ a: 1 }, new Map([[NaN, -1]])],
      [undefined, null],
    ]),
    new Set(),
    new Set<unknown>(["b", "a", [1], new Set([0])]),
  ]);
});

test("dates and regular expressions arrive", () => {
  arrive([new Date(0), new Date(8.64e15), /a/, /[/\]]\n/giu, new RegExp("")]);
});

test("a date that is none arrives as one", () => {
  assert.equal(new Pair().cross(new Date(NaN)).getTime(), NaN);
});

test("a regular expression begins anew, as in a structured clone", () => {
  const pattern = /a/g;
  pattern.lastIndex = 3;
  assert.equal(new Pair().cross(pattern).lastIndex, 0);
});

test("buffers, typed arrays and views of every kind arrive", () => {
  const bytes = Uint8Array.from({ length: 48 }, (_, i) => i * 5);
  const makers: readonly (new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView)[] = [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  ];
  for (const make of makers) {
    const view = new make(bytes.buffer.slice(0), 8, 2);
    const got = new Pair().cross(view);
    assert.deepStrictEqual(got, view);
    assert.equal(got.buffer.byteLength, view.byteLength, "more than the view has come");
  }
  arrive([bytes.buffer, new ArrayBuffer(0), new Uint8Array(0), new Float64Array([NaN, -0, 1])]);
});

test("several bulky parts of one value stay apart, whatever their lengths", () => {
  const value = Array.from({ length: 20 }, (_, i) => new Uint8Array(i).fill(i));
  arrive([value, { a: value, b: "text", c: new Float64Array(3).fill(0.5) }]);
});

test("a Buffer arrives as a Uint8Array", () => {
  const pair = new Pair();
  const got = pair.cross(Buffer.from("gort"));
  assert.equal(Object.getPrototypeOf(got), Uint8Array.prototype);
  assert.deepEqual([...got], [...new TextEncoder().encode("gort")]);
});

test("what arrives is a copy, also of what was met twice", () => {
  const part = { bytes: new Uint8Array(8) };
  const got = new Pair().cross({ a: part, b: part });
  got.a.bytes[0] = 1;
  assert.equal(part.bytes[0], 0);
  assert.equal(got.b.bytes[0], 0);
});

test("a long typed array of 100 MB arrives", () => {
  const pair = new Pair();
  const bytes = new Uint8Array(100_000_000);
  bytes[0] = 1;
  bytes[99_999_999] = 2;
  const got = pair.cross({ bytes }).bytes;
  assert.equal(Buffer.compare(got, bytes), 0);
  pair.clean();
});

test("shared memory arrives as itself, and so does the memory of a view", () => {
  const pair = new Pair();
  const memory = pair.handles.add(new SharedArrayBuffer(32));
  assert.equal(pair.cross(memory), memory);
  for (const view of [new Int32Array(memory, 8, 2), new DataView(memory, 1, 3), new Uint8Array(memory)]) {
    const got = pair.cross({ view }).view;
    assert.equal(got.buffer, memory);
    assert.deepEqual([got.byteOffset, got.byteLength], [view.byteOffset, view.byteLength]);
    assert.equal(Object.getPrototypeOf(got), Object.getPrototypeOf(view));
  }
  pair.clean();
});

test("a function that has a handle arrives by it", () => {
  const pair = new Pair();
  const task = () => 1;
  pair.handles.things.push(task);
  assert.equal(pair.cross(task), task);
  assert.deepEqual(pair.cross({ task }), { task });
  pair.clean();
});

test("an array of a million holes arrives as what it is long", () => {
  const got = new Pair().cross(new Array<number>(1_000_000));
  assert.equal(got.length, 1_000_000);
});

test("values of another realm arrive as values of this one", () => {
  const pair = new Pair();
  const foreign = runInNewContext(
    `({ o: { a: 1 }, list: [1, [2]], map: new Map([[1, 2]]), date: new Date(5), at: /x/g, error: new RangeError("far"),
        bytes: new Uint8Array([1, 2]), none: Object.create(null) })`,
  ) as Record<string, object>;
  const got = pair.cross(foreign);
  const { error, ...others } = got;
  assert.deepStrictEqual(others, {
    o: { a: 1 },
    list: [1, [2]],
    map: new Map([[1, 2]]),
    date: new Date(5),
    at: /x/g,
    bytes: new Uint8Array([1, 2]),
    none: Object.create(null) as object,
  });
  assert.ok(error instanceof RangeError);
});

test("a value of 1,000 levels arrives, whatever it is made of", () => {
  const wraps: ((inner: unknown) => unknown)[] = [
    (inner) => [inner],
    (inner) => ({ inner }),
    (inner) => new Map([["inner", inner]]),
    (inner) => new Set([inner]),
  ];
  const pair = new Pair();
  for (const wrap of wraps) {
    let value: unknown = 1;
    for (let i = 0; i < 1000; i++) value = wrap(value);
    let got = pair.cross(value);
    let depth = 0;
    for (; typeof got === "object" && got !== null; depth++) {
      if (Array.isArray(got)) got = got[0];
      else if (got instanceof Map) got = got.get("inner");
      else if (got instanceof Set) [got] = got as Set<unknown>;
      else got = (got as { inner: unknown }).inner;
    }
    assert.deepEqual([got, depth], [1, 1000]);
    pair.clean();
  }
});
