// Receiving many values at once, and values that are promises.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, type Chan, go, select, trySelect } from "gort";
import { isPending } from "../../support/settle.js";

const badMax = [0, -1, 0.5, 1.5, NaN, -Infinity, "3" as unknown as number, null as unknown as number];

test("drain takes the buffer, then what parked senders offer, and wakes these", async () => {
  for (const cap of [0, 1, 3]) {
    const ch = chan<number>(cap);
    const senders = Array.from({ length: 6 }, (_, i) => ch.send(i));
    assert.deepEqual(ch.drain(), [0, 1, 2, 3, 4, 5]);
    await Promise.all(senders);
    assert.deepEqual(ch.drain(), []);
    assert.equal(ch.len, 0);
  }
});

test("drain takes at most max values, and those that are left keep their order", async () => {
  for (const cap of [0, 1, 3]) {
    const ch = chan<number>(cap);
    const senders = Array.from({ length: 6 }, (_, i) => ch.send(i));
    assert.deepEqual(ch.drain(1), [0]);
    assert.deepEqual(ch.drain(2), [1, 2]);
    assert.equal(ch.len, cap);
    assert.deepEqual(ch.drain(Infinity), [3, 4, 5]);
    await Promise.all(senders);
  }
});

test("drain of a closed channel gives what was buffered, and then nothing", () => {
  const ch = chan<number>(3);
  ch.trySend(1);
  ch.trySend(2);
  ch.close();
  assert.deepEqual(ch.drain(1), [1]);
  assert.deepEqual(ch.drain(), [2]);
  assert.deepEqual(ch.drain(), []);
});

test("drain throws a RangeError on a max that is no integer >= 1, and takes nothing", () => {
  const ch = chan<number>(1);
  ch.trySend(1);
  for (const max of badMax) assert.throws(() => ch.drain(max), RangeError, String(max));
  assert.throws(() => ch.drain(-2), /drain: .*-2/);
  assert.equal(ch.len, 1);
});

test("recvMany rejects with a RangeError on a max that is no integer >= 1, and takes nothing", async () => {
  const ch = chan<number>(1);
  ch.trySend(1);
  for (const max of badMax) await assert.rejects(ch.recvMany(max), RangeError, String(max));
  await assert.rejects(ch.recvMany(-2), /recvMany: .*-2/);
  assert.equal(ch.len, 1);
});

test("recvMany takes what is there without waiting, at most max values", async () => {
  for (const cap of [0, 1, 3]) {
    const ch = chan<number>(cap);
    const senders = Array.from({ length: 6 }, (_, i) => ch.send(i));
    assert.deepEqual(await ch.recvMany(4), [0, 1, 2, 3]);
    assert.deepEqual(await ch.recvMany(), [4, 5]);
    await Promise.all(senders);
  }
});

test("recvMany waits for a first value; an empty array means closed and drained", async () => {
  for (const cap of [0, 2]) {
    const ch = chan<number>(cap);
    const many = ch.recvMany();
    assert.equal(await isPending(many), true);
    await ch.send(1);
    assert.deepEqual(await many, [1]);
    const last = ch.recvMany(10);
    ch.close();
    assert.deepEqual(await last, []);
    assert.deepEqual(await ch.recvMany(), []);
  }
});

test("CH-9 recvMany in a loop gives every value once, in order, with many senders at work", async () => {
  const ch = chan<[sender: number, nth: number]>(16);
  const finished = chan<void>();
  for (let s = 0; s < 4; s++) {
    go(async () => {
      for (let i = 0; i < 500; i++) await ch.send([s, i]);
      await finished.send();
    });
  }
  go(async () => {
    for (let s = 0; s < 4; s++) await finished.recv();
    ch.close();
  });
  const next = [0, 0, 0, 0];
  for (let many; (many = await ch.recvMany(7)).length > 0;) {
    assert.ok(many.length <= 7);
    for (const [sender, nth] of many) {
      assert.equal(nth, next[sender]);
      next[sender] = nth + 1;
    }
  }
  assert.deepEqual(next, [500, 500, 500, 500]);
});

for (const cap of [0, 1]) {
  const parked = <T>(value: T) => {
    const ch = chan<T>(cap);
    go(() => ch.send(value));
    return ch;
  };

  test(`a value that is a promise arrives settled from recv (capacity ${cap})`, async () => {
    assert.equal(await parked(Promise.resolve(1)).recv(), 1);
    const ready = chan<Promise<number>>(1);
    ready.trySend(Promise.resolve(2));
    assert.equal(await ready.recv(), 2);
    const broken = Promise.reject(new Error("sent broken"));
    broken.catch(() => {}); // the host may have the thread before it is received
    await assert.rejects(parked(broken).recv(), /sent broken/);
  });

  test(`a value that is a promise arrives as it is from every other form of receive (capacity ${cap})`, async () => {
    const promise = Promise.resolve(1);
    type Promises = Chan<typeof promise>;
    const forms = {
      recvOk: async (ch: Promises) => [(await ch.recvOk())[0]],
      recvMany: async (ch: Promises) => ch.recvMany(),
      select: async (ch: Promises) => [(await select({ ch })).value],
      next: async (ch: Promises) => [(await ch[Symbol.asyncIterator]().next()).value],
      range: async (ch: Promises) => {
        for await (const value of ch) return [value];
        return [];
      },
    };
    for (const fill of [
      (ch: Promises) => go(() => ch.send(promise)), // the receiver waits
      (ch: Promises) => void ch.send(promise), // the sender waits, or the value lies in the buffer
    ]) {
      const ch = chan<typeof promise>(cap);
      for (const [name, receive] of Object.entries(forms)) {
        fill(ch);
        const [value] = await receive(ch);
        assert.ok(value === promise, name);
      }
    }
    const ch = chan<typeof promise>(cap);
    void ch.send(promise);
    assert.ok(ch.tryRecv()?.[0] === promise);
    void ch.send(promise);
    assert.ok(ch.drain()[0] === promise);
    void ch.send(promise);
    const s = trySelect({ ch });
    assert.ok(s?.value === promise);
  });
}

test("SE-21 tryRecv tells its three outcomes apart: a value, nothing yet, the end", () => {
  const ch = chan<undefined>(1);
  assert.equal(ch.tryRecv(), undefined);
  ch.trySend(undefined);
  assert.deepEqual(ch.tryRecv(), [undefined, true]);
  ch.close();
  assert.deepEqual(ch.tryRecv(), [undefined, false]);
});
