// What select takes, what it gives, and what it refuses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cases, chan, nil, select, trySelect } from "gort";
import { panic } from "../../support/panics.js";
import { isPending } from "../../support/settle.js";

test("SE-14 SE-20 select gives the name of the case, and of a receive the value and whether it was sent", async () => {
  const ch = chan<number>(1);
  assert.deepEqual(trySelect({ out: ch.sending(1) }), { case: "out" });
  assert.deepEqual(await select({ in: ch }), { case: "in", value: 1, ok: true });
  assert.deepEqual(await select({ out: ch.sending(2) }), { case: "out" });
  assert.deepEqual(trySelect({ in: ch }), { case: "in", value: 2, ok: true });

  const receiver = select({ in: ch });
  ch.trySend(3);
  assert.deepEqual(await receiver, { case: "in", value: 3, ok: true });
  ch.trySend(4);
  const sender = select({ out: ch.sending(5) });
  assert.deepEqual(ch.drain(), [4, 5]);
  assert.deepEqual(await sender, { case: "out" });
  ch.close();
  assert.deepEqual(await select({ in: ch }), { case: "in", value: undefined, ok: false });
  assert.deepEqual(trySelect({ in: ch }), { case: "in", value: undefined, ok: false });
});

test("SE-20 a select may have any number of cases, named by anything that names a property", async () => {
  const n = 70_000;
  const cases: Record<string, ReturnType<typeof chan<number>>> = {};
  for (let i = 0; i < n; i++) cases[`case ${i}`] = chan<number>();
  assert.equal(trySelect(cases), undefined);
  const blocked = select(cases);
  assert.equal(cases["case 66000"]?.trySend(7), true);
  assert.deepEqual(await blocked, { case: "case 66000", value: 7, ok: true });
  for (let i = 0; i < n; i += 1_111) assert.equal(cases[`case ${i}`]?.trySend(1), false, `case ${i} still waits`);
  const many = [chan<string>(), chan<string>(1)];
  many[1]?.trySend("from an array");
  assert.deepEqual(await select(Object.fromEntries(many.entries())), { case: "1", value: "from an array", ok: true });
});

const noCases: [name: string, value: unknown][] = [
  ["a number", 5],
  ["a string", "ch"],
  ["true", true],
  ["a function", () => chan()],
  ["an object", {}],
  ["a promise", Promise.resolve(1)],
  ["a symbol", Symbol("ch")],
];
for (const [name, value] of noCases) {
  test(`a case that is ${name} is refused with a TypeError that names it, even beside a case that is ready, and nothing happens`, async () => {
    const ready = chan<number>(1);
    ready.trySend(1);
    for (const cases of [
      { wrong: value },
      { ready, wrong: value },
      { wrong: value, ready },
      { gone: nil, wrong: value },
    ]) {
      const refused = (error: unknown) => error instanceof TypeError && error.message.includes('"wrong"');
      await assert.rejects(select(cases as Cases), refused);
      assert.throws(() => trySelect(cases as Cases), refused);
    }
    assert.equal(ready.len, 1);
  });
}

test("what is no record of cases is refused with a TypeError", async () => {
  for (const cases of [undefined, null, 5, "", "ab", true, () => {}, chan(), chan(1).sending(1)]) {
    await assert.rejects(select(cases as unknown as Cases), TypeError, String(cases));
    assert.throws(() => trySelect(cases as unknown as Cases), TypeError, String(cases));
  }
});

test("a case that cannot be read rejects, and nothing happens", async () => {
  const ready = chan<number>(1);
  ready.trySend(1);
  const cases = {
    ready,
    get broken(): never {
      throw new Error("no such case");
    },
  };
  await assert.rejects(select(cases), /no such case/);
  assert.throws(() => trySelect(cases), /no such case/);
  assert.equal(ready.len, 1);
});

test("SE-23 select leaves its record alone and does not look at it again", async () => {
  const [a, b] = [chan<number>(), chan<number>()];
  const cases: { a: typeof a | null; b: typeof b } = Object.seal({ a, b });
  const blocked = select(cases);
  cases.a = null;
  cases.b = a;
  assert.equal(b.trySend(1), true);
  assert.deepEqual(await blocked, { case: "b", value: 1, ok: true });
  assert.deepEqual(Object.keys(cases), ["a", "b"]);
});

test("a send case is an immutable value", () => {
  const ch = chan<number>(1);
  const out = ch.sending(1);
  assert.ok(Object.isFrozen(out));
  for (const key of [...Reflect.ownKeys(out), "value", "chan", "extra"]) {
    assert.throws(() => Object.assign(out, { [key]: 2 }), TypeError);
  }
  assert.deepEqual(trySelect({ out }), { case: "out" });
  assert.equal(ch.drain()[0], 1);
});

test("making a send case sends nothing, on whatever channel", () => {
  const ended = chan<number>();
  ended.close();
  const ch = chan<number>(1);
  for (const c of [ended, ch, nil]) c.sending(1);
  assert.equal(ch.len, 0);
  assert.throws(() => trySelect({ out: ended.sending(1) }), panic("send on closed channel"));
});

test("a send case may be used again, and several times at once", async () => {
  const ch = chan<string>(2);
  const out = ch.sending("v");
  assert.deepEqual(trySelect({ out }), { case: "out" });
  assert.deepEqual(await select({ out }), { case: "out" });
  const waiting = [select({ out }), select({ first: out, second: out }), select({ out, never: chan() })];
  for (const wait of waiting) assert.equal(await isPending(wait), true);
  assert.deepEqual(ch.drain(), ["v", "v", "v", "v", "v"]);
  await Promise.all(waiting);
  assert.equal(ch.len, 0);
  assert.deepEqual(trySelect({ out }), { case: "out" });
});

test("SE-17 break in a switch over the case leaves the switch, a labelled one the loop", async () => {
  const ch = chan<number>(10);
  for (let i = 0; i < 10; i++) ch.trySend(i);
  const seen: (number | undefined)[] = [];
  loop: for (;;) {
    const s = await select({ ch, never: nil });
    switch (s.case) {
      case "ch":
        if (s.value === 3) break;
        if (s.value === 6) break loop;
        seen.push(s.value);
        break;
      case "never":
        assert.fail("nil was chosen");
    }
  }
  assert.deepEqual(seen, [0, 1, 2, 4, 5]);
});
