// What the style asks of every file of src, as far as it can be told from the text; formatting and lint see to the rest.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => `src/${file.replaceAll("\\", "/")}`)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
  .map((file) => ({ file, text: readFileSync(file, "utf8") }));

/** Lines of code (comments left out) that match, as "file:line: text". */
function lines(pattern: RegExp, except: readonly string[] = []): string[] {
  return files
    .filter(({ file }) => !except.includes(file))
    .flatMap(({ file, text }) => {
      const code = text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, ""));
      return code.split("\n").flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : []));
    });
}

test("every file of src says in its first line what it is", () => {
  const silent = files.filter(({ text }) => !/^(#!.*\n)?\/\/ \S.*[.:]/.test(text));
  assert.deepEqual(
    silent.map(({ file }) => file),
    [],
  );
});

test("every file of src has at most 500 lines, and no line of more than 130 columns", () => {
  for (const { file, text } of files) {
    const all = text.split("\n");
    assert.ok(all.length <= 501, `${file} has ${all.length - 1} lines`);
    all.forEach((line, i) => assert.ok(line.length <= 130, `${file}:${i + 1} has ${line.length} columns`));
  }
});

test("files of src are named by lower-case nouns, none of them a drawer for everything", () => {
  for (const { file } of files) {
    assert.match(basename(file, ".ts"), /^[a-z]+$/, file);
    assert.doesNotMatch(file, /\b(utils?|helpers?|common|misc|manager|impl)\b/);
  }
});

test("src exports by name, and only classes that users make have a name of their own outside", () => {
  assert.deepEqual(lines(/\bexport default\b/), []);
});

test("src has no `using`, which costs a helper a file on its target, and no parameter property, enum or namespace", () => {
  assert.deepEqual(lines(/\b(await )?using \w+ =/), []);
  assert.deepEqual(lines(/^\s*(export )?(const )?(enum|namespace) \w/), []);
});

test("nobody in src races promises: who loses would stay", () => {
  assert.deepEqual(lines(/\bPromise\.(race|any)\b/), []);
});

test("only the seam makes promises that can be resolved from outside: park and slice; and the dump, for itself", () => {
  const seam = ["src/internal/rt/park.ts", "src/internal/rt/slice.ts", "src/runtime/detail.ts", "src/parallel/dump.ts"];
  assert.deepEqual(lines(/\bnew Promise\b|\bPromise\.withResolvers\b/, seam), []);
});

test("only the host and the command name what belongs to a platform", () => {
  const platform = [
    "src/internal/host/host.ts",
    "src/internal/host/worker.ts",
    ...files.map(({ file }) => file).filter((file) => file.startsWith("src/cli/")),
  ];
  assert.deepEqual(
    lines(
      /\b(process|setTimeout|setImmediate|queueMicrotask|MessageChannel|performance|navigator)\b(?!["'`:])/,
      platform,
    ),
    [],
  );
});
