// What a program says when it dies of an error.

import assert from "node:assert/strict";
import { test } from "node:test";
import { node } from "../support/child.js";

const life = (name: string) => node("life.mjs", [name]);

test("RT-31 an error that main does not catch is a panic: report on stderr, exit code 2", async () => {
  for (const name of ["throwsError", "throwsSync"]) {
    const { code, stdout, stderr } = await life(name);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    assert.match(
      stderr,
      new RegExp(`^panic: boom\\n\\ngoroutine \\[running\\]:\\n {4}at ${name} \\(.*life\\.mjs:\\d+:\\d+\\)\\n`),
    );
    assert.doesNotMatch(stderr, /node:|dist\//);
  }
});

test("RT-31 RT-32 a panic in any goroutine ends the program, after its own finally blocks and without those of others", async () => {
  const { code, stdout, stderr } = await life("goroutineThrows");
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "finally of the goroutine\n" });
  assert.match(stderr, /^panic: boom\n\ngoroutine \[running\]:\n {4}at worker \(.*life\.mjs:\d+:\d+\)\n/);
});

test("RT-33 a panic is reported in full though main returns meanwhile", async () => {
  const { code, stderr } = await life("goroutineThrowsAsMainReturns");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: boom\n\ngoroutine \[running\]:\n {4}at .*life\.mjs:\d+:\d+/);
});

test("RT-31 a thenable that fails is a goroutine that fails", async () => {
  const { code, stderr } = await life("thenableFails");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: boom\n/);
});

test("RT-22 a panic while another goroutine spins is reported as a panic", async () => {
  const { code, stderr } = await life("panicWhileOthersSpin");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: boom\n/);
  assert.doesNotMatch(stderr, /deadlock/);
});

test("RT-44 RT-46 RT-51 a panic's report begins with the value, whatever it is", async () => {
  const table: [string, string][] = [
    ["throwsTypeError", "TypeError: Cannot read properties of undefined (reading 'x')"],
    ["throwsGoPanic", "send on closed channel"],
    ["throwsOwnPanic", "my words"],
    ["throwsString", "just text"],
    ["throwsNumber", "(number) 42"],
    ["throwsObject", "(object) [object Object]"],
    ["throwsUndefined", "(undefined) undefined"],
    ["throwsNull", "(object) null"],
    ["throwsSymbol", "(symbol) Symbol(sign)"],
    ["throwsLines", "one\n\ttwo\n\tthree"],
  ];
  for (const [name, title] of table) {
    const { code, stdout, stderr } = await life(name);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" }, name);
    assert.ok(stderr.startsWith(`panic: ${title}\n\ngoroutine [running]:\n`), `${name}: ${stderr}`);
  }
});

test("RT-45 a value that fails to print does not stop the report", async () => {
  for (const name of ["throwsUnprintable", "throwsBareObject"]) {
    const { code, stderr } = await life(name);
    assert.match(stderr, /^panic: .*panic while printing panic value/, name);
    assert.match(stderr, /goroutine \[running\]:\n/, name);
    assert.equal(code, 2, name);
  }
});

test("RT-40 a panic's report shows the causes of the error, each with its frames", async () => {
  const { code, stderr } = await life("throwsCause");
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^panic: outer\n\ngoroutine \[running\]:\n {4}at .*\n\ncaused by: TypeError: middle\n {4}at .*\n\ncaused by: inner\n/,
  );
});

test("a panic's report of an error that is its own cause comes to an end", async () => {
  const { code, stderr } = await life("throwsCircle");
  assert.match(stderr, /^panic: circle\n\ngoroutine \[running\]:\n/);
  assert.ok(stderr.length < 10_000);
  assert.equal(code, 2);
});

test("a panic's report of an AggregateError shows all its errors", async () => {
  const { code, stderr } = await life("throwsAggregate");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: AggregateError: both\n/);
  assert.match(stderr, /\ncaused by: first\n {4}at .*\n\ncaused by: RangeError: second\n {4}at /);
});

test("a panic can be caught, by name, message and code", async () => {
  const { stdout } = await life("caught");
  assert.equal(stdout, "GoPanic send on closed channel ERR_SEND_ON_CLOSED_CHANNEL\n");
});

test("RT-14 go(undefined) is fatal: no catch holds it", async () => {
  const { code, stdout, stderr } = await life("goUndefined");
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "exit 2\n" });
  assert.match(
    stderr,
    /^fatal error: go of nil func value\n\ngoroutine \[running\]:\n {4}at goUndefined \(.*life\.mjs:\d+:7\)/,
  );
});

test("RT-14 where somebody tests for fatal errors, go(undefined) throws; when the test is over, it is fatal again", async () => {
  const { code, stdout, stderr } = await life("goUndefinedTested");
  assert.equal(stdout, "told go of nil func value\ncaught GoPanic go of nil func value ERR_GO_NIL_FUNC\n");
  assert.equal(code, 2);
  assert.match(stderr, /^fatal error: go of nil func value\n/);
});

test("a listener for uncaughtException gets a goroutine's error instead of the report, and decides", async () => {
  assert.deepEqual(await life("watched"), { code: 0, stdout: "listener boom\nmain goes on\n", stderr: "" });
});

test("a listener for uncaughtException gets main's error, too; the end of main is no deadlock then", async () => {
  assert.deepEqual(await life("watchedMain"), { code: 0, stdout: "listener boom\n", stderr: "" });
});
