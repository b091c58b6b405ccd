// The layout of the shared memory: no two words of it lie in one place.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

test("the words of the runtime, of a record and of every kind of object are apart from each other", () => {
  const text = readFileSync("src/internal/shared/wasm/layout.ts", "utf8");
  const sections = text.split(/\n(?=\/\/ )/).filter((section) => /^export const \w+: usize = \d+;/m.test(section));
  assert.ok(sections.length >= 8, `only ${sections.length} sections were found`);
  for (const section of sections) {
    const words = new Map<string, string>();
    for (const [, name = "", at = ""] of section.matchAll(/^export const (\w+): usize = (\d+);/gm)) {
      if (/SIZE$|^(THREADS|RECORD|STRIPE|CASE|SLOT)$/.test(name)) continue; // lengths
      assert.equal(words.get(at), undefined, `${name} lies where ${words.get(at)} does: ${at}`);
      words.set(at, name);
    }
  }
});
