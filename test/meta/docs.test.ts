// Every block of TypeScript in README.md and docs/guide compiles, runs, and prints what it says.
//
// "```ts" is a whole program: it is type-checked and run, and must print what its comments at the end say, if they
// do. "```ts no-run" is type-checked only; "```ts fragment" is neither, being no program.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { checkTranscripts, gortRun, root, transcripts } from "../support/transcript.js";

interface Block {
  /** The document, and the line in it where the block begins. */
  place: string;
  file: string;
  source: string;
  runs: boolean;
}

const folder = "build/docs"; // within the checkout, so that gort resolves
const documents = ["README.md", ...readdirSync(`${root}docs/guide`).map((name) => `docs/guide/${name}`)];
const blocks = documents.flatMap(blocksOf);

function blocksOf(document: string): Block[] {
  const text = readFileSync(root + document, "utf8");
  const found: Block[] = [];
  for (const match of text.matchAll(/^```(\w*)([^\n]*)\n(.*?)^```$/gms)) {
    const [, language, info = "", source = ""] = match;
    const line = text.slice(0, match.index).split("\n").length;
    const place = `${document}:${line}`;
    if (language !== "ts") continue;
    assert.ok(["", "no-run", "fragment"].includes(info.trim()), `${place}: unknown kind of block "${info.trim()}"`);
    if (info.trim() === "fragment") continue;
    const file = `${folder}/${document.replace(/\W/g, "-")}-${line}.ts`;
    found.push({ place, file, source, runs: info.trim() === "" });
  }
  return found;
}

before(() => {
  rmSync(root + folder, { recursive: true, force: true });
  mkdirSync(root + folder, { recursive: true });
  for (const { file, source } of blocks) writeFileSync(root + file, source);
});

describe("docs", { concurrency: 2 }, () => {
  test("the blocks of the documents, and the examples, compile under the options of the project", () => {
    const config = {
      extends: "../../tsconfig.json",
      compilerOptions: { rootDir: "../..", noEmit: true, declaration: false, isolatedDeclarations: false },
      include: ["*.ts", "../../examples/*.ts"],
    };
    writeFileSync(`${root}${folder}/tsconfig.json`, JSON.stringify(config));
    const { status, stdout } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", folder], {
      cwd: root,
      encoding: "utf8",
    });
    const placed = blocks.reduce((text, { file, place }) => text.replaceAll(file, `${file} (${place})`), stdout);
    assert.equal(status, 0, `the errors of tsc; lines count from the beginning of the block\n${placed}`);
  });

  for (const { place, file, source } of blocks.filter((block) => block.runs)) {
    test(`${place} runs${transcripts(source).length > 0 ? ", and prints what it says" : ""}`, async () => {
      if (transcripts(source).length > 0) return checkTranscripts(file);
      const { code, stderr, stdout } = await gortRun(file);
      assert.equal(code, 0, `${place}\n${stdout}${stderr}`);
    });
  }

  test("every document has programs that run", () => {
    for (const document of documents) {
      assert.ok(
        blocks.some(({ place, runs }) => runs && place.startsWith(`${document}:`)),
        `${document} has none`,
      );
    }
  });

  test("links to files within docs and examples lead somewhere", () => {
    for (const document of documents) {
      for (const [, link = ""] of readFileSync(root + document, "utf8").matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        const target = join(dirname(document), link);
        const ours = /^(docs|examples)\b/.test(target);
        assert.ok(!ours || existsSync(root + target), `${document}: no such file: ${link}`);
      }
    }
  });

  test("the deadlock that README shows is the one that examples/deadlock.ts reports", () => {
    const shown = /^```text\n(fatal error: all goroutines are asleep.*?)^```$/ms.exec(
      readFileSync(`${root}README.md`, "utf8"),
    )?.[1];
    const [reported] = transcripts(readFileSync(`${root}examples/deadlock.ts`, "utf8"));
    const places = (text: string) => text.trim().replaceAll(/\S*(?=examples\/deadlock\.ts)/g, "(");
    assert.equal(places(shown ?? ""), places(reported?.stderr.join("\n") ?? ""));
  });
});
