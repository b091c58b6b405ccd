import assert from "node:assert/strict";
import { test } from "node:test";
import * as rate from "gort/rate";
import { virtualClock } from "../support/virtual.js";

/** On which of `n` calls, a step of 100 ms apart, it ran. */
function runs(options: rate.SometimesOptions | undefined, n: number): number[] {
  using clock = virtualClock();
  const sometimes = new rate.Sometimes(options);
  const ran: number[] = [];
  for (let i = 0; i < n; i++, clock.skip(100)) sometimes.do(() => ran.push(i));
  return ran;
}

test("RL-26 without options it runs once, the first time", () => {
  assert.deepEqual(runs(undefined, 10), [0]);
  assert.deepEqual(runs({}, 10), [0]);
  assert.deepEqual(runs({ first: 0, every: 0, interval: 0 }, 10), [0]);
});

test("RL-26 first: so many times from the beginning", () => {
  assert.deepEqual(runs({ first: 1 }, 5), [0]);
  assert.deepEqual(runs({ first: 3 }, 5), [0, 1, 2]);
  assert.deepEqual(runs({ first: Infinity }, 5), [0, 1, 2, 3, 4]);
});

test("RL-26 every: the first time and every so many times", () => {
  assert.deepEqual(runs({ every: 1 }, 5), [0, 1, 2, 3, 4]);
  assert.deepEqual(runs({ every: 3 }, 8), [0, 3, 6]);
});

test("RL-26 interval: when that has passed since the last run", () => {
  assert.deepEqual(runs({ interval: 250 }, 10), [0, 3, 6, 9]);
  assert.deepEqual(runs({ interval: 100 }, 4), [0, 1, 2, 3]);
});

test("RL-26 the conditions are independent: any of them is enough", () => {
  assert.deepEqual(runs({ first: 2, every: 5, interval: 300 }, 12), [0, 1, 4, 5, 8, 10]);
});

test("RL-26 the largest and negative values do no harm", () => {
  const max = Number.MAX_SAFE_INTEGER;
  assert.deepEqual(runs({ interval: max }, 5), [0]);
  assert.deepEqual(runs({ interval: Infinity }, 5), [0]);
  assert.deepEqual(runs({ every: max }, 5), [0]);
  assert.deepEqual(runs({ first: max }, 3), [0, 1, 2]);
  assert.deepEqual(runs({ first: -1, every: -1, interval: -1 }, 5), [0]);
});

test("RL-26 the interval is counted from the end of the function", () => {
  using clock = virtualClock();
  const sometimes = new rate.Sometimes({ interval: 100 });
  let ran = 0;
  sometimes.do(() => (ran++, clock.skip(80)));
  clock.skip(90);
  sometimes.do(() => ran++);
  assert.equal(ran, 1);
  clock.skip(10);
  sometimes.do(() => ran++);
  assert.equal(ran, 2);
});

test("RL-26 what the function throws is thrown, and that time does not count", () => {
  const sometimes = new rate.Sometimes();
  const error = new Error("no");
  for (let i = 0; i < 2; i++) {
    assert.throws(
      () =>
        sometimes.do(() => {
          throw error;
        }),
      (e) => e === error,
    );
  }
  let ran = 0;
  sometimes.do(() => ran++);
  sometimes.do(() => ran++);
  assert.equal(ran, 1);
});

test("RL-26 an option that is no number is refused", () => {
  for (const name of ["first", "every", "interval"]) {
    assert.throws(() => new rate.Sometimes({ [name]: NaN }), {
      name: "RangeError",
      message: `rate: Sometimes: ${name} must be a number, got NaN`,
    });
  }
});
