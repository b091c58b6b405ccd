import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, gosched, select, trySelect } from "gort";
import { order } from "../../support/order.js";
import { isPending } from "../../support/settle.js";

test("CH-12 len of an unbuffered channel is 0 even with senders or receivers blocked on it", async () => {
  const ch = chan<number>();
  const senders = [ch.send(1), select({ out: ch.sending(2) })];
  assert.deepEqual([ch.len, ch.cap], [0, 0]);
  assert.equal(ch.drain().length, 2);
  await Promise.all(senders);
  const receivers = [ch.recv(), select({ in: ch })];
  assert.deepEqual([ch.len, ch.cap], [0, 0]);
  ch.close();
  await Promise.all(receivers);
});

test("CH-35 a send ends only when the receiver has the value: what the receiver did before comes before what the sender does after", async () => {
  const { step, reached } = order();
  const ch = chan<number>();
  go(async () => {
    await ch.send(1);
    step(3);
  });
  go(async () => {
    step(1);
    await gosched();
    step(2);
    await ch.recv();
  });
  await reached(3);
});

for (const cap of [0, 1]) {
  test(`CH-34 non-blocking operations never block, and succeed once their partner waits (capacity ${cap})`, async () => {
    for (const value of [7, "seven", { seven: 7 }]) {
      const ch = chan<typeof value>(cap);
      assert.equal(ch.tryRecv(), undefined);
      assert.equal(trySelect({ ch }), undefined);

      go(() => ch.send(value));
      let got;
      while ((got = ch.tryRecv()) === undefined) await gosched();
      assert.deepEqual(got, [value, true]);

      const answer = chan<typeof value | undefined>(1);
      go(async () => answer.send(await ch.recv()));
      while (!ch.trySend(value)) await gosched();
      assert.equal(await answer.recv(), value);
      while (cap === 1 && ch.trySend(value)) await gosched();
      assert.equal(ch.trySend(value), false);
    }
  });
}

test("CH-27 from a channel of channels one receives twice, in order, and sends on what was received", async () => {
  const channels = chan<ReturnType<typeof chan<number>>>();
  const inner = chan<number>();
  go(async () => {
    await channels.send(inner);
    await inner.send(1);
    await channels.send(inner);
  });
  assert.equal(await (await channels.recv())?.recv(), 1);
  go(async () => (await channels.recv())?.send(2));
  assert.equal(await inner.recv(), 2);
});

test("CH-28 a channel is equal to itself only, in both of its directions and as a key", () => {
  const [a, b] = [chan<number>(1), chan<number>(1)];
  const sends: import("gort").SendChan<number> = a;
  const receives: import("gort").RecvChan<number> = a;
  assert.ok(Object.is(sends, receives));
  assert.ok(!Object.is(a, b));
  assert.deepEqual(
    [
      ...new Map<unknown, string>([
        [sends, "a"],
        [b, "b"],
        [receives, "a again"],
      ]).values(),
    ],
    ["a again", "b"],
  );
});

test("C1 CH-16 a channel of signals carries nothing but the event", async () => {
  const signal = chan<void>();
  const waiting = signal.recv();
  assert.equal(await isPending(waiting), true);
  await signal.send();
  assert.equal(await waiting, undefined);
});

// CH-48: what a program may do while its modules are still being loaded.
const early = chan<number>(1);
go(() => early.send(48));
const arrived = await early.recv();

test("CH-48 goroutines and channels work at the top level of a module", () => {
  assert.equal(arrived, 48);
});
