// What Node loads, and what bundlers find.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

type Entry = string | { types: string; node: string; default: string };
const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Record<string, Entry> };
const entries = Object.values(exports).filter((entry) => typeof entry !== "string");

/** The file, and all that it imports when it is loaded. */
function loaded(file: string): Set<string> {
  const all = new Set([path.normalize(file)]);
  for (const each of all) {
    for (const [, from = ""] of readFileSync(each, "utf8").matchAll(/^(?:import|export)\b[^'"]*['"](\.[^'"]+)['"]/gm)) {
      all.add(path.join(path.dirname(each), from));
    }
  }
  return all;
}

test("Node loads gort from two files, and gort/parallel from four", () => {
  assert.equal(loaded("dist/index.js").size, 2);
  const files = ["dist/parallel/index.js", "dist/node/parallel.js", "dist/node/extras.js", "dist/node/core.js"];
  assert.deepEqual([...loaded("dist/parallel/index.js")].sort(), files.map(path.normalize).sort());
});

test("what works within a thread does not load what threads share", () => {
  for (const { node } of entries.filter((entry) => !entry.node.includes("/parallel/"))) {
    assert.ok(![...loaded(node)].some((file) => file.includes("parallel")), node);
  }
});

test("every entry point is there for types, for Node and, one file a module, for bundlers, with the same names", async () => {
  for (const entry of entries) {
    for (const file of Object.values(entry)) assert.ok(existsSync(file), file);
    const [forNode, forBundlers] = await Promise.all(
      [entry.node, entry.default].map(async (file) => Object.keys((await import(path.resolve(file))) as object)),
    );
    assert.deepEqual(forNode, forBundlers);
  }
});
