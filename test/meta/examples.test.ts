// Every program under examples/ runs, and prints what it says.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { checkTranscripts, compare, root, transcripts } from "../support/transcript.js";

const programs = readdirSync(`${root}examples`)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `examples/${name}`)
  .sort();

/** The programs of the inventory that must be there. */
const wanted = [1, 2, 3, 4, 5, 6, 8, 16, 17, 18, 19, 25, 26, 28];

describe("examples", { concurrency: 2 }, () => {
  const found = new Set<number>();
  for (const file of programs) {
    const source = readFileSync(root + file, "utf8");
    const [, number, rows] = /^\/\/ SPEC: program (\d+), rows? ((?:[A-Z]\d+(?:, )?)+)\.$/m.exec(source) ?? [];
    found.add(Number(number));

    test(`program ${number}: ${file} (${rows}) prints what it says`, async () => {
      await checkTranscripts(file);
    });

    test(`${file} says what it shows and how to run it`, () => {
      assert.notEqual(number, undefined, `the header of ${file} has no line "SPEC: program N, rows …."`);
      assert.match(source, /^\/\/ \S/, `${file} does not begin with what it shows`);
      assert.ok(
        source.includes(`\n// Run: gort run `) && source.includes(` ${file}`),
        `${file} does not say how to run it`,
      );
    });
  }

  test("every program that is due is there", () => {
    assert.deepEqual(
      wanted.filter((n) => !found.has(n)),
      [],
    );
  });
});

describe("transcripts", () => {
  const program = [
    'console.log("// Output:");',
    "",
    "// Output:",
    "// a …",
    "//",
    "//   b",
    "",
    "// $ gort run x.ts --twice 2",
    "// Unordered output:",
    "// c",
    "// Stderr:",
    "// d",
    "// Exit code: 2",
  ].join("\n");

  test("the comments at the end of a program tell its runs", () => {
    assert.deepEqual(transcripts(program), [
      { args: [], stdout: ["a …", "", "  b"], unordered: false, stderr: [], code: 0 },
      { args: ["--twice", "2"], stdout: ["c"], unordered: true, stderr: ["d"], code: 2 },
    ]);
    assert.deepEqual(transcripts("// Output:\n// not at the end\nrun();\n"), []);
  });

  test("lines are compared in order, or as a bag", () => {
    compare("a 1\n\n  b\n", ["a …", "", "  b"], false, "as it is");
    compare("b\na 1\nb\n", ["a …", "b", "b"], true, "in any order");
    assert.throws(() => compare("b\na 1\n", ["a …", "b"], false, "the wrong order"));
    assert.throws(() => compare("a 1\n", ["a …", "b"], false, "a line too few"));
    assert.throws(() => compare("a 1\nb\nb\n", ["a …", "b"], true, "a line too many"));
    assert.throws(() => compare("a 1\nb\n", ["a …", "b", "b"], true, "a line too few"));
    assert.throws(() => compare("axb\n", ["a.b"], false, "a dot is a dot"));
  });
});
