// The nil channel, and the table of what nil, open and closed channels do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, type Chan, nil, select, trySelect } from "gort";
import { HandMade, stopped } from "../../support/context.js";
import { panic } from "../../support/panics.js";
import { isPending } from "../../support/settle.js";

const opened = (fill = 0) => {
  const ch = chan<number>(1);
  if (fill === 1) ch.trySend(1);
  return ch;
};
const ended = (fill = 0) => {
  const ch = opened(fill);
  ch.close();
  return ch;
};

type Verdict = "blocks" | "panics" | "does it";
type Row = [
  state: string,
  make: () => Chan<number>,
  send: Verdict,
  recv: Verdict | [number | undefined, boolean],
  close: Verdict,
];

const table: Row[] = [
  ["nil", () => nil, "blocks", "blocks", "panics"],
  ["open, unbuffered", () => chan(), "blocks", "blocks", "does it"],
  ["open, empty", () => opened(), "does it", "blocks", "does it"],
  ["open, full", () => opened(1), "blocks", [1, true], "does it"],
  ["closed, empty", () => ended(), "panics", [undefined, false], "panics"],
  ["closed, full", () => ended(1), "panics", [1, true], "panics"],
];

for (const [state, make, send, recv, close] of table) {
  test(`C4 CH-19 CH-20 CH-21 CH-23 the axioms: a channel that is ${state}`, async () => {
    if (send === "panics") {
      await assert.rejects(make().send(2), panic("send on closed channel"));
      assert.throws(() => make().trySend(2), panic("send on closed channel"));
    } else {
      assert.equal(await isPending(make().send(2)), send === "blocks");
      assert.equal(make().trySend(2), send === "does it");
    }

    if (recv === "blocks") {
      for (const wait of [make().recv(), make().recvOk(), make().recvMany()]) assert.equal(await isPending(wait), true);
      assert.equal(make().tryRecv(), undefined);
      assert.deepEqual(make().drain(), []);
    } else {
      const values = recv[1] ? [recv[0]] : [];
      assert.equal(await make().recv(), recv[0]);
      assert.deepEqual(await make().recvOk(), recv);
      assert.deepEqual(make().tryRecv(), recv);
      assert.deepEqual(make().drain(), values);
      assert.deepEqual(await make().recvMany(), values);
    }

    if (close === "panics") {
      assert.throws(() => make().close(), panic(state === "nil" ? "close of nil channel" : "close of closed channel"));
    } else {
      const ch = make();
      ch.close();
      assert.throws(() => ch.trySend(1), panic("send on closed channel"));
    }
  });
}

test("CH-23 everything that waits on the nil channel waits for ever, and others on it change nothing", async () => {
  const waits = [nil.recv(), nil.recvOk(), nil.recvMany(), nil.send(1), nil[Symbol.asyncIterator]().next()];
  assert.equal(nil.trySend(2), false);
  waits.push(nil.send(3), nil.recv());
  for (const wait of waits) assert.equal(await isPending(wait), true);
});

test("CH-12 the nil channel has neither length nor capacity", () => {
  assert.deepEqual([nil.len, nil.cap], [0, 0]);
  assert.equal(nil.trySend(1), false);
  assert.equal(nil.len, 0);
});

test("a wait on the nil channel ends with its ctx", async () => {
  for (const wait of [
    (ctx: HandMade) => nil.recv(ctx),
    (ctx: HandMade) => nil.recvOk(ctx),
    (ctx: HandMade) => nil.recvMany(1, ctx),
    (ctx: HandMade) => nil.send(1, ctx),
  ]) {
    const ctx = new HandMade();
    const waiting = wait(ctx);
    assert.equal(await isPending(waiting), true);
    ctx.cancel();
    await assert.rejects(waiting, (error) => error === stopped);
  }
});

test("SE-8 cases with nil, null or undefined are never chosen; with no other, select blocks and trySelect gives undefined", async () => {
  const off = { a: nil, b: nil.sending(1), c: null, d: undefined };
  assert.equal(trySelect(off), undefined);
  const blocked = select(off);
  const ch = chan<number>();
  const live = select({ ...off, ch });
  assert.equal(await isPending(live), true);
  assert.equal(ch.trySend(1), true);
  assert.deepEqual(await live, { case: "ch", value: 1, ok: true });
  ch.close();
  for (let i = 0; i < 100; i++) {
    assert.equal((await select({ ...off, ch })).case, "ch");
    assert.equal(trySelect({ ...off, ch })?.case, "ch");
  }
  assert.equal(await isPending(blocked), true);
});

test("SE-9 a select of no cases blocks for ever; a trySelect of none gives undefined", async () => {
  assert.equal(trySelect({}), undefined);
  assert.equal(await isPending(select({})), true);
});
