// The digest program: on a tree with odd names against md5sum and sha256sum, interrupted, and with bad input.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gortRun, root } from "../support/transcript.js";

const program = `${root}examples/digest.ts`;
const unix = process.platform !== "win32";
const hasSums = spawnSync("sha256sum", ["--version"]).status === 0 && spawnSync("md5sum", ["--version"]).status === 0;

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "gort-digest-"));
});
after(() => {
  if (unix) execFileSync("rm", ["-rf", folder]); // node's own does not reach paths beyond the limit
  else rmSync(folder, { recursive: true });
});

describe("digest", { concurrency: 2 }, () => {
  test(
    "program 26: the digests are those of md5sum and sha256sum, whatever the names",
    { skip: !hasSums },
    async () => {
      const tree = join(folder, "odd");
      mkdirSync(join(tree, "a b", "deep", "deeper"), { recursive: true });
      mkdirSync(join(tree, "empty folder"));
      for (const name of [
        "plain",
        " lead and trail ",
        "-dash",
        "ünï 日本 🙂",
        "back\\slash",
        "line\nbreak",
        "'quotes\"",
        "*",
      ]) {
        writeFileSync(join(tree, name), `I am ${name}`);
        writeFileSync(join(tree, "a b", "deep", `${name}.txt`), `I am ${name}, below`);
      }
      writeFileSync(join(tree, "a b", "empty"), "");
      writeFileSync(join(tree, "a b", "deep", "deeper", "large"), Buffer.alloc(3_000_001, "gort"));
      if (process.platform === "linux") writeFileSync(Buffer.from(`${tree}/not text \xff`, "latin1"), "bytes");
      for (let i = 0; i < 100; i++) appendFileSync(join(tree, "a b", `many ${i}`), `${i}`.repeat(i));
      symlinkSync("plain", join(tree, "link to a file"));
      symlinkSync("..", join(tree, "a b", "link to a folder above"));
      symlinkSync("nowhere", join(tree, "broken link"));
      execFileSync("mkfifo", [join(tree, "pipe")]); // opened, it would block for ever

      for (const algorithm of ["md5", "sha256"]) {
        const command = `find odd -type f -print0 | LC_ALL=C sort -z | xargs -0 ${algorithm}sum`;
        const expected = execFileSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
        for (const limit of ["1", "3", "20", "1000"]) {
          const args = ["--algorithm", algorithm, "--limit", limit, "odd"];
          assert.deepEqual(await gortRun(program, args, folder), {
            stdout: expected,
            stderr: "",
            code: 0,
            signal: null,
          });
        }
      }
    },
  );

  test("program 26: paths begin with PATH as it was given", async () => {
    mkdirSync(join(folder, "prefix", "sub"), { recursive: true });
    writeFileSync(join(folder, "prefix", "sub", "file"), "");
    const none = "d41d8cd98f00b204e9800998ecf8427e";
    for (const [given, printed] of [
      ["prefix", "prefix/sub/file"],
      ["prefix/", "prefix/sub/file"],
      ["./prefix/sub/file", "./prefix/sub/file"],
      [`${folder}/prefix`, `${folder}/prefix/sub/file`],
    ] as const) {
      const { stdout } = await gortRun(program, ["--algorithm=md5", given], folder);
      assert.equal(stdout, `${none}  ${printed}\n`);
    }
  });

  test(
    "program 26: what cannot be read is reported, and all the rest digested; exit code 1",
    { skip: !unix },
    async () => {
      // A folder whose path is too long to be opened: unlike permissions, that stops root as well.
      const script =
        'd=$(printf "%0250d" 0); mkdir long && touch long/file && cd long && for i in $(seq 20); do mkdir $d && cd -P $d || exit 1; done';
      execFileSync("bash", ["-c", script], { cwd: folder });
      const { stdout, stderr, code } = await gortRun(program, ["--algorithm", "md5", "long"], folder);
      assert.equal(stdout, "d41d8cd98f00b204e9800998ecf8427e  long/file\n");
      assert.match(stderr, /^digest: long\/0{250}\/[0/]+: name too long\n$/);
      assert.equal(code, 1);
    },
  );

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(
      `program 26: ${signal} stops it in the middle, with exit code ${code} and nothing on stdout`,
      { skip: !unix },
      async () => {
        const tree = join(folder, signal);
        mkdirSync(tree);
        writeFileSync(join(tree, "small"), "small");
        writeFileSync(join(tree, "huge"), "");
        truncateSync(join(tree, "huge"), 2 ** 37); // takes minutes to read, and no room on the disk

        // What it believes to be a terminal shows that it has begun.
        const terminal = "--import=data:text/javascript,process.stderr.isTTY=true";
        const child = spawn(process.execPath, [terminal, `${root}dist/cli/main.js`, "run", program, tree], {
          stdio: ["ignore", "pipe", "pipe"],
          timeout: 60_000,
        });
        let stdout = "";
        let stderr = "";
        let sent = false;
        child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          stderr += text;
          if (!sent && stderr.includes("1 files, ")) sent = child.kill(signal);
        });
        const ended = await new Promise((resolve) => child.on("close", (...how) => resolve(how)));

        assert.deepEqual(ended, [code, null], stderr);
        assert.equal(stdout, "");
        const erase = "\r\x1b[K";
        const [first, ...shown] = stderr.split(erase);
        assert.equal(first, "");
        assert.equal(shown.pop(), `digest: stopped after 1 files: received ${signal}\n`);
        for (const line of shown) assert.match(line, /^[01] files, \d+\.\d MB, \d+\.\d MB\/s$/);
      },
    );
  }

  for (const [args, message] of [
    [[], "expected one PATH, got 0"],
    [["a", "b"], "expected one PATH, got 2"],
    [["nowhere"], "nowhere: no such file or directory"],
    [[""], "expected a PATH, got an empty one"],
    [[`${root}LICENSE/below`], `${root}LICENSE/below: not a directory`],
    ...(unix ? [[["/dev/null"], "/dev/null is neither a directory nor a regular file"] as const] : []),
    [["--limit", "0", "."], '--limit must be an integer from 1 to 9999, got "0"'],
    [["--limit=-1", "."], '--limit must be an integer from 1 to 9999, got "-1"'],
    [["--limit", "1.5", "."], '--limit must be an integer from 1 to 9999, got "1.5"'],
    [["--limit", "1e3", "."], '--limit must be an integer from 1 to 9999, got "1e3"'],
    [["--limit", "10000", "."], '--limit must be an integer from 1 to 9999, got "10000"'],
    [["--limit=", "."], '--limit must be an integer from 1 to 9999, got ""'],
    [["--algorithm", "MD4", "."], '--algorithm must be md5 or sha256, got "MD4"'],
    [["--fast", "."], "Unknown option '--fast'"],
  ] as const) {
    test(`program 26: digest ${args.join(" ")} is refused: ${message.replace(root, "")}`, async () => {
      const { stdout, stderr, code } = await gortRun(program, args);
      assert.equal(stdout, "");
      assert.equal(stderr.slice(0, `digest: ${message}`.length), `digest: ${message}`);
      assert.match(stderr, /\nusage: gort run examples\/digest\.ts .*PATH\n$/);
      assert.equal(code, 2);
    });
  }

  test("program 26: digest --help shows the usage", async () => {
    for (const help of ["--help", "-h"]) {
      const { stdout, stderr, code } = await gortRun(program, [help]);
      assert.match(stdout, /^usage: gort run examples\/digest\.ts \[--algorithm md5\|sha256\] \[--limit N\] PATH\n$/);
      assert.deepEqual([stderr, code], ["", 0]);
    }
  });
});
