import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go } from "gort";
import { settle } from "../../support/settle.js";

test("CH-17 chan refuses a capacity that is no integer from 0 to 2^53 - 1", () => {
  const bad = [
    -1,
    -(2 ** 31),
    0.5,
    1.5,
    NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    1e300,
    "3",
    3n,
    null,
    true,
    {},
    [1],
    Symbol("s"),
  ];
  for (const capacity of bad) {
    assert.throws(
      () => chan(capacity as number),
      (error) => error instanceof RangeError && error.message.startsWith("makechan: size out of range"),
      `chan(${String(capacity)})`,
    );
  }
});

test("CH-17 a bad capacity is named in the error", () => {
  assert.throws(() => chan(-3), /-3/);
  assert.throws(() => chan(2.5), /2\.5/);
});

test("C1 CH-11 chan has no buffer unless asked for one", () => {
  assert.equal(chan().cap, 0);
  assert.equal(chan(undefined).cap, 0);
  assert.equal(chan(0).cap, 0);
  assert.equal(chan(-0).cap, 0);
  assert.equal(chan(3).cap, 3);
});

test("CH-17 a channel takes memory for what is in it, not for its capacity", async () => {
  const ch = chan<number>(Number.MAX_SAFE_INTEGER);
  assert.equal(ch.cap, Number.MAX_SAFE_INTEGER);
  for (let i = 0; i < 10_000; i++) await ch.send(i);
  assert.equal(ch.len, 10_000);
  assert.deepEqual(ch.drain(), [...Array(10_000).keys()]);
  assert.deepEqual([ch.len, ch.cap], [0, Number.MAX_SAFE_INTEGER]);
});

test("CH-45 values keep their order while the buffer fills, wraps around and grows", async () => {
  const ch = chan<number>(1_000);
  let [sent, received] = [0, 0];
  for (const [puts, takes] of [
    [3, 2],
    [5, 6],
    [9, 1],
    [100, 50],
    [0, 58],
    [1_000, 999],
    [999, 1_000],
  ] as const) {
    for (let i = 0; i < puts; i++) assert.equal(ch.trySend(sent++), true);
    for (let i = 0; i < takes; i++) assert.deepEqual(ch.tryRecv(), [received++, true]);
    assert.equal(ch.len, sent - received);
  }
  assert.equal(sent, received);
});

test("CH-3 a buffer lets its sender run ahead by the capacity and no further", async () => {
  const ch = chan<number>(10);
  let sent = 0;
  go(async () => {
    for (;;) {
      await ch.send(sent);
      sent++;
    }
  });
  for (let received = 0; received < 50; received++) {
    await settle();
    assert.equal(sent, received + 10);
    await ch.recv();
  }
});
