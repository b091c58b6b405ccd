// What the detailed mode of `gort run` reports.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dump, goroutines, leaks, stack } from "gort/runtime";
import { command, gortRun, program } from "../support/child.js";

/** The paragraphs of a report, with the paths of programs cut down to their names. */
function paragraphs(stderr: string): string[] {
  return stderr
    .replaceAll(/file:\/\/\S*\/test\/programs\//g, "")
    .trimEnd()
    .split("\n\n");
}

const createdBy = (line: number) => `created by start in goroutine 1\n    at start (sites.ts:${line}:3)`;

test("RT-17 RT-26 a deadlock's report under gort run names each goroutine, its state, where it waits and where it was started", async () => {
  const { code, stdout, stderr } = await gortRun("sites.ts");
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
  const [title, ...each] = paragraphs(stderr);
  assert.equal(title, "fatal error: all goroutines are asleep - deadlock!");
  assert.deepEqual(each.slice(0, 6), [
    "goroutine 1 [sync.WaitGroup.Wait]:\n    at async start (sites.ts:47:3)",
    `goroutine 2 [chan receive]:\n    at async receiver (sites.ts:12:20)\n${createdBy(27)}`,
    `goroutine 3 [chan send]:\n    at async sender (sites.ts:17:3)\n${createdBy(28)}`,
    `goroutine 4 [select]:\n    at async deeper (sites.ts:21:3)\n    at async sites.ts:30:5\n${createdBy(29)}`,
    `goroutine 5 [select (no cases)]:\n    at async sites.ts:33:5\n${createdBy(32)}`,
    `goroutine 6 [sleep]:\n    at async sites.ts:36:5\n${createdBy(35)}`,
  ]);
  assert.equal(each.length, 9);
});

test("RT-26 CH-23 the state of a goroutine that waits on the nil channel says so", async () => {
  const { stderr } = await gortRun("sites.ts");
  const [, ...each] = paragraphs(stderr);
  assert.equal(each[6], `goroutine 7 [chan receive (nil chan)]:\n    at async sites.ts:39:5\n${createdBy(38)}`);
  assert.equal(each[7], `goroutine 8 [chan send (nil chan)]:\n    at async sites.ts:42:5\n${createdBy(41)}`);
});

test("RT-26 the state of a goroutine that waits on a promise of others is await", async () => {
  const { stderr } = await gortRun("sites.ts");
  const [, ...each] = paragraphs(stderr);
  assert.equal(each[8], `goroutine 9 [await]:\n${createdBy(44)}`);
});

test("RT-20 after main's goexit the report names those goroutines that are left", async () => {
  const none = paragraphs((await gortRun("life.mjs", ["mainExits"])).stderr);
  assert.deepEqual(none, ["fatal error: no goroutines (main called runtime.Goexit) - deadlock!"]);
  const [, ...left] = paragraphs((await gortRun("life.mjs", ["mainExitsOthersBlock"])).stderr);
  assert.equal(left.length, 1);
  assert.match(left[0] as string, /^goroutine 2 \[chan receive/);
});

test("RT-31 RT-57 a panic's report under gort run has the goroutine's number, and who started it where", async () => {
  const { code, stderr } = await gortRun("life.mjs", ["goroutineThrows"]);
  assert.equal(code, 2);
  const text = stderr.replaceAll(/file:\/\/\S*\/test\/programs\//g, "");
  assert.match(
    text,
    /^panic: boom\n\ngoroutine 2 \[running\]:\n {4}at worker \(life\.mjs:\d+:15\)\ncreated by goroutineThrows in goroutine 1\n {4}at goroutineThrows \(life\.mjs:\d+:5\)\n+$/,
  );
  const main = await gortRun("life.mjs", ["throwsError"]);
  assert.match(main.stderr, /^panic: boom\n\ngoroutine 1 \[running\]:\n {4}at throwsError \(.*\)\n+$/);
});

test("gort run --quiet gives the short reports", async () => {
  const { code, stderr } = await command(["run", "--quiet", program("sites.ts")]);
  assert.equal(code, 2);
  assert.match(stderr, /^fatal error: all goroutines are asleep - deadlock!\n\ngoroutines: 9; .*\n+$/);
});

test("a dump disturbs none of those who have been woken, and stand in line as the slice is over", async () => {
  assert.deepEqual(await gortRun("dump-woken.ts"), { code: 0, stdout: "200 true\n", stderr: "" });
});

test("RT-56 RT-1 RT-57 R5 under gort run stack, goroutines and dump tell of each goroutine, and disturb none", async () => {
  const { code, stdout, stderr } = await gortRun("stacks.ts");
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.deepEqual(
    stdout
      .replaceAll(/file:\/\/\S*\/test\/programs\//g, "")
      .trimEnd()
      .split("\n"),
    [
      "own: goroutine 3 [running]:",
      "goroutine 1 [running]:",
      "    at stacks.ts:29:15",
      "all",
      "1 running - false",
      "2 chan receive 1 true",
      "4 chan receive 1 true",
      "5 chan receive 4 true",
      "goroutine 1 [running]:",
      "goroutine 2 [chan receive]:",
      "goroutine 4 [chan receive]:",
      "goroutine 5 [chan receive]:",
      "true",
      "true",
      "1",
    ],
  );
});

test("R7 leaks finds the goroutines that wait on channels nobody knows, and no others", async () => {
  const { code, stdout, stderr } = await gortRun("leaks.mjs");
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.equal(stdout, "2 chan receive by 1 leaks.mjs:27:3\n3 chan send by 1 leaks.mjs:28:3\n6 goroutines\n");
});

test("outside the detailed mode stack gives the caller's frames, and the rest knows nothing", async () => {
  const text = stack();
  assert.match(text, /^goroutine \[running\]:\n {4}at .*detail\.test\.js:\d+:\d+/);
  assert.doesNotMatch(text, /dist\//);
  assert.match(await dump(), /^goroutine \[running\]:\n/);
  assert.deepEqual(goroutines(), []);
  assert.deepEqual(await leaks(), []);
});
