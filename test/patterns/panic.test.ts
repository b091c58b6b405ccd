// What a stage does with an error that nobody asked to be told of: Go's panic.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gortRun } from "../support/transcript.js";

async function run(body: string): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const folder = mkdtempSync(join(tmpdir(), "gort-panic-"));
  const file = join(folder, "program.mjs");
  const head = `import { chan, GoPanic, main } from "gort";\nimport * as patterns from "gort/patterns";\n`;
  writeFileSync(file, `${head}main(async (ctx) => {\n${body}\n});\n`);
  try {
    return await gortRun(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("an error of a stage's function", { concurrency: 2 }, () => {
  const boom = `throw new Error("boom");`;
  const oops = `throw new GoPanic("oops", "ERR_OOPS");`;
  const cases: [name: string, program: string, panic: string][] = [
    [
      "without onError",
      `for await (const _ of patterns.map(ctx, patterns.from(ctx, [1]), () => { ${boom} }));`,
      "boom",
    ],
    ["of a source", `for await (const _ of patterns.from(ctx, (function* () { ${boom} })()));`, "boom"],
    [
      "a GoPanic, although there is onError",
      `for await (const _ of patterns.map(ctx, patterns.from(ctx, [1]), () => { ${oops} }, { onError() {} }));`,
      "oops",
    ],
    [
      "a GoPanic of one of several workers",
      `for await (const _ of patterns.map(ctx, patterns.from(ctx, [1]), () => { ${oops} }, { workers: 2 }));`,
      "oops",
    ],
    [
      "a GoPanic in a pipeline",
      `await patterns.pipeline(ctx, [1]).map(() => { ${oops} }).run().catch(() => {});`,
      "oops",
    ],
    [
      "a GoPanic of a pool's job",
      `await new patterns.WorkerPool(() => { ${oops} }, { max: 1 }).submit(ctx, 1).catch(() => {});`,
      "oops",
    ],
    ["a GoPanic in forEach", `await patterns.forEach(ctx, [1], () => { ${oops} }).catch(() => {});`, "oops"],
  ];
  for (const [name, program, panic] of cases) {
    test(`RT-31 ${name}: a panic of the program, and nobody goes on`, async () => {
      const { stdout, stderr, code } = await run(`${program}\nconsole.log("went on");`);
      assert.match(stderr, new RegExp(`^panic: ${panic}\n\ngoroutine \\d+ \\[running\\]:\n`));
      assert.deepEqual([stdout, code], ["", 2]);
    });
  }
});
