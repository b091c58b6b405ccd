import assert from "node:assert/strict";
import { test } from "node:test";
import { node } from "../support/child.js";
import { own } from "../suites/primitives.js";
import { waitGroups } from "../suites/waitgroup.js";

waitGroups(own);

test("WG-10 a panic in a function of go ends the program before wait returns; goexit counts as done", async () => {
  const { code, stdout, stderr } = await node("life.mjs", ["waitGroupGoPanics"]);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
  assert.match(stderr, /^panic: boom\n/);
  assert.deepEqual(await node("life.mjs", ["waitGroupGoExits"]), {
    code: 0,
    stdout: "wait has returned\n",
    stderr: "",
  });
});
