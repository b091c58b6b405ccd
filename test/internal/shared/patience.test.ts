// Whether it pays to wait awake.

import assert from "node:assert/strict";
import { test } from "node:test";
import { internal } from "../../support/internal.js";

const { Pace, Patience } =
  await internal<typeof import("../../../dist/internal/shared/patience.js")>("shared/patience.js");

test("who waits awake in vain does so less and less, but never gives up", () => {
  const patience = new Patience(1, 256);
  const tried: number[] = [];
  for (let i = 0; i < 2_000; i++) {
    if (!patience.tries()) continue;
    tried.push(i);
    patience.disappointed();
  }
  const skipped = tried.slice(1).map((at, i) => at - (tried[i] as number) - 1);
  assert.deepEqual(skipped, [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256, 256, 256, 256]);
});

test("once it has paid, a thread waits awake again", () => {
  const patience = new Patience(1, 256);
  for (let i = 0; i < 100; i++) if (patience.tries()) patience.disappointed();
  while (!patience.tries());
  patience.rewarded();
  assert.deepEqual(
    [1, 2, 3, 4].map(() => patience.tries()),
    [true, true, true, true],
  );
});

test("a pace is slow if only little comes between two sleeps; now and then it is taken for fast", () => {
  const pace = new Pace();
  const seen: boolean[] = [];
  for (let i = 0; i < 40; i++) {
    pace.found();
    pace.rest();
    seen.push(pace.isSlow());
  }
  assert.deepEqual(
    seen.flatMap((slow, i) => (slow ? [] : [i])),
    [0, 1, 2, 15, 31],
  );
  for (let i = 0; i < 4; i++) pace.found();
  pace.rest();
  assert.equal(pace.isSlow(), false);
});
