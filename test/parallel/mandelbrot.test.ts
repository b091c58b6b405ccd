// One picture of examples/mandelbrot.ts, on one, two and four processors.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { command, folder } from "../support/child.js";

test("the Mandelbrot set looks the same on one, two and four processors", async () => {
  using at = folder({});
  const draw = async (procs: number) => {
    const out = at.path(`${procs}.pgm`);
    const args = ["run", "examples/mandelbrot.ts", "--width", "181", "--height", "121", "--out", out];
    const ended = await command(args, { env: { GOMAXPROCS: String(procs) } });
    assert.deepEqual(ended, { code: 0, stdout: "", stderr: "" });
    return readFileSync(out, "latin1");
  };
  const picture = await draw(1);
  const header = "P5\n181 121\n255\n";
  assert.ok(picture.startsWith(header));
  const rows = new Set(picture.slice(header.length).match(/[^]{181}/g));
  assert.ok(rows.size > 55, "it has a different row in each place of a half");
  for (const procs of [2, 4]) assert.ok(picture === (await draw(procs)), `${procs} processors draw another picture`);
});
