// Tasks on memory that threads have in common, and on buffers that are moved.

import type { Chan, RecvChan, SendChan } from "gort";
import { Bool, type Int32, type Int64, type Uint32, type Uint64 } from "gort/atomic";
import { task, transfer } from "gort/parallel";

interface Counters {
  readonly i32: Int32;
  readonly u32: Uint32;
  readonly i64: Int64;
  readonly u64: Uint64;
}

/** Adds by add, by compare-and-swap, and keeps the sum of swaps. */
export const hammer = task(
  import.meta,
  async function hammer({ i32, u32, i64, u64 }: Counters, swapped: Int64, n: number) {
    let sum = 0n;
    for (let i = 0; i < n; i++) {
      i32.add(1);
      u64.add(3n);
      for (let old = u32.load(); !u32.compareAndSwap(old, old + 2);) old = u32.load();
      for (let old = i64.load(); !i64.compareAndSwap(old, old - 1n);) old = i64.load();
      sum += swapped.swap(BigInt(i));
    }
    return sum;
  },
);

/** Stores values whose halves agree, and looks whether those that it loads do. */
export const halves = task(import.meta, function halves(value: Uint64, n: number) {
  let torn = 0;
  for (let i = 0; i < n; i++) {
    const half = BigInt(i % 0xffff_ffff);
    value.store((half << 32n) | half);
    const seen = value.load();
    if (seen >> 32n !== (seen & 0xffff_ffffn)) torn++;
  }
  return torn;
});

/** Dekker's: each stores to its own, then loads the other's. */
export const dekker = task(import.meta, function dekker(mine: Int32[], theirs: Int32[], turn: Int32) {
  return mine.map((each, i) => {
    turn.add(1);
    while (turn.load() < 2 * (i + 1)); // both are here
    each.store(1);
    return (theirs[i] as Int32).load();
  });
});

/** Waits for the flag, and then adds up what was written before it. */
export const reader = task(import.meta, function reader(flag: Int32, data: Int32Array, rounds: number) {
  let wrong = 0;
  for (let i = 1; i <= rounds; i++) {
    while (flag.load() !== i);
    for (const each of data) if (each !== i) wrong++;
    flag.store(-i);
  }
  return wrong;
});

export const writer = task(import.meta, function writer(flag: Int32, data: Int32Array, rounds: number) {
  for (let i = 1; i <= rounds; i++) {
    data.fill(i);
    flag.store(i);
    while (flag.load() !== -i);
  }
});

export const describe = task(import.meta, function describe(...values: object[]) {
  return values.map((value) => `${value.constructor.name} ${String((value as Int32).load())}`);
});

export const flip = task(import.meta, function flip(flag: Bool) {
  return [flag instanceof Bool, flag.swap(!flag.load())];
});

export const echo = task(import.meta, function echo(value: unknown) {
  return value;
});

/** Adds 1 to all of a view, and tells what it is. */
export const bump = task(import.meta, function bump(view: Int32Array | Uint8Array | DataView) {
  if (view instanceof DataView) view.setUint8(0, view.getUint8(0) + 1);
  else for (let i = 0; i < view.length; i++) Atomics.add(view, i, 1);
  return [view.constructor.name, view.byteOffset, view.byteLength, view.buffer instanceof SharedArrayBuffer];
});

/** Announces buffers of its own, one for each that it is asked for. */
export const making = task(
  import.meta,
  async function making(ask: RecvChan<number>, to: SendChan<{ buffer: SharedArrayBuffer }>) {
    for await (const n of ask) {
      const buffer = new SharedArrayBuffer(8);
      new Int32Array(buffer)[0] = n;
      await to.send({ buffer });
    }
  },
);

export const first = task(import.meta, function first(buffer: SharedArrayBuffer) {
  return new Int32Array(buffer)[0];
});

/** Hands over all that it gets. */
export const relay = task(import.meta, async function relay(from: RecvChan<unknown>, to: SendChan<never>) {
  for await (const value of from) await to.send(value as never);
});

export const sum = task(import.meta, function sum(buffer: ArrayBuffer) {
  return new Uint8Array(buffer).reduce((a, b) => a + b, 0);
});

export const moving = task(import.meta, async function moving(to: SendChan<ArrayBuffer>) {
  const sent = transfer(new Uint8Array([1, 2, 3]).buffer);
  await to.send(sent);
  const second = transfer(new Uint8Array([4, 5]).buffer);
  return { left: sent.byteLength, second };
});

/** Moves a buffer while the thread is blocked. */
export const movingSync = task(
  import.meta,
  function movingSync(to: Chan<ArrayBuffer> & { sendSync(b: ArrayBuffer): void }) {
    const lengths: number[] = [];
    for (let i = 0; i < 3; i++) {
      const buffer = transfer(new Uint8Array([i]).buffer);
      to.sendSync(buffer);
      lengths.push(buffer.byteLength);
    }
    return lengths;
  },
);

export const collect = task(import.meta, async function collect() {
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
});
