import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chan, gosched } from "gort";
import * as sync from "gort/sync";
import { settle } from "../support/settle.js";

const NativeMap = globalThis.Map;

/** What a map must do, in the plainest way: a copy for every change. */
class Model {
  entries: readonly (readonly [string, unknown])[] = [];

  find(key: string): [unknown, boolean] {
    const entry = this.entries.find(([k]) => k === key);
    return entry === undefined ? [undefined, false] : [entry[1], true];
  }

  put(key: string, value: unknown): void {
    this.remove(key);
    this.entries = [...this.entries, [key, value]];
  }

  remove(key: string): void {
    this.entries = this.entries.filter(([k]) => k !== key);
  }
}

type Real = sync.Map<string, unknown>;
const key = fc.constantFrom("a", "b", "c", "");
const value = fc.constantFrom(1, 2, undefined, null, NaN, "x");

/** One kind of operation, done to both: what they give must be the same. */
function command(
  name: string,
  args: unknown[],
  model: (m: Model) => unknown,
  real: (r: Real) => unknown,
): fc.Command<Model, Real> {
  return {
    check: () => true,
    run(m, r) {
      assert.deepEqual(real(r), model(m));
      const content: [string, unknown][] = [];
      r.range((k, v) => content.push([k, v]) > 0);
      assert.deepEqual(new NativeMap(content), new NativeMap(m.entries));
    },
    toString: () => `${name}(${args.map((arg) => fc.stringify(arg)).join(", ")})`,
  };
}

const commands = [
  key.map((k) =>
    command(
      "load",
      [k],
      (m) => m.find(k),
      (r) => r.load(k),
    ),
  ),
  fc.tuple(key, value).map(([k, v]) =>
    command(
      "store",
      [k, v],
      (m) => m.put(k, v),
      (r) => r.store(k, v),
    ),
  ),
  fc.tuple(key, value).map(([k, v]) =>
    command(
      "loadOrStore",
      [k, v],
      (m) => {
        const [old, ok] = m.find(k);
        if (!ok) m.put(k, v);
        return ok ? [old, true] : [v, false];
      },
      (r) => r.loadOrStore(k, v),
    ),
  ),
  key.map((k) =>
    command(
      "loadAndDelete",
      [k],
      (m) => {
        const found = m.find(k);
        m.remove(k);
        return found;
      },
      (r) => r.loadAndDelete(k),
    ),
  ),
  key.map((k) =>
    command(
      "delete",
      [k],
      (m) => m.remove(k),
      (r) => r.delete(k),
    ),
  ),
  fc.tuple(key, value).map(([k, v]) =>
    command(
      "swap",
      [k, v],
      (m) => {
        const found = m.find(k);
        m.put(k, v);
        return found;
      },
      (r) => r.swap(k, v),
    ),
  ),
  fc.tuple(key, value, value).map(([k, old, v]) =>
    command(
      "compareAndSwap",
      [k, old, v],
      (m) => {
        const [current, ok] = m.find(k);
        const equal = ok && current === old;
        if (equal) m.put(k, v);
        return equal;
      },
      (r) => r.compareAndSwap(k, old, v),
    ),
  ),
  fc.tuple(key, value).map(([k, old]) =>
    command(
      "compareAndDelete",
      [k, old],
      (m) => {
        const [current, ok] = m.find(k);
        const equal = ok && current === old;
        if (equal) m.remove(k);
        return equal;
      },
      (r) => r.compareAndDelete(k, old),
    ),
  ),
  fc.constant(
    command(
      "clear",
      [],
      (m) => {
        m.entries = [];
      },
      (r) => r.clear(),
    ),
  ),
];

test("MP-1 MP-5 MP-6 MP-7 MP-8 MP-9 MP-11 MP-17 any sequence of operations gives what a plain model gives", () => {
  const seed = process.env["GORT_SEED"];
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 60 }), (cmds) => {
      fc.modelRun(() => ({ model: new Model(), real: new sync.Map<string, unknown>() }), cmds);
    }),
    { numRuns: 300, ...(seed === undefined ? {} : { seed: Number(seed) }) },
  );
});

test("MP-2 range visits each key at most once, though others are stored, deleted and stored again meanwhile", () => {
  const m = new sync.Map<number, number>();
  for (let i = 0; i < 1024; i++) m.store(i, i);
  const seen = new Set<number>();
  m.range((k, v) => {
    assert.equal(seen.has(k), false);
    assert.equal(v % 1024, k);
    seen.add(k);
    m.delete(k);
    m.store(k, k + 1024); // JavaScript's own Map would come to it again
    m.store(5000 + k, 0); // and to this one
    m.store((k + 1) % 1024, k + 1 === 1024 ? 0 : k + 1);
    return true;
  });
  assert.equal(seen.size, 1024);
});

test("MP-2 a key that was deleted before its turn is not visited; one that changed is visited with its new value", () => {
  const m = new sync.Map<string, number>();
  for (const k of ["a", "b", "c"]) m.store(k, 1);
  const seen: [string, number][] = [];
  m.range((k, v) => {
    seen.push([k, v]);
    m.delete("b");
    m.store("c", 2);
    return true;
  });
  assert.deepEqual(seen, [
    ["a", 1],
    ["c", 2],
  ]);
});

test("MP-3 MP-16 range ends when its function gives false", () => {
  const m = new sync.Map<number, number>();
  for (let i = 0; i < 10; i++) m.store(i, i);
  let calls = 0;
  m.range(() => ++calls < 3);
  assert.equal(calls, 3);
});

test("MP-4 a range within a range, with changes in both, visits all; deleting every key leaves none", () => {
  const m = new sync.Map<number, string>();
  for (let i = 0; i < 3; i++) m.store(i, `value ${i}`);
  const pairs: string[] = [];
  m.range((outer) => {
    m.range((inner) => {
      if (m.load(inner)[1]) m.store(inner, "again");
      m.loadOrStore(42, "new");
      m.loadAndDelete(42);
      pairs.push(`${outer}${inner}`);
      return true;
    });
    m.delete(outer);
    return true;
  });
  assert.deepEqual(pairs, ["00", "01", "02", "11", "12", "22"]);
  m.range(() => assert.fail("a key is left"));
});

test("MP-5 a key that is missing is never equal to what is expected, also not to undefined", () => {
  const m = new sync.Map<string, number | undefined>();
  assert.equal(m.compareAndSwap("k", undefined, 42), false);
  assert.equal(m.compareAndDelete("k", undefined), false);
  assert.deepEqual(m.load("k"), [undefined, false]);
});

test("MP-9 undefined and null are keys and values like any other", () => {
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
  assert.deepEqual(m.loadOrStore(undefined, 1), [undefined, true]);
  assert.equal(m.compareAndSwap(undefined, undefined, 2), true);
});

test("MP-11 clear removes all, also within a range", () => {
  const m = new sync.Map<number, number>();
  for (let i = 0; i < 10; i++) m.store(i, i);
  let calls = 0;
  m.range(() => {
    calls++;
    m.clear();
    return true;
  });
  assert.equal(calls, 1);
  m.store(1, 1);
  assert.deepEqual(m.load(1), [1, true]);
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

test("loadOrCompute makes a value once, however many call, and keeps it", async () => {
  const m = new sync.Map<string, number>();
  let made = 0;
  const make = async () => {
    await gosched();
    return ++made;
  };
  const got = await Promise.all([m.loadOrCompute("k", make), m.loadOrCompute("k", make), m.loadOrCompute("k", make)]);
  assert.deepEqual(got, [1, 1, 1]);
  assert.equal(await m.loadOrCompute("k", make), 1);
  assert.deepEqual(m.load("k"), [1, true]);
  assert.equal(await m.loadOrCompute("other", () => 7), 7);
});

test("loadOrCompute gives a failure to all who wait, and does not keep it, whether it was thrown or rejected", async () => {
  for (const fail of [
    (error: Error) => Promise.reject(error),
    (error: Error) => {
      throw error;
    },
  ]) {
    const m = new sync.Map<string, number>();
    const broken = new Error("broken");
    const ends = await Promise.allSettled([
      m.loadOrCompute("k", () => fail(broken)),
      m.loadOrCompute("k", () => assert.fail("made twice")),
    ]);
    assert.ok(ends.every((end) => end.status === "rejected" && end.reason === broken));
    assert.deepEqual(m.load("k"), [undefined, false]);
    assert.equal(await m.loadOrCompute("k", () => 1), 1);
  }
});

test("loadOrCompute leaves a value that was stored meanwhile, and gives that", async () => {
  const m = new sync.Map<string, number>();
  const gate = chan<void>();
  const computing = m.loadOrCompute("k", async () => {
    await gate.recv();
    return 1;
  });
  m.store("k", 2);
  assert.equal(await m.loadOrCompute("k", () => 3), 2);
  gate.close();
  assert.equal(await computing, 2);
  assert.deepEqual(m.load("k"), [2, true]);
});

test("loadOrCompute makes a value anew as soon as the one it made has been deleted", async () => {
  const m = new sync.Map<string, number>();
  void m.loadOrCompute("k", () => 1);
  while (!m.load("k")[1]) await Promise.resolve();
  m.delete("k");
  assert.equal(await m.loadOrCompute("k", () => 2), 2);
});

test("loadOrCompute keeps undefined, and makes different keys at the same time", async () => {
  const m = new sync.Map<string, number | undefined>();
  const gate = chan<void>();
  let made = 0;
  const make = async () => {
    made++;
    await gate.recv();
    return undefined;
  };
  const both = Promise.all([m.loadOrCompute("a", make), m.loadOrCompute("b", make)]);
  await settle();
  assert.equal(made, 2);
  gate.close();
  await both;
  await m.loadOrCompute("a", () => assert.fail("made again"));
});
