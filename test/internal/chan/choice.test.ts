// Which of the ready cases select chooses. Every statistical bound is 8 standard deviations: a false alarm in fewer than one of 10^9 runs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cases, chan, go, gosched, nil, type RecvChan, select, type SendCase, trySelect } from "gort";
import { seeded } from "../../support/seed.js";

function assertShare(count: number, of: number, share: number, what: string): void {
  const sigma = Math.sqrt(of * share * (1 - share));
  assert.ok(Math.abs(count - of * share) <= 8 * sigma, `${what}: ${count} of ${of}, expected about ${of * share}`);
}

const ready = (n = 1) => {
  const ch = chan<number>(n);
  while (ch.trySend(0));
  return ch;
};

test("SE-3 of two cases that are always ready, beside two that never are, each is chosen half of the time", async () => {
  const [n, a, b, idle] = [10_000, ready(20_000), ready(20_000), chan<number>()];
  const counts = { a: 0, b: 0, before: 0, after: 0 };
  for (let i = 0; i < n; i++) counts[(await select({ before: idle, a, b, after: idle })).case]++;
  for (let i = 0; i < n; i++) counts[trySelect({ before: idle, a, b, after: idle })?.case ?? "before"]++;
  assert.deepEqual([counts.before, counts.after], [0, 0]);
  assertShare(counts.a, 2 * n, 1 / 2, "a");
});

test("SE-4 a select that sends one of two values to one channel is a fair coin", async () => {
  const n = 10_000;
  const ch = chan<0 | 1>();
  go(async () => {
    for (let i = 0; i < n; i++) await select({ tail: ch.sending(0), head: ch.sending(1) });
    ch.close();
  });
  const counts = [0, 0];
  for await (const side of ch) counts[side] = (counts[side] ?? 0) + 1;
  assert.equal((counts[0] ?? 0) + (counts[1] ?? 0), n);
  assertShare(counts[0] ?? 0, n, 1 / 2, "tails");
});

for (const size of [3, 5, 8]) {
  test(`SE-23 each of ${size} ready cases has the same chance, of what kind it may be, after each other choice`, async () => {
    const n = 4_000 * size;
    const ended = chan<number>();
    ended.close();
    const kinds = [() => ready(n + 1), () => chan<number>(n + 1).sending(1), () => ended];
    const cases: Record<string, RecvChan<number> | SendCase> = {};
    for (let i = 0; i < size; i++) cases[`c${i}`] = (kinds[i % 3] ?? ready)();
    const counts = new Map<string, number>();
    const pairs = new Map<string, number>();
    let last = "";
    for (let i = 0; i < n; i++) {
      const { case: key } = await select(cases);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (i > 0) pairs.set(last + key, (pairs.get(last + key) ?? 0) + 1);
      last = key;
    }
    for (const key in cases) assertShare(counts.get(key) ?? 0, n, 1 / size, key);
    for (const a in cases) {
      for (const b in cases) assertShare(pairs.get(a + b) ?? 0, n - 1, 1 / size ** 2, `${b} after ${a}`);
    }
  });
}

test("SE-7 a channel that stands in three of four cases is chosen three times out of four", async () => {
  const [n, a, b] = [20_000, ready(20_001), ready(20_001)];
  let fromB = 0;
  for (let i = 0; i < n; i++) if ((await select({ a1: a, a2: a, b, a3: a })).case === "b") fromB++;
  assertShare(fromB, n, 1 / 4, "b");
});

test("SE-12 a send case on a closed channel is as likely to be chosen as another ready one", async () => {
  const ended = chan<number>();
  ended.close();
  let [n, panics] = [5_000, 0];
  const open = ready(n + 1);
  for (let i = 0; i < n; i++) await select({ open, ended: ended.sending(1) }).catch(() => panics++);
  assertShare(panics, n, 1 / 2, "panics");
});

test("SE-10 SE-12 SE-23 of any mixture of cases one that is ready is chosen, or none if none is", async () => {
  await seeded(async (choice) => {
    for (let round = 0; round < 3_000; round++) {
      const cases: Record<string, Cases[string]> = {};
      const live = new Set<string>();
      const panics = new Set<string>();
      const filled = new Map<string, ReturnType<typeof ready>>();
      for (let i = choice.below(7); i > 0; i--) {
        const key = `${round}-${i}`;
        const ended = chan<number>(choice.below(2));
        ended.close();
        const kind = choice.of(["off", "empty", "full", "value", "room", "ended", "panic"] as const);
        if (kind === "off") cases[key] = choice.of([nil, null, undefined, nil.sending(1)]);
        if (kind === "empty") cases[key] = chan<number>(choice.below(3));
        if (kind === "full") cases[key] = choice.of([chan<number>(), ready(), ready(2)]).sending(1);
        if (kind === "room") cases[key] = chan<number>(1).sending(1);
        if (kind === "ended") cases[key] = ended;
        if (kind === "panic") cases[key] = ended.sending(1);
        if (kind === "value") {
          const ch = ready();
          cases[key] = ch;
          filled.set(key, ch);
        }
        if (kind === "panic") panics.add(key);
        if (["value", "room", "ended", "panic"].includes(kind)) live.add(key);
      }
      let chosen: string | undefined;
      try {
        chosen = live.size === 0 || choice.below(2) === 0 ? trySelect(cases)?.case : (await select(cases)).case;
      } catch {
        assert.ok(panics.size > 0);
        chosen = "panic";
      }
      if (chosen === undefined) assert.equal(live.size, 0, "a case was ready");
      else assert.ok(chosen === "panic" || (live.has(chosen) && !panics.has(chosen)), `${chosen} was not ready`);
      for (const [key, ch] of filled) {
        assert.equal(ch.len, key === chosen ? 0 : 1, "a value was taken from a case that lost");
      }
    }
  });
});

test("SE-2 all cases are judged at one instant: of two channels, one of which is always ready, one is found ready", async () => {
  await seeded(async (choice) => {
    const [c1, c2] = [chan<number>(1), chan<number>(1)];
    const got = chan<unknown>();
    for (let i = 0; i < 3_000; i++) {
      c1.trySend(1);
      go(async (spins) => {
        for (let s = 0; s < spins; s++) await gosched();
        await got.send(trySelect({ c1, c2 }));
      }, choice.below(5));
      for (let s = choice.below(3); s > 0; s--) await gosched();
      await c2.send(1);
      for (let s = choice.below(3); s > 0; s--) await gosched();
      trySelect({ c1 });
      assert.notEqual(await got.recv(), undefined, "neither was ready");
      c1.drain();
      c2.drain();
    }
  });
});
