// Compiled code is kept from run to run, where the host can.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import * as module from "node:module";
import { test } from "node:test";
import { command, folder } from "../support/child.js";

const hostCan = "enableCompileCache" in module;

/** Runs a program twice, and tells what is kept beside it. */
async function kept(env: Record<string, string>): Promise<string[]> {
  using dir = folder({
    "sum.ts": 'import { main } from "gort";\nmain(() => console.log(1 as number + 2));\n',
    "temporary/x": "",
  });
  const TMPDIR = dir.path("temporary");
  for (let i = 0; i < 2; i++) {
    const ended = await command(["run", dir.path("sum.ts")], { env: { TMPDIR, ...env } });
    assert.deepEqual(ended, { code: 0, stdout: "3\n", stderr: "" });
  }
  return readdirSync(TMPDIR).filter((name) => name !== "x");
}

test("gort run keeps compiled code beside other temporary files, if the host can", async () => {
  assert.deepEqual(await kept({}), hostCan ? ["node-compile-cache"] : []);
});

test("gort run keeps nothing if it shall not, nor while coverage is measured", async () => {
  assert.deepEqual(await kept({ NODE_DISABLE_COMPILE_CACHE: "1" }), []);
  using coverage = folder({});
  assert.deepEqual(await kept({ NODE_V8_COVERAGE: coverage.dir }), []);
});
