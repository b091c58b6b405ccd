import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import * as atomic from "gort/atomic";

const numbers = [
  {
    name: "Int32",
    make: (v?: number) => new atomic.Int32(v),
    min: -(2 ** 31),
    max: 2 ** 31 - 1,
    wrap: (v: bigint) => Number(BigInt.asIntN(32, v)),
  },
  {
    name: "Uint32",
    make: (v?: number) => new atomic.Uint32(v),
    min: 0,
    max: 2 ** 32 - 1,
    wrap: (v: bigint) => Number(BigInt.asUintN(32, v)),
  },
];
const bigints = [
  {
    name: "Int64",
    make: (v?: bigint) => new atomic.Int64(v),
    min: -(2n ** 63n),
    max: 2n ** 63n - 1n,
    wrap: (v: bigint) => BigInt.asIntN(64, v),
  },
  {
    name: "Uint64",
    make: (v?: bigint) => new atomic.Uint64(v),
    min: 0n,
    max: 2n ** 64n - 1n,
    wrap: (v: bigint) => BigInt.asUintN(64, v),
  },
];

/** The same for numbers and bigints: `from` makes a value of the type of what is exact. */
function contract<T extends number | bigint>(
  { name, make, min, max, wrap }: { name: string; make(v?: T): Cell<T>; min: T; max: T; wrap(v: bigint): T },
  from: (v: bigint) => T,
): void {
  const any = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }).map((v) => wrap(v));
  const check = (property: (a: T, b: T) => void) => fc.assert(fc.property(any, any, property));

  test(`AT-1 AT-7 ${name}: it starts at 0 or at what it is given; load gives what was stored; swap the old value`, () => {
    assert.equal(make().load(), from(0n));
    for (let v = from(1n); v <= max && v > from(0n); v = wrap(BigInt(v) * 2n)) {
      const x = make(v);
      assert.equal(x.load(), v);
      x.store(wrap(-BigInt(v)));
      assert.equal(x.load(), wrap(-BigInt(v)));
    }
    check((a, b) => {
      const x = make(a);
      assert.equal(x.swap(b), a);
      assert.equal(x.load(), b);
    });
  });

  test(`AT-2 AT-4 ${name}: add gives the new value, and wraps around at both ends`, () => {
    assert.equal(make(max).add(from(1n)), min);
    assert.equal(make(min).add(from(-1n)), max);
    check((a, b) => {
      const x = make(a);
      assert.equal(x.add(b), wrap(BigInt(a) + BigInt(b)));
      assert.equal(x.load(), wrap(BigInt(a) + BigInt(b)));
    });
    const x = make();
    let sum = 0n;
    for (let delta = 1n; delta < 2n ** 64n; delta *= 2n) {
      sum += delta;
      assert.equal(x.add(wrap(delta)), wrap(sum));
    }
  });

  test(`AT-3 ${name}: adding the complement subtracts`, () => {
    check((a, b) => assert.equal(make(a).add(wrap(-BigInt(b))), wrap(BigInt(a) - BigInt(b))));
  });

  test(`AT-5 ${name}: and and or give the old value`, () => {
    check((a, b) => {
      const x = make(a);
      assert.equal(x.and(b), a);
      assert.equal(x.load(), wrap(BigInt(a) & BigInt(b)));
      const y = make(a);
      assert.equal(y.or(b), a);
      assert.equal(y.load(), wrap(BigInt(a) | BigInt(b)));
    });
  });

  test(`AT-6 ${name}: compareAndSwap stores if the value is the old one, and tells`, () => {
    check((a, b) => {
      const x = make(a);
      const other = wrap(BigInt(a) + 1n);
      assert.equal(x.compareAndSwap(other, b), false);
      assert.equal(x.load(), a);
      assert.equal(x.compareAndSwap(a, b), true);
      assert.equal(x.load(), b);
    });
  });

  test(`AT-4 ${name}: what is out of range wraps as it is stored`, () => {
    assert.equal(make(from(BigInt(max) + 1n)).load(), min);
    const x = make();
    x.store(from(BigInt(min) - 1n));
    assert.equal(x.load(), max);
    assert.equal(x.compareAndSwap(from(BigInt(min) - 1n), from(BigInt(max) + 2n)), true);
    assert.equal(x.load(), wrap(BigInt(min) + 1n));
  });
}

interface Cell<T> {
  load(): T;
  store(v: T): void;
  swap(v: T): T;
  add(v: T): T;
  and(v: T): T;
  or(v: T): T;
  compareAndSwap(old: T, v: T): boolean;
}

for (const type of numbers) contract<number>(type, Number);
for (const type of bigints) contract<bigint>(type, (v) => v);

test("AT-3 AT-4 the numbers that Go prints", () => {
  assert.equal(new atomic.Uint32(0).add(-1), 4294967295);
  assert.equal(new atomic.Int32(2147483647).add(1), -2147483648);
  assert.equal(new atomic.Uint64(0n).add(-1n), 18446744073709551615n);
  assert.equal(new atomic.Int64(9223372036854775807n).add(1n), -9223372036854775808n);
});

test("64-bit types refuse numbers, which would lose digits", () => {
  const x = new atomic.Int64();
  assert.throws(() => x.store(1 as never), TypeError);
  assert.throws(() => x.add(1 as never), TypeError);
  assert.equal(x.load(), 0n);
});

test("AT-9 Bool loads, stores, swaps, and compares and swaps", () => {
  const x = new atomic.Bool();
  assert.equal(x.load(), false);
  x.store(true);
  assert.equal(x.load(), true);
  assert.equal(x.swap(false), true);
  assert.equal(x.swap(true), false);
  assert.equal(x.compareAndSwap(false, false), false);
  assert.equal(x.compareAndSwap(true, false), true);
  assert.equal(x.load(), false);
  assert.equal(new atomic.Bool(true).load(), true);
});

test("the integers and Bool live in shared memory, where another thread sees and changes them", async () => {
  const all = [
    new atomic.Int32(1),
    new atomic.Uint32(1),
    new atomic.Int64(1n),
    new atomic.Uint64(1n),
    new atomic.Bool(true),
  ];
  const cells = all.map((x) => (x as unknown as { cell: Int32Array }).cell);
  assert.ok(cells.every((cell) => cell.buffer instanceof SharedArrayBuffer));
  const worker = new Worker(
    `const { workerData } = require("node:worker_threads");
     for (const cell of workerData) Atomics.sub(cell, 0, cell[0]);`,
    { eval: true, workerData: cells },
  );
  await new Promise((resolve) => worker.on("exit", resolve));
  assert.deepEqual(
    all.map((x) => x.load()),
    [0, 0, 0n, 0n, false],
  );
});
