// In which order, how often, and when the operands of channel operations are evaluated.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cases, chan, type Chan, go, nil, select, trySelect } from "gort";
import { seeded } from "../../support/seed.js";
import { isPending } from "../../support/settle.js";

/** Gives back values, and remembers in which order it was asked. */
function witness(): { log: string[]; see<T>(name: string, value: T): T } {
  const log: string[] = [];
  return {
    log,
    see(name, value) {
      log.push(name);
      return value;
    },
  };
}

test("EV-1 a send evaluates its channel, then its value, before it blocks", async () => {
  const { log, see } = witness();
  const ch = chan<number>();
  const sending = see("channel", ch).send(see("value", 1));
  log.push("blocked");
  assert.equal(await isPending(sending), true);
  assert.equal(await ch.recv(), 1);
  await sending;
  assert.deepEqual(log, ["channel", "value", "blocked"]);
});

test("EV-2 EV-5 select has evaluated all its channels and values once, in the order of the source, whatever it chooses", async () => {
  for (const ready of [0, 1, 2, 3, -1]) {
    const { log, see } = witness();
    const channels = [0, 1, 2, 3].map((i) => chan<number>(i === ready ? 1 : 0));
    const at = (i: number) => channels[i] as Chan<number>;
    if (ready === 1 || ready === 3) at(ready).trySend(7);
    const chosen = select({
      zero: see("channel 0", at(0)).sending(see("value 0", 0)),
      one: see("channel 1", at(1)),
      off: see("nil", nil).sending(see("value for nil", 1)),
      two: see("channel 2", at(2)).sending(see("value 2", 2)),
      none: see("no channel", undefined),
      three: see("channel 3", at(3)),
    });
    const expected = [
      "channel 0",
      "value 0",
      "channel 1",
      "nil",
      "value for nil",
      "channel 2",
      "value 2",
      "no channel",
      "channel 3",
    ];
    assert.deepEqual(log, expected);
    if (ready < 0) at(1).trySend(7);
    assert.equal((await chosen).case, ["zero", "one", "two", "three"][ready < 0 ? 1 : ready]);
    assert.deepEqual(log, expected);
  }
});

for (const [state, ready] of [
  ["a case is ready", true],
  ["it has to wait", false],
] as const) {
  test(`EV-2 select reads each case of its record once, in order, when ${state}`, async () => {
    const { log, see } = witness();
    const ch = chan<number>(1);
    if (ready) ch.trySend(1);
    const cases = {
      get first() {
        return see("first", null);
      },
      get second() {
        return see("second", ch);
      },
      get third() {
        return see("third", nil);
      },
    };
    const chosen = select(cases);
    ch.trySend(1);
    assert.equal((await chosen).case, "second");
    assert.deepEqual(log, ["first", "second", "third"]);
  });
}

test("EV-2 the operands of select may use channels themselves, and select still waits for its own", async () => {
  const [ch, side] = [chan<number>(), chan<number>()];
  const parked: Promise<unknown>[] = [];
  const cases = {
    get before() {
      parked.push(side.recv(), select({ side }));
      return null;
    },
    ch,
  };
  const chosen = select(cases);
  assert.equal(ch.trySend(2), true);
  assert.equal(await isPending(chosen), false);
  assert.deepEqual(await chosen, { case: "ch", value: 2, ok: true });
  for (const wait of parked) assert.equal(await isPending(wait), true);
});

test("EV-2 SE-2 a select does not park on a case that a later one's getter has made ready", async () => {
  const ch = chan<number>(1);
  const chosen = select({
    ch,
    get after() {
      ch.trySend(1);
      return null;
    },
  });
  assert.equal(await isPending(chosen), false);
  assert.deepEqual(await chosen, { case: "ch", value: 1, ok: true });
  assert.equal(ch.len, 0);
});

test("EV-2 if a getter takes what an earlier case was about to, the cases are judged anew", async () => {
  const ch = chan<number>(1);
  const cases = {
    ch,
    get after() {
      ch.tryRecv();
      return null;
    },
  };
  ch.trySend(1);
  assert.equal(trySelect(cases), undefined);
  ch.trySend(2);
  const chosen = select(cases);
  assert.equal(await isPending(chosen), true);
  ch.trySend(3);
  assert.deepEqual(await chosen, { case: "ch", value: 3, ok: true });
});

test("EV-3 the target of a received value is evaluated only for the case that was chosen, after the receive", async () => {
  const { log, see } = witness();
  const [a, b] = [chan<number>(1), chan<number>(1)];
  const target: Record<string, number> = {};
  b.trySend(5);
  const s = await select({ a, b });
  log.push("received");
  switch (s.case) {
    case "a":
      target[see("key a", "a")] = s.value ?? 0;
      break;
    case "b":
      target[see("key b", "b")] = s.value ?? 0;
  }
  assert.deepEqual(log, ["received", "key b"]);
  assert.deepEqual(target, { b: 5 });
});

test("EV-4 outside of select the target is evaluated before the receive", async () => {
  const { log, see } = witness();
  const ch = chan<number>();
  const target: Record<string, number | undefined> = {};
  go(async () => {
    log.push("sender");
    await ch.send(1);
  });
  see("object", target)[see("key", "k")] = await see("channel", ch).recv();
  assert.deepEqual(log, ["object", "key", "channel", "sender"]);
  assert.deepEqual(target, { k: 1 });
});

test("EV-6 an operand that throws ends the evaluation, and no case happens", async () => {
  const { log, see } = witness();
  const ch = chan<number>(1);
  const boom = (): never => {
    throw new Error("boom");
  };
  await assert.rejects(
    async () => await select({ a: see("a", ch).sending(1), b: see("b", ch).sending(boom()), c: see("c", ch) }),
    /boom/,
  );
  assert.deepEqual(log, ["a", "b"]);
  assert.equal(ch.len, 0);
});

test("EV-7 what a later operand does to the variables of an earlier case does not change that case", async () => {
  for (const spoil of [
    (v: { ch: Chan<number> }) => (v.ch = nil),
    (v: { ch: Chan<number> }) => (v.ch = chan(1)),
    (v: { value: number }) => (v.value = -1),
  ]) {
    const original = chan<number>(1);
    const v = { ch: original, value: 7 };
    const s = await select({ out: v.ch.sending(v.value), never: (spoil(v), null) });
    assert.equal(s.case, "out");
    assert.deepEqual(original.drain(), [7]);
  }
});

test("EV-8 receives as operands happen from left to right", async () => {
  const ch = chan<number>(10);
  for (let i = 1; i <= 9; i++) ch.trySend(i);
  const minus = (a?: number, b?: number) => (a ?? 0) - (b ?? 0);
  assert.equal(minus(await ch.recv(), await ch.recv()), -1);
  assert.deepEqual([await ch.recv(), await ch.recvOk(), (await select({ ch })).value], [3, [4, true], 5]);
  assert.equal(10 * ((await ch.recv()) ?? 0) + ((await ch.recv()) ?? 0), 67);
  const { log, see } = witness();
  const counts = [0];
  counts[see("index", 0)] = (counts[0] ?? 0) + ((await see("channel", ch).recv()) ?? 0);
  assert.deepEqual([counts, log], [[8], ["index", "channel"]]);
});

test("EV-9 if the right side fails, nothing is stored", async () => {
  const ended = chan<number>();
  ended.close();
  const target = new Map<string, unknown>();
  const plain: Record<string, unknown> = {};
  await assert.rejects(async () => target.set("k", await ended.send(1)));
  await assert.rejects(async () => (plain["k"] = await ended.send(1)));
  assert.equal(target.size, 0);
  assert.deepEqual(plain, {});
});

test("EV-10 the arguments of go, a receive among them, are evaluated at the call", async () => {
  const { log, see } = witness();
  const [ch, out] = [chan<number>(2), chan<unknown[]>()];
  ch.trySend(1);
  ch.trySend(2);
  let changed = "before";
  go(async (...args: unknown[]) => out.send([...args, changed]), see("argument", await ch.recv()), changed);
  log.push("after go");
  changed = "after";
  assert.deepEqual(ch.drain(), [2]);
  assert.deepEqual(await out.recv(), [1, "before", "after"]);
  assert.deepEqual(log, ["argument", "after go"]);
});

test("EV-11 each received value has a variable of its own, for closures to keep", async () => {
  const ch = chan<number>(6);
  for (let i = 0; i < 6; i++) ch.trySend(i);
  const kept: (() => unknown)[] = [];
  for (let i = 0; i < 3; i++) {
    const s = await select({ ch });
    kept.push(() => s.value);
  }
  ch.close();
  for await (const value of ch) kept.push(() => value);
  assert.deepEqual(
    kept.map((f) => f()),
    [0, 1, 2, 3, 4, 5],
  );
});

test("EV-12 ok is told anew each time, in every form of receive", async () => {
  const forms: ((ch: Chan<number>) => unknown)[] = [
    async (ch) => (await ch.recvOk())[1],
    async (ch) => (await select({ ch })).ok,
    async (ch) => (await select({ ch, never: nil as Chan<number> })).ok,
    (ch) => ch.tryRecv()?.[1],
    (ch) => trySelect({ ch })?.ok,
  ];
  for (const form of forms) {
    const ch = chan<number>(2);
    ch.trySend(1);
    ch.trySend(2);
    ch.close();
    assert.deepEqual([await form(ch), await form(ch), await form(ch), await form(ch)], [true, true, false, false]);
  }
});

test("SE-18 a thousand random selects have their operands evaluated once, in order, and do what one of their cases says", async () => {
  await seeded(async (choice) => {
    for (let round = 0; round < 1_000; round++) {
      const { log, see } = witness();
      const channels = Array.from({ length: 1 + choice.below(6) }, () => chan<number>(1));
      const plan = channels.map(() => choice.of(["send", "receive", "nil", "ready"] as const));
      const expected: string[] = [];
      const cases: Record<string, Cases[string]> = {};
      for (const [i, what] of plan.entries()) {
        const ch = channels[i] as Chan<number>;
        const key = `case ${i}`;
        expected.push(key);
        if (what === "ready") ch.trySend(i);
        const value = { nil, send: ch.sending(i), receive: ch, ready: ch }[what];
        Object.defineProperty(cases, key, { enumerable: true, get: () => see(key, value) });
      }
      const live = plan.some((what) => what === "send" || what === "ready");
      const chosen = live && choice.below(2) === 0 ? Promise.resolve(trySelect(cases)) : select(cases);
      assert.deepEqual(log, expected);
      if (!live) {
        if (!plan.includes("receive")) continue;
        const i = plan.indexOf("receive");
        assert.equal(channels[i]?.trySend(i), true);
      }
      const s = (await chosen) as { case: string; value?: number };
      const i = Number(s.case.slice(5));
      if (plan[i] === "send") assert.deepEqual(channels[i]?.drain(), [i]);
      else assert.equal(s.value, i);
      for (const [j, ch] of channels.entries()) if (j !== i) assert.equal(ch.len, plan[j] === "ready" ? 1 : 0);
      assert.deepEqual(log, expected);
    }
  });
});
