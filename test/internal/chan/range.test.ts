import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, gosched } from "gort";
import { isPending } from "../../support/settle.js";

for (const cap of [0, 1, 10]) {
  test(`C3 CH-24 range gives every value until the channel is closed (capacity ${cap})`, async () => {
    const ch = chan<number>(cap);
    go(async () => {
      for (let i = 0; i < 30; i++) {
        if (i % 7 === 0) await gosched();
        await ch.send(i);
      }
      ch.close();
    });
    const values: number[] = [];
    for await (const value of ch) values.push(value);
    assert.deepEqual(values, [...Array(30).keys()]);
    let turns = 0;
    for await (const _ of ch) turns++;
    assert.equal(turns, 0);
  });

  for (const [how, leave] of Object.entries({
    break: async (ch: AsyncIterable<number>) => {
      for await (const value of ch) if (value === 2) break;
    },
    return: async (ch: AsyncIterable<number>) => {
      for await (const value of ch) if (value === 2) return;
    },
    throw: async (ch: AsyncIterable<number>) => {
      await assert.rejects(async () => {
        for await (const value of ch) if (value === 2) throw new Error("enough");
      }, /enough/);
    },
  })) {
    test(`CH-25 leaving a range by ${how} leaves the channel open, with what was not taken (capacity ${cap})`, async () => {
      const ch = chan<number>(cap);
      const sent = chan<void>();
      go(async () => {
        for (let i = 0; i < 6; i++) await ch.send(i);
        await sent.send();
      });
      await leave(ch);
      assert.equal(await ch.recv(), 3);
      const rest: number[] = [];
      for await (const value of ch) {
        rest.push(value);
        if (value === 5) break;
      }
      assert.deepEqual(rest, [4, 5]);
      await sent.recv();
      go(() => ch.send(6));
      assert.equal(await ch.recv(), 6);
      ch.close();
      assert.deepEqual(await ch.recvOk(), [undefined, false]);
    });
  }
}

test("CH-25 return() of the iterator says done, but ends neither the channel nor the iterator", async () => {
  const ch = chan<number>(2);
  const it = ch[Symbol.asyncIterator]();
  ch.trySend(1);
  assert.deepEqual(await it.next(), { value: 1, done: false });
  assert.deepEqual(await it.return?.(), { value: undefined, done: true });
  assert.equal(ch.trySend(2), true);
  assert.deepEqual(await it.next(), { value: 2, done: false });
  ch.close();
  assert.deepEqual(await it.next(), { value: undefined, done: true });
  assert.deepEqual(await it.next(), { value: undefined, done: true });
});

test("CH-25 return() takes nothing from those who still wait in next()", async () => {
  const ch = chan<number>();
  const it = ch[Symbol.asyncIterator]();
  const next = it.next();
  await it.return?.();
  assert.equal(await isPending(next), true);
  assert.equal(ch.trySend(1), true);
  assert.deepEqual(await next, { value: 1, done: false });
});

test("CH-24 two loops over one channel share its values, and both end with it", async () => {
  const ch = chan<number>();
  const seen: number[][] = [[], []];
  const loops = seen.map(async (values) => {
    for await (const value of ch) values.push(value);
  });
  for (let i = 0; i < 20; i++) await ch.send(i);
  ch.close();
  await Promise.all(loops);
  assert.ok(
    seen.every((values) => values.length > 0),
    "one loop got everything",
  );
  assert.deepEqual(
    seen.flat().sort((a, b) => a - b),
    [...Array(20).keys()],
  );
});
