// How programs with tasks live and end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { folder, gort, gortRun } from "../support/child.js";

const run = (name: string, env: Record<string, string> = {}) => gortRun("parallel/life.ts", [name], { env });

test("the program ends when main returns, whatever its tasks do", async () => {
  assert.deepEqual(await run("returns"), { code: 0, stdout: "3\n", stderr: "" });
});

test("an error that a task started by go does not catch is a panic of the program", async () => {
  const { code, stderr } = await run("panics");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: RangeError: thrown by a task\n/);
  assert.match(stderr, /life\.ts:\d+/);
});

test("so is one of a goroutine that a task has started", async () => {
  const { code, stderr } = await run("panicsLater");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: RangeError: thrown by a goroutine of a task\n/);
});

test("all goroutines asleep, on all threads, is a deadlock", async () => {
  for (const name of ["deadlock", "deadlockSync"]) {
    const { code, stderr } = await run(name);
    assert.equal(code, 2, name);
    assert.match(stderr, /^fatal error: all goroutines are asleep - deadlock!\n/, name);
  }
});

test("tasks and timers both keep the program waiting", async () => {
  assert.deepEqual(await run("waits"), { code: 0, stdout: "[ 3, 'timer' ]\n", stderr: "" });
});

test("a task may block its thread to send and receive; others stand in for its processor; the main thread may not", async () => {
  const { stdout, stderr } = await run("sync");
  assert.equal(stderr, "");
  assert.deepEqual(stdout.split("\n").slice(0, 3), ["499500 1000", "7", "3"]);
  assert.match(stdout, /TypeError: recvSync blocks its thread, so it is for tasks; on the main thread, await/);
});

test("the tasks of a processor that dies fail with an error that says why, and another takes its place", async () => {
  const died = "the processor that ran the task has died: its thread ended with exit code 7";
  const { code, stdout, stderr } = await run("dies");
  assert.equal(stderr, "");
  assert.equal(stdout, `ERR_PROCESSOR_DIED\n${died}\nERR_PROCESSOR_DIED\n${died}\n3\n`);
  assert.equal(code, 0);
});

test("a processor that runs out of memory takes its tasks along, and no more", async () => {
  const { code, stdout } = await run("memory", { NODE_OPTIONS: "--max-old-space-size=64" });
  assert.equal(stdout, "ERR_PROCESSOR_OUT_OF_MEMORY\n3\n");
  assert.equal(code, 0);
});

test("a task that calls process.abort fails with Node's own error, since workers may not; the program goes on", async () => {
  assert.deepEqual(await run("aborts"), { code: 0, stdout: "ERR_WORKER_UNSUPPORTED_OPERATION\n3\n", stderr: "" });
});

const crashing = { skip: process.platform === "win32" && "it has no such signals" };

test(
  "a crash of native code in a task ends the whole process by its signal, as threads share it",
  crashing,
  async () => {
    using elsewhere = folder({}); // for the core file, if the machine is set to write any
    const { code, stdout } = await gortRun("parallel/life.ts", ["crashes"], { cwd: elsewhere.dir });
    assert.deepEqual([code, stdout], ["SIGABRT", ""]);
  },
);

test(
  "a task whose child process crashes sees an ordinary error, which crosses, and the program goes on",
  crashing,
  async () => {
    using elsewhere = folder({});
    const crashed = "true SIGABRT true\n2 3\n";
    assert.deepEqual(await gortRun("parallel/life.ts", ["childCrashes", gort], { cwd: elsewhere.dir }), {
      code: 0,
      stdout: crashed,
      stderr: "",
    });
  },
);

test("what tasks print comes out in order", async () => {
  assert.deepEqual(await run("output"), {
    code: 0,
    stdout: "line 0\nline 1\nline 2\nline 3\nline 4\nmain\n",
    stderr: "",
  });
});
