// A map between threads: it is sync.Map within one thread; copies, what it refuses, several threads at once, and what it leaves behind.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { gosched } from "gort";
import { Int32 } from "gort/atomic";
import { background, withCancel } from "gort/context";
import { shared, transfer } from "gort/parallel";
import { gomaxprocs } from "gort/runtime";
import { maps } from "../suites/map.js";
import { exhausted, liveBlocks } from "../support/blocks.js";
import { stressSeed } from "../support/seed.js";
import { settle } from "../support/settle.js";
import { alone, compete, compute, count, type Entry, entry, isWhole, mark, perish, together } from "./tasks/maps.js";

const threads = 3;
gomaxprocs(threads);

maps(() => new shared.Map());

type Op = readonly [op: string, key: string | number, value: unknown, old: unknown];

const key = fc.oneof(
  fc.constantFrom<string | number>(
    0,
    -0,
    NaN,
    1,
    "1",
    "",
    "\u00ff",
    "\u0100",
    "\ud800",
    "x".repeat(3000),
    "\u4e16".repeat(2000),
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.double(),
);
const primitive = fc.oneof(
  fc.double(),
  fc.string({ unit: "binary" }),
  fc.bigInt(),
  fc.constantFrom(undefined, null, true, "a", 0, 5n),
);
const value = fc.oneof(
  primitive,
  fc.object({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
  fc.uint8Array(),
);
const op: fc.Arbitrary<Op> = fc.tuple(
  fc.constantFrom(
    "load",
    "store",
    "store",
    "loadOrStore",
    "loadAndDelete",
    "delete",
    "swap",
    "compareAndSwap",
    "compareAndDelete",
    "clear",
  ),
  key,
  value,
  primitive,
);

/** What the operation gives, of JavaScript's own Map. */
function expected(m: Map<unknown, unknown>, [name, k, v, old]: Op): unknown {
  const found = m.has(k) ? [m.get(k), true] : [undefined, false];
  const equal = m.has(k) && m.get(k) === old;
  const sets = name === "loadOrStore" ? !m.has(k) : name === "compareAndSwap" && equal;
  if (sets || name === "store" || name === "swap") m.set(k, v);
  if (["delete", "loadAndDelete"].includes(name) || (name === "compareAndDelete" && equal)) m.delete(k);
  if (name === "clear") m.clear();
  if (["load", "loadAndDelete", "swap"].includes(name)) return found;
  if (name === "loadOrStore") return found[1] === true ? found : [v, false];
  return name.startsWith("compare") ? equal : undefined;
}

function actual(m: InstanceType<typeof shared.Map<string | number, unknown>>, [name, k, v, old]: Op): unknown {
  switch (name) {
    case "compareAndSwap":
      return m.compareAndSwap(k, old, v);
    case "store":
      return m.store(k, v);
    case "swap":
      return m.swap(k, v);
    case "loadOrStore":
      return m.loadOrStore(k, v);
    case "compareAndDelete":
      return m.compareAndDelete(k, old);
    case "clear":
      return m.clear();
    default:
      return m[name as "load" | "loadAndDelete" | "delete"](k);
  }
}

test("MP-1 MP-15 keys and values of every kind give what JavaScript's own Map gives, and leave nothing behind", () => {
  const before = liveBlocks();
  const seed = stressSeed();
  const cases = fc.array(op, { maxLength: 100, size: "max" });
  const sameAsNative = fc.property(cases, (ops) => {
    const native = new Map<unknown, unknown>();
    const m = new shared.Map<string | number, unknown>();
    for (const each of ops) assert.deepEqual(actual(m, each), expected(native, each));
    const content = new Map<unknown, unknown>();
    m.range((k, v) => !content.has(k) && content.set(k, v).size > 0);
    assert.deepEqual(content, native);
    m[Symbol.dispose]();
  });
  fc.assert(sameAsNative, { numRuns: 60, seed });
  assert.ok(liveBlocks() - before < 400, `${liveBlocks() - before} blocks are left`); // shapes of objects
});

test("what was stored does not change with the original, and every load gives a copy", () => {
  const m = new shared.Map<string, { list: number[] }>();
  const original = { list: [1] };
  m.store("k", original);
  original.list.push(2);
  const [first] = m.load("k");
  first?.list.push(3);
  assert.deepEqual([first, m.load("k")[0]], [{ list: [1, 3] }, { list: [1] }]);
  assert.deepEqual(m.swap("k", { list: [] }), [{ list: [1] }, true]);
});

test("MP-10 what has no identity between threads is not compared: an object as old is a TypeError", () => {
  const m = new shared.Map<string, unknown>();
  const o = {};
  m.store("k", o);
  for (const old of [o, [], new Date(), () => {}, Symbol("s")]) {
    const message = {
      name: "TypeError",
      message: new RegExp(`: old is of type ${typeof old}; .* compares primitives only`),
    };
    assert.throws(() => m.compareAndSwap("k", old, 1), message);
    assert.throws(() => m.compareAndDelete("k", old), message);
  }
  assert.equal(m.compareAndSwap("k", "text", 1), false);
  assert.equal(m.compareAndSwap("k", 1n, 1), false);
  assert.deepEqual(m.load("k"), [{}, true]);
});

test("keys that are no strings or numbers, and values that cannot cross, are refused by name and leave nothing behind", () => {
  const m = new shared.Map<string, unknown>();
  m.store("k", "old");
  const before = liveBlocks();
  for (const k of [undefined, null, {}, 1n, Symbol("s"), true]) {
    const message = `store: the key of a shared map must be a string or a number, got ${k === null ? "null" : typeof k}`;
    assert.throws(() => m.store(k as never, ["a"]), { name: "TypeError", message });
    assert.throws(() => m.load(k as never), TypeError);
    assert.throws(() => m.compareAndSwap(k as never, 1, ["a"]), TypeError);
    assert.throws(() => m.delete(k as never), TypeError);
  }
  const bad = { deep: [{ f: () => {} }] };
  const where = /value\.deep\[0\]\.f is a function/;
  assert.throws(() => m.store("k", bad), { name: "TypeError", message: where });
  assert.throws(() => m.swap("k", bad), where);
  assert.throws(() => m.loadOrStore("other", bad), where);
  assert.throws(() => m.compareAndSwap("k", "old", bad), where);
  assert.equal(liveBlocks(), before);
  assert.deepEqual(m.load("k"), ["old", true]);
});

test("a map that has been disposed is refused, not mistaken for another", () => {
  const m = new shared.Map<string, number>();
  m[Symbol.dispose]();
  m[Symbol.dispose]();
  const gone = { name: "TypeError", message: /: the map has been disposed/ };
  assert.throws(() => m.load("k"), gone);
  assert.throws(() => m.store("k", 1), gone);
  assert.throws(() => m.compareAndSwap("k", 1, 2), gone);
  assert.throws(() => m.range(() => true), gone);
  assert.throws(() => m.clear(), gone);
});

test("a map grows to 100,000 keys, and back, and leaves nothing; clear and the end of the map leave nothing either", () => {
  const before = liveBlocks();
  const m = new shared.Map<string | number, unknown>();
  const empty = liveBlocks();
  const n = 100_000;
  const keyOf = (i: number) => (i % 2 === 0 ? i / 4 : `key ${i} ${i % 1000 === 1 ? "\u4e16".repeat(50) : ""}`);
  const valueOf = (i: number) => (i % 3 === 0 ? i : `value ${i}`);
  const fill = () => {
    for (let i = 0; i < n; i++) m.store(keyOf(i), valueOf(i));
  };
  fill();
  const seen = new Set<unknown>();
  m.range((k) => !seen.has(k) && seen.add(k).size > 0);
  assert.equal(seen.size, n);
  for (let i = 0; i < n; i += 7) assert.deepEqual(m.load(keyOf(i)), [valueOf(i), true]);
  for (let i = 0; i < n; i++) m.delete(keyOf(i));
  assert.equal(liveBlocks(), empty);
  fill();
  m.clear();
  assert.equal(liveBlocks(), empty);
  fill();
  m[Symbol.dispose]();
  assert.equal(liveBlocks(), before);
});

test("handles in values: each copy has a reference of its own, and the map lets go of them with the entry", async () => {
  const before = liveBlocks();
  const m = new shared.Map<string, unknown>();
  const ch = shared.chan<number>(1);
  ch.trySend(7);
  m.store("alone", ch);
  m.store("within", { list: [ch, ch] });
  assert.equal(m.load("alone")[0], ch);
  assert.deepEqual(m.load("within")[0], { list: [ch, ch] });
  ch[Symbol.dispose]();
  const [kept] = m.load("alone") as [ReturnType<typeof shared.chan<number>>, true];
  assert.notEqual(kept, ch);
  assert.deepEqual(kept.tryRecv(), [7, true]);
  m.store("alone", 1);
  m.delete("within");
  kept.trySend(8); // this thread's is the last
  kept[Symbol.dispose]();
  const inner = new shared.Map<string, unknown>();
  inner.store("k", { text: "a map in a map" });
  m.store("inner", inner);
  inner[Symbol.dispose]();
  m[Symbol.dispose]();
  assert.equal(liveBlocks(), before);
});

test("contexts, atomics and shared memory in values arrive as themselves, as often as they are loaded", () => {
  const m = new shared.Map<string, unknown>();
  const [ctx, cancel] = withCancel(background());
  const things = { ctx, n: new Int32(7), memory: new SharedArrayBuffer(8), none: background() };
  m.store("within", things);
  m.store("n", things.n);
  m.store("ctx", ctx);
  for (let i = 0; i < 3; i++) {
    const [copy] = m.load("within") as [typeof things, true];
    assert.equal(copy.ctx, ctx);
    assert.equal(copy.n, things.n);
    assert.equal(copy.none, background());
    new Uint8Array(copy.memory)[i] = i + 1;
    assert.deepEqual([m.load("n")[0], m.load("ctx")[0]], [things.n, ctx]);
  }
  assert.deepEqual([...new Uint8Array(things.memory)].slice(0, 3), [1, 2, 3]);
  cancel();
  m[Symbol.dispose]();
  things.n.add(1);
  assert.equal(things.n.load(), 8);
});

test("a buffer that is marked to be moved is moved when it is stored, and only then", () => {
  const m = new shared.Map<string, ArrayBuffer>();
  const first = transfer(new Uint8Array([1, 2, 3]).buffer);
  m.store("k", first);
  assert.equal(first.byteLength, 0);
  const second = transfer(new Uint8Array([4]).buffer);
  assert.equal(m.loadOrStore("k", second)[1], true);
  assert.equal(second.byteLength, 1);
  for (let i = 0; i < 2; i++) {
    assert.deepEqual(new Uint8Array(m.load("k")[0] as ArrayBuffer), new Uint8Array([1, 2, 3]));
  }
});

test("when the memory is exhausted, a store says so and changes nothing; what needs no memory still works", () => {
  const m = new shared.Map<string, unknown>();
  const fill = () => {
    for (let i = 0; i < 100; i++) m.store(`key ${i}`, { i });
  };
  fill(); // the shape of these objects is known from now on
  m.clear();
  const blocks = liveBlocks();
  fill();
  exhausted(() => {
    const message = /the memory that threads share is exhausted/;
    let stored = 100;
    assert.throws(
      () => {
        for (;;) m.store(`key ${stored}`, stored++);
      },
      { name: "RangeError", message },
    );
    assert.throws(
      () => {
        for (let i = 0; ; i++) m.store(`key ${i % 100}`, "text".repeat(100 * i));
      },
      { name: "RangeError", message },
    );
    assert.throws(() => m.load("key".repeat(10_000)), message);
    m.store("key 0", 0);
    assert.deepEqual(m.load("key 0"), [0, true]);
    assert.deepEqual(m.load(`key ${stored - 1}`), [undefined, false]);
    for (let i = 100; i < stored; i++) m.delete(`key ${i}`);
    let n = 0;
    m.range(() => ++n > 0);
    assert.equal(n, 100);
  });
  m.clear();
  assert.equal(liveBlocks(), blocks);
});

test("loadOrCompute leaves no block behind, whether it makes a value or fails", async () => {
  const m = new shared.Map<string, number>();
  globalThis.gc?.(); // what other tests have left
  await settle();
  const before = liveBlocks();
  await assert.rejects(
    m.loadOrCompute("k", () => Promise.reject(new Error("broken"))),
    /broken/,
  );
  assert.equal(await m.loadOrCompute("k", () => 1), 1);
  m.delete("k");
  assert.ok(liveBlocks() <= before, `${liveBlocks() - before} blocks are left`);
});

function numbers(): InstanceType<typeof shared.Map<string, number>> {
  const m = new shared.Map<string, number>();
  m.store("expected", threads);
  return m;
}

function three<R>(start: (who: number) => Promise<R>): Promise<R[]> {
  return Promise.all(Array.from({ length: threads }, (_, who) => start(who)));
}

test("a map goes to tasks and back as itself", async () => {
  const m = new shared.Map<string, number>();
  assert.equal(await mark.run(m), m);
  assert.deepEqual(m.load("mark"), [1, true]);
});

test("MP-14 counts that three threads add up by compareAndSwap are right, of one key and of three", async () => {
  const n = 20_000;
  const same = numbers();
  await three(() => count.run(same, "n", n));
  assert.deepEqual(same.load("n"), [threads * n, true]);
  const own = numbers();
  await three((who) => count.run(own, `n${who}`, n));
  for (let who = 0; who < threads; who++) assert.deepEqual(own.load(`n${who}`), [n, true]);
});

test("MP-14 three threads with keys of their own do not disturb each other, while the map grows", async () => {
  const all = new shared.Map<string, Entry>();
  const m = numbers();
  const n = 5000;
  assert.deepEqual(await three((who) => alone.run(m, all, who, n)), [[], [], []]);
  let left = 0;
  all.range((k, v) => {
    assert.equal(v.n, Number(k.split("/")[1]) + 1);
    return ++left > 0;
  });
  assert.equal(left, threads * (n - Math.ceil(n / 3)));
});

test("MP-14 three threads with the same keys read nothing torn, and what they have stored and deleted adds up", async () => {
  const all = new shared.Map<string, Entry>();
  const m = numbers();
  const seed = stressSeed();
  const ends = await three((who) => together.run(m, all, 10_000, seed + who));
  let left = 0;
  all.range((_k, v) => isWhole(v) && ++left > 0);
  const sum = (i: number) => ends.reduce((n, end) => n + (end[i] as number), 0);
  assert.deepEqual([sum(0), sum(1)], [left, 0], `failed with GORT_SEED=${seed}`);
});

test("MP-14 of those who compare and swap, or delete, the same text, exactly one does", async () => {
  const texts = new shared.Map<string, string>();
  const m = numbers();
  texts.store("k", "round 0");
  const mine = await three(() => compete.run(m, texts));
  const [last] = texts.load("k");
  assert.equal(
    mine.reduce((a, b) => a + b),
    Number(last?.slice(6)),
  );
});

test("a task that dies while it stores leaves a map that works, with all that it had stored", async () => {
  const all = new shared.Map<string, Entry>();
  await assert.rejects(perish.run(all, 500), { code: "ERR_PROCESSOR_DIED" });
  let n = 0;
  all.range((_k, v) => isWhole(v) && ++n > 0);
  assert.equal(n, 501);
  all.store("another", entry(1));
  all.clear();
  all.range(() => assert.fail("a key is left"));
});

test("loadOrCompute makes a value once, however many threads want it, and leaves nothing behind", async () => {
  const m = numbers();
  assert.deepEqual(await three(() => compute.run(m, false)), [7, 7, 7]);
  const content: string[] = [];
  m.range((k) => content.push(k) > 0);
  assert.deepEqual(content.sort(), ["computed", "expected", "here", "made"]);
  assert.deepEqual(m.load("made"), [1, true]);
});

test("loadOrCompute goes on with another's function when the thread that makes the value dies", async () => {
  const m = new shared.Map<string, number>();
  m.store("expected", 1);
  const dying = compute.run(m, true);
  while (!m.load("made")[1]) await gosched();
  const [end] = await Promise.allSettled([dying, m.loadOrCompute("computed", () => 8)]);
  assert.equal(end.status, "rejected");
  assert.deepEqual(m.load("computed"), [8, true]);
});
