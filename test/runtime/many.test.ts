// Great numbers of goroutines and timers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { node } from "../support/child.js";

const life = (name: string, ...args: string[]) => node("life.mjs", [name, ...args]);

test("TM-30 a million after() that lose their select leave no timer behind and do not keep the program alive", async () => {
  const { code, stdout, stderr } = await life("millionAfter");
  assert.equal(stdout, "0\n");
  assert.match(stderr, /deadlock!/);
  assert.equal(code, 2);
});

for (const n of [100_000, 1_000_000]) {
  test(`R1 ${n} goroutines wait at once, and go on`, async () => {
    assert.deepEqual(await life("manyGoroutines", String(n)), {
      code: 0,
      stdout: `${n + 1} goroutines\nall woken\n`,
      stderr: "",
    });
  });
}
