// When nothing is left that could wake a goroutine.

import assert from "node:assert/strict";
import { test } from "node:test";
import { node } from "../support/child.js";

const life = (name: string) => node("life.mjs", [name]);

test("RT-20 RT-48 after main's goexit others carry on; when none is left, that is a deadlock of its own", async () => {
  const { code, stdout, stderr } = await life("mainExits");
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "others go on\n" });
  assert.match(stderr, /^fatal error: no goroutines \(main called runtime\.Goexit\) - deadlock!\n/);
});

test("RT-20 after main's goexit, others that wait for ever are asleep", async () => {
  const { code, stderr } = await life("mainExitsOthersBlock");
  assert.equal(code, 2);
  assert.match(stderr, /^fatal error: all goroutines are asleep - deadlock!\n/);
});

test("RT-17 RT-21 RT-27 when all goroutines wait and nothing is left to wake one: report, exit code 2", async () => {
  const table: [string, number][] = [
    ["deadlock", 1],
    ["deadlockSelect", 1],
    ["deadlockAfterWork", 3],
    ["deadlockForeignPromise", 1],
    ["deadlockUnref", 1],
  ];
  for (const [name, count] of table) {
    const { code, stdout, stderr } = await life(name);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" }, name);
    assert.match(
      stderr,
      new RegExp(`^fatal error: all goroutines are asleep - deadlock!\\n\\ngoroutines: ${count}`),
      name,
    );
  }
});

test("TM-33 timers that nobody waits on do not hide a deadlock", async () => {
  const { code, stderr } = await life("deadlockLazyTimer");
  assert.equal(code, 2);
  assert.match(stderr, /deadlock!/);
});

test("RT-24 a live handle of the host, or a timer that is armed, is no deadlock", async () => {
  assert.deepEqual(await life("handleKeepsAlive"), { code: 0, stdout: "from the host\n", stderr: "" });
  assert.deepEqual(await life("afterFuncKeepsAlive"), { code: 0, stdout: "from a timer\n", stderr: "" });
});

test("RT-23 goroutines that wait for ever while main lives are no deadlock", async () => {
  assert.deepEqual(await life("partial"), { code: 0, stdout: "done\n", stderr: "" });
});

test("RT-24 main's own signal handlers do not count as something that could wake a goroutine", async () => {
  const { code, stderr } = await node("signals.mjs", ["doesNotCount"]);
  assert.equal(code, 2);
  assert.match(stderr, /deadlock!/);
});
