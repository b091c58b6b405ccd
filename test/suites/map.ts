// A suite for every kind of map: what one thread sees of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chan, gosched } from "gort";
import type * as sync from "gort/sync";
import { settle } from "../support/settle.js";

type AnyMap<K, V> = Pick<sync.Map<K, V>, keyof sync.Map<K, V>>;

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

type Real = AnyMap<string, unknown>;
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

export function maps(create: <K extends string | number, V>() => AnyMap<K, V>): void {
  test("MP-1 MP-5 MP-6 MP-7 MP-8 MP-9 MP-11 MP-17 any sequence of operations gives what a plain model gives", () => {
    const seed = process.env["GORT_SEED"];
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60 }), (cmds) => {
        fc.modelRun(() => ({ model: new Model(), real: create<string, unknown>() }), cmds);
      }),
      { numRuns: 300, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    );
  });

  test("MP-2 range visits each key at most once, though others are stored, deleted and stored again meanwhile", () => {
    const m = create<number, number>();
    for (let i = 0; i < 1024; i++) m.store(i, i);
    const seen = new Set<number>();
    m.range((k, v) => {
      assert.equal(seen.has(k), false);
      if (k >= 5000) return true;
      assert.equal(v % 1024, k);
      seen.add(k);
      m.delete(k);
      m.store(k, k + 1024); // JavaScript's own Map would come to it again
      m.store(5000 + k, 0); // and to this one, and never end
      m.store((k + 1) % 1024, k + 1 === 1024 ? 0 : k + 1);
      return true;
    });
    assert.equal(seen.size, 1024);
  });

  test("MP-2 a key that was deleted before its turn is not visited; one that changed is visited with its new value", () => {
    const m = create<string, number>();
    const left = ["a", "b", "c"];
    for (const k of left) m.store(k, 1);
    const seen: [string, number][] = [];
    m.range((k, v) => {
      if (seen.push([k, v]) > 1) return true;
      left.splice(left.indexOf(k), 1);
      m.delete(left[0] as string);
      m.store(left[1] as string, 2);
      return true;
    });
    assert.deepEqual(seen.slice(1), [[left[1], 2]]);
  });

  test("keys are compared as in JavaScript's own Map: NaN is NaN, -0 is 0, and 1 is not its text", () => {
    const m = create<string | number, number>();
    m.store(NaN, 1);
    m.store(-0, 2);
    m.store("1", 3);
    assert.deepEqual(
      [m.load(NaN)[0], m.load(0)[0], m.load(1)[0], m.load("1")[0], m.load("NaN")[0]],
      [1, 2, undefined, 3, undefined],
    );
    m.range((k, v) => {
      assert.deepEqual(
        [k, v],
        [
          [NaN, 1],
          [0, 2],
          ["1", 3],
        ][v - 1],
      );
      return true;
    });
  });

  test("values are compared with ===: 0 is -0, NaN is not NaN, and 1 is neither its text nor 1n", () => {
    const m = create<string, unknown>();
    const values = [0, NaN, 1, "1", 1n, 2n ** 200n, true, "text".repeat(100), "\u{1f600}", "", null, undefined, -0];
    for (const stored of values) {
      for (const old of values) {
        m.store("k", stored);
        assert.equal(m.compareAndSwap("k", old, "new"), stored === old, `${String(stored)} and ${String(old)}`);
        m.store("k", stored);
        assert.equal(m.compareAndDelete("k", old), stored === old);
        assert.equal(m.load("k")[1], stored !== old);
      }
    }
  });

  test("MP-3 MP-16 range ends when its function gives false", () => {
    const m = create<number, number>();
    for (let i = 0; i < 10; i++) m.store(i, i);
    let calls = 0;
    m.range(() => ++calls < 3);
    assert.equal(calls, 3);
  });

  test("MP-4 a range within a range, with changes in both, visits all; deleting every key leaves none", () => {
    const m = create<number, string>();
    for (let i = 0; i < 3; i++) m.store(i, `value ${i}`);
    const pairs: [number, number][] = [];
    m.range((outer) => {
      m.range((inner) => {
        if (m.load(inner)[1]) m.store(inner, "again");
        m.loadOrStore(42, "new");
        m.loadAndDelete(42);
        pairs.push([outer, inner]);
        return true;
      });
      m.delete(outer);
      return true;
    });
    const order = [...new Set(pairs.map(([outer]) => outer))];
    assert.deepEqual(
      order.map((outer) => pairs.filter((pair) => pair[0] === outer).length),
      [3, 2, 1],
    );
    m.range(() => assert.fail("a key is left"));
  });

  test("MP-5 a key that is missing is never equal to what is expected, also not to undefined", () => {
    const m = create<string, number | undefined>();
    assert.equal(m.compareAndSwap("k", undefined, 42), false);
    assert.equal(m.compareAndDelete("k", undefined), false);
    assert.deepEqual(m.load("k"), [undefined, false]);
  });

  test("MP-9 undefined and null are values like any other, and the empty string and 0 are keys", () => {
    const m = create<string | number, unknown>();
    m.store("", undefined);
    m.store(0, null);
    assert.deepEqual(
      [m.load(""), m.load(0), m.load("0")],
      [
        [undefined, true],
        [null, true],
        [undefined, false],
      ],
    );
    assert.deepEqual(m.loadOrStore("", 1), [undefined, true]);
    assert.equal(m.compareAndSwap("", undefined, 2), true);
  });

  test("MP-11 clear removes all, also within a range", () => {
    const m = create<number, number>();
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

  test("loadOrCompute makes a value once, however many call, and keeps it", async () => {
    const m = create<string, number>();
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
      const m = create<string, number>();
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
    const m = create<string, number>();
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
    const m = create<string, number>();
    void m.loadOrCompute("k", () => 1);
    while (!m.load("k")[1]) await Promise.resolve();
    m.delete("k");
    assert.equal(await m.loadOrCompute("k", () => 2), 2);
  });

  test("loadOrCompute keeps undefined, and makes different keys at the same time", async () => {
    const m = create<string, number | undefined>();
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
}
