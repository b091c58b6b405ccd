// How main ends a program, and how goexit ends a goroutine.

import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "gort";
import { ended, node, program, start } from "./support/child.js";

const life = (name: string) => node("life.mjs", [name]);

test("RT-28 main's return ends the program with exit code 0, whatever others do", async () => {
  for (const name of ["returns", "returnsSync", "returnsThenable", "returnsWhileOthersRun"]) {
    assert.deepEqual(await life(name), { code: 0, stdout: "done\n", stderr: "" }, name);
  }
});

test("RT-28 main's return leaves process.exitCode as it is", async () => {
  assert.equal((await life("exitCode")).code, 7);
});

test("RT-29 process.exit ends the program at once, without finally blocks", async () => {
  assert.deepEqual(await life("exits"), { code: 3, stdout: "", stderr: "" });
});

test("main's return and a panic flush what was written to stdout, however slow its reader", async () => {
  for (const [name, code] of [
    ["floods", 0],
    ["floodsThenPanics", 2],
  ] as const) {
    const child = start([program("life.mjs"), name]);
    child.stdout?.pause();
    const end = ended(child);
    child.stdout?.pause();
    await new Promise((resolve) => child.stdout?.once("readable", resolve));
    child.stdout?.resume();
    const { stdout, code: got } = await end;
    assert.equal(got, code);
    assert.equal(stdout.length, 1_288_890 + 4);
    assert.ok(stdout.endsWith("199999\nend\n"));
  }
});

test("RT-47 goexit ends its goroutine only, and its finally blocks run", async () => {
  assert.deepEqual(await life("exitsGoroutine"), {
    code: 0,
    stdout: "is an error: false\nfinally\nmain goes on\n",
    stderr: "",
  });
});

test("RT-47 a catch that swallows goexit cancels it", async () => {
  assert.deepEqual(await life("exitSwallowed"), { code: 0, stdout: "still here\n", stderr: "" });
});

test("RT-48 after main's goexit a panic in another goroutine still ends the program", async () => {
  const { code, stderr } = await life("mainExitsOtherPanics");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: boom\n/);
});

test("RT-49 a panic in a finally block that goexit runs is a panic", async () => {
  const { code, stderr } = await life("mainExitsFinallyPanics");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: in finally\n/);
});

test("RT-50 goexit in a finally block drops the panic", async () => {
  const { code, stderr } = await life("mainExitDropsPanic");
  assert.equal(code, 2);
  assert.match(stderr, /^fatal error: no goroutines \(main called runtime\.Goexit\)/);
  assert.doesNotMatch(stderr, /boom/);
});

test("main refuses a second call", async () => {
  const source = `import { main } from "gort";
main(async () => console.log("the first runs"));
try { main(async () => console.log("the second runs")); } catch (error) { console.log(error.message); }`;
  const { code, stdout, stderr } = await ended(start(["--input-type=module", "--eval", source]));
  assert.deepEqual(
    { code, stdout, stderr },
    { code: 0, stdout: "main: called twice; a program has one main goroutine\nthe first runs\n", stderr: "" },
  );
});

test("main refuses what is not a function", () => {
  assert.throws(() => main(undefined as never), {
    name: "TypeError",
    message: "main: expected a function, got undefined",
  });
});
