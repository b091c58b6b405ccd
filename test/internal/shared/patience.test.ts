// Whether it pays to wait awake.

import assert from "node:assert/strict";
import { test } from "node:test";
import { internal } from "../../support/internal.js";

const { Pace, Patience } =
  await internal<typeof import("../../../dist/internal/shared/patience.js")>("shared/patience.js");

/** How many of `n` waits are awake, if all of those are in vain, and every sleep is of so many milliseconds. */
function tries(n: number, asleepMs: number): number {
  const patience = new Patience(1);
  let tried = 0;
  for (let i = 0; i < n; i++) {
    if (patience.tries()) {
      tried++;
      patience.disappointed();
    }
    patience.slept(asleepMs);
  }
  return tried;
}

test("who waits awake in vain does so less and less, but never gives up", () => {
  assert.equal(tries(4, 0.1), 4);
  assert.equal(tries(1000, 0.1), 65);
});

test("where a thread is woken soon, it hardly ever waits awake in vain", () => {
  assert.equal(tries(1000, 0.01), 13);
});

test("once it has paid, a thread waits awake again", () => {
  const patience = new Patience(1);
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
