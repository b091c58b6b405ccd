import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatDuration,
  hour,
  microsecond,
  millisecond,
  minute,
  nanosecond,
  parseDuration,
  roundDuration,
  second,
  truncateDuration,
} from "gort/time";
import { seeded } from "../support/seed.js";

test("the units are milliseconds", () => {
  assert.deepEqual(
    [nanosecond, microsecond, millisecond, second, minute, hour],
    [1e-6, 1e-3, 1, 1000, 60_000, 3_600_000],
  );
});

test("TM-47 formatDuration writes what Go prints", () => {
  const table: [number, string][] = [
    [0, "0s"],
    [-0, "0s"],
    [1 * nanosecond, "1ns"],
    [1100 * nanosecond, "1.1µs"],
    [2200 * microsecond, "2.2ms"],
    [3300, "3.3s"],
    [4 * minute + 5 * second, "4m5s"],
    [4 * minute + 5001, "4m5.001s"],
    [5 * hour + 6 * minute + 7001, "5h6m7.001s"],
    [8 * minute + nanosecond, "8m0.000000001s"],
    [0.5, "500µs"],
    [999.999999, "999.999999ms"],
    [1000, "1s"],
    [minute, "1m0s"],
    [hour, "1h0m0s"],
    [100 * hour, "100h0m0s"],
    [-1.5, "-1.5ms"],
    [-hour, "-1h0m0s"],
    [0.0000001, "0s"],
    [Infinity, "Inf"],
    [-Infinity, "-Inf"],
  ];
  for (const [ms, text] of table) assert.equal(formatDuration(ms), text, `${ms}`);
  assert.throws(() => formatDuration(Number.NaN), RangeError);
});

test("TM-48 parseDuration reads signs, fractions, all units, and sums of them", () => {
  const table: [string, number][] = [
    ["0", 0],
    ["+0", 0],
    ["-0", 0],
    ["5s", 5000],
    ["30s", 30_000],
    ["1478s", 1_478_000],
    ["-5s", -5000],
    ["+5s", 5000],
    ["5.0s", 5000],
    ["5.6s", 5600],
    ["5.s", 5000],
    [".5s", 500],
    ["1.004s", 1004],
    ["1.0040s", 1004],
    ["100.00100s", 100_001],
    ["10ns", 10 * nanosecond],
    ["11us", 0.011],
    ["12µs", 0.012],
    ["12μs", 0.012],
    ["13ms", 13],
    ["14s", 14_000],
    ["15m", 15 * minute],
    ["16h", 16 * hour],
    ["3h30m", 3.5 * hour],
    ["10.5s4m", 4 * minute + 10_500],
    ["-2m3.4s", -(2 * minute + 3400)],
    ["1h2m3s4ms5us6ns", hour + 2 * minute + 3004.005006],
    ["39h9m14.425s", 39 * hour + 9 * minute + 14_425],
    ["0.3333333333333333333h", 20 * minute],
    ["0.100000000000000000000h", 6 * minute],
    ["0.9007199254740993h", 0.9007199254740993 * hour],
  ];
  for (const [text, ms] of table) {
    const got = parseDuration(text);
    assert.ok(Math.abs(got - ms) < nanosecond / 2, `${text}: ${got}, not ${ms}`);
  }
});

test("TM-48 parseDuration refuses all else in Go's words", () => {
  const table: [string, string][] = [
    ["", 'time: invalid duration ""'],
    ["3", 'time: missing unit in duration "3"'],
    ["-", 'time: invalid duration "-"'],
    ["s", 'time: invalid duration "s"'],
    [".", 'time: invalid duration "."'],
    ["-.", 'time: invalid duration "-."'],
    [".s", 'time: invalid duration ".s"'],
    ["+.s", 'time: invalid duration "+.s"'],
    ["1d", 'time: unknown unit "d" in duration "1d"'],
    ["3x", 'time: unknown unit "x" in duration "3x"'],
    ["1s ", 'time: unknown unit "s " in duration "1s "'],
    [" 1s", 'time: invalid duration " 1s"'],
    ["--1s", 'time: invalid duration "--1s"'],
    ["1h-1m", 'time: unknown unit "h-" in duration "1h-1m"'],
    ["1toString", 'time: unknown unit "toString" in duration "1toString"'],
  ];
  for (const [text, message] of table) assert.throws(() => parseDuration(text), { message }, text);
});

test("TM-48 what formatDuration writes, parseDuration reads back", () =>
  seeded(async ({ below: random }) => {
    for (let i = 0; i < 2000; i++) {
      const ms = (random(2 ** 31) * 10 ** (random(7) - 6)) / (random(2) === 0 ? 1 : -1);
      const text = formatDuration(ms);
      assert.ok(Math.abs(parseDuration(text) - ms) <= nanosecond, `${ms} -> ${text} -> ${parseDuration(text)}`);
      assert.equal(formatDuration(parseDuration(text)), text);
    }
  }));

test("TM-49 truncateDuration rounds towards zero, roundDuration to the nearest with halves away from zero", () => {
  const day = 24 * hour;
  assert.equal(truncateDuration(2 * minute + 29_999, minute), 2 * minute);
  assert.equal(truncateDuration(-(2 * minute + 29_999), minute), -2 * minute);
  assert.equal(truncateDuration(1234.5678, millisecond), 1234);
  assert.equal(truncateDuration(day + 1, hour), day);
  assert.equal(roundDuration(1500, second), 2000);
  assert.equal(roundDuration(-1500, second), -2000);
  assert.equal(roundDuration(1499.9, second), 1000);
  assert.equal(roundDuration(-1499.9, second), -1000);
  for (const unit of [0, -1]) {
    assert.equal(truncateDuration(1234.5, unit), 1234.5);
    assert.equal(roundDuration(1234.5, unit), 1234.5);
  }
  for (const ms of [Infinity, -Infinity]) {
    assert.equal(truncateDuration(ms, second), ms);
    assert.equal(roundDuration(ms, second), ms);
  }
});
