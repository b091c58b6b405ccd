// Tasks where users are: TypeScript and JavaScript, bundles, test runners, packages; and what each says when it cannot work.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions, transformSync } from "esbuild";
import { build as vite, type InlineConfig } from "vite";
import { ended, type Ended, folder, gort, start } from "../support/child.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A project with these files, and gort installed: in one place, or as a copy of its own in each. */
function project(files: Record<string, string>, copies: readonly string[] = []): ReturnType<typeof folder> {
  const dir = folder({ "package.json": '{ "type": "module" }', ...files });
  const link = dir.path("node_modules/gort");
  mkdirSync(dirname(link), { recursive: true });
  if (copies.length === 0) symlinkSync(root, link, "junction");
  for (const copy of copies) {
    for (const part of ["package.json", "dist"]) {
      cpSync(join(root, part), join(dir.dir, copy, "node_modules/gort", part), {
        recursive: true,
        filter: (path) => !/\.d\.ts$|vendor/.test(path),
      });
    }
  }
  return dir;
}

/** Runs this Node in a project. */
async function node({ dir }: { dir: string }, ...args: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await ended(start(args, { cwd: dir }));
  return { code, stdout, stderr: stderr.replaceAll(/(file:\/\/)?(\/private)?\/\S*gort-test-\w+\//g, "") };
}

/** A program, its tasks in two modules, and what it prints. */
const program = {
  "app.ts": `import { main } from "gort";
import { shared, task } from "gort/parallel";
import { add, fails } from "./first.ts";
import { add as join } from "./second.ts";
interface Point { x: number }
export const norm = task(import.meta, function norm(p: Point): number { return p.x * p.x; });
main(async () => {
  console.log(process.argv.slice(2).join(), await add.run(2, 3), await join.run(2, 3), await norm.run({ x: 2 }));
  const ch = shared.chan<string>();
  void ch.send("sent");
  console.log(await join.run("", ch), await fails.run().catch((error: Error) => error.message));
});
`,
  "first.ts": `import { task } from "gort/parallel";
const told: string[] = process.argv.slice(2);
export const add = task(import.meta, function add(a: number, b: number) { return a + b; });
export const fails = task(import.meta, async function fails() { throw new RangeError("as told: " + told.join()); });
`,
  "second.ts": `import { task } from "gort/parallel";
export const add = task(import.meta, async function add(a: unknown, b: { recv(): Promise<unknown> } | number) {
  return typeof b === "number" ? "second " + a + b : await b.recv();
});
`,
};
const printed: Ended = { code: 0, stdout: "x,y 5 second 23 4\nsent as told: x,y\n", stderr: "" };

async function bundled({ dir, path }: ReturnType<typeof folder>, options: BuildOptions = {}): Promise<string> {
  const defaults: BuildOptions = {
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "silent",
    absWorkingDir: dir,
  };
  const to = path("out/app.mjs");
  await build({
    ...defaults,
    entryPoints: ["app.ts"],
    ...(options.outdir === undefined ? { outfile: to } : {}),
    ...options,
  });
  return to;
}

describe("a program with tasks", { concurrency: 2 }, () => {
  test("runs from TypeScript under gort run", async () => {
    using dir = project(program);
    assert.deepEqual(await node(dir, gort, "run", "app.ts", "x", "y"), printed);
    assert.deepEqual(await node(dir, gort, "run", "--quiet", "app.ts", "x", "y"), printed);
  });

  const strips = (process.features as { typescript?: unknown }).typescript === "strip";
  test("runs from TypeScript under node, where that strips types", { skip: !strips }, async () => {
    using dir = project(program);
    assert.deepEqual(await node(dir, "app.ts", "x", "y"), printed);
  });

  test("runs from compiled JavaScript, a file a module", async () => {
    const compiled: Record<string, string> = {};
    for (const [name, text] of Object.entries(program)) {
      compiled[name.replace(".ts", ".js")] = transformSync(text.replaceAll('.ts"', '.js"'), { loader: "ts" }).code;
    }
    using dir = project(compiled);
    assert.deepEqual(await node(dir, "app.js", "x", "y"), printed);
    assert.deepEqual(await node(dir, gort, "run", "app.js", "x", "y"), printed);
  });

  const bundles: Record<string, BuildOptions> = {
    "a bundle": {},
    "a minified bundle": { minify: true },
    "a minified bundle that keeps names, though two tasks have the same": { minify: true, keepNames: true },
    "a bundle with gort beside it": { packages: "external" },
    "a bundle in several chunks": { splitting: true, outdir: "out", outExtension: { ".js": ".mjs" } },
  };
  for (const [what, options] of Object.entries(bundles)) {
    test(`runs from ${what}`, async () => {
      using dir = project(program);
      assert.deepEqual(await node(dir, await bundled(dir, options), "x", "y"), printed);
    });
  }

  const ways: Record<string, InlineConfig> = {
    "as it does by itself": {},
    "with gort within it, minified": { ssr: { noExternal: true }, build: { minify: true } },
  };
  for (const [how, config] of Object.entries(ways)) {
    test(`runs from what Vite builds, ${how}`, async () => {
      using dir = project(program);
      const { build: rest, ...others } = config;
      await vite({
        root: dir.dir,
        configFile: false,
        logLevel: "silent",
        build: { ssr: "app.ts", outDir: "out", ...rest },
        ...others,
      });
      assert.deepEqual(await node(dir, "out/app.js", "x", "y"), printed);
    });
  }

  test("is refused as a bundle of CommonJS, with the remedy", async () => {
    using dir = project(program);
    await bundled(dir, { format: "cjs", outfile: dir.path("out/app.cjs") });
    const { code, stderr } = await node(dir, "out/app.cjs");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /TypeError: task: import\.meta has no url here, as in a bundle of CommonJS; .* \(esbuild: --format=esm\)/,
    );
  });

  test("may be a text on the command line, if its tasks are in modules", async () => {
    using dir = project({
      "tasks.js": `import { task } from "gort/parallel";
export const add = task(import.meta, function add(a, b) { return a + b; });`,
    });
    const text = `import { add } from "./tasks.js"; console.log(await add.run(1, 2));`;
    assert.deepEqual(await node(dir, "--input-type=module", "--eval", text), { code: 0, stdout: "3\n", stderr: "" });
  });
});

/** A module with one task. */
const add = `import { task } from "gort/parallel";
export const add = task(import.meta, function add(a, b) { return a + b; });
`;

describe("in a test runner", { concurrency: 2 }, () => {
  const tests = (from: string) => `import { test } from "node:test"; import assert from "node:assert"; ${from}
test("adds", async () => { console.log("a test runs"); assert.equal(await add.run(1, 2), 3); });`;

  test("tasks of a module of their own run", async () => {
    using dir = project({ "tasks.js": add, "a.test.js": tests(`import { add } from "./tasks.js";`) });
    for (const args of [["--test"], []]) {
      const { code, stdout } = await node(dir, ...args, "a.test.js");
      assert.equal(code, 0, stdout);
      assert.match(stdout, /(pass|# pass) 1\b/);
      assert.equal(stdout.match(/a test runs/g)?.length, 1);
    }
  });

  test("tasks of the test file itself are refused before a processor runs the tests again", async () => {
    using dir = project({ "a.test.js": add + tests("") });
    for (const args of [["--test"], []]) {
      const { code, stdout } = await node(dir, ...args, "a.test.js");
      assert.equal(code, 1);
      assert.match(
        stdout,
        /task add is defined in the file of the tests, .*a\.test\.js: .*; define tasks in a module of their own/,
      );
      assert.equal(stdout.match(/a test runs/g)?.length, 1);
    }
  });
});

describe("packages", { concurrency: 2 }, () => {
  const files = {
    "app.js": `import { main } from "gort"; import { shared, task } from "gort/parallel"; import { fill, hash, listen } from "a";
export const twice = task(import.meta, async function twice(n) { return 2 * await hash.run(n); });
main(async () => {
  console.log(await hash.run(20), await twice.run(20), await Promise.all([1, 2, 3].map((n) => hash.run(n))));
  const ch = shared.chan();
  try { console.log(await Promise.all([fill.run(ch), ch.recv()])); } catch (error) { console.log(String(error)); }
  try { console.log((await Promise.all([listen(ch), ch.send(5)]))[0].value); } catch (error) { console.log(String(error)); }
});`,
    "node_modules/a/package.json": '{ "name": "a", "type": "module", "exports": "./index.js" }',
    "node_modules/a/index.js": `import { select } from "gort"; import { task } from "gort/parallel";
export const hash = task(import.meta, async function hash(n) { await new Promise((done) => setTimeout(done, 20)); return n + 1; });
export const fill = task(import.meta, async function fill(ch) { await ch.send("filled"); return "done"; });
export const listen = (ch) => select({ ch });`,
  };

  test("a package that another depends on has tasks as the program has, with one copy of gort", async () => {
    using dir = project(files);
    assert.deepEqual(await node(dir, "app.js"), {
      code: 0,
      stdout: "21 42 [ 2, 3, 4 ]\n[ 'done', 'filled' ]\n5\n",
      stderr: "",
    });
  });

  const apart = [
    "21 42 [ 2, 3, 4 ]",
    "TypeError: run: argument 1 belongs to another copy of gort, which shares no memory with this one; let all use one copy (npm ls gort, npm dedupe)",
    'TypeError: select: case "ch" is a channel of another copy of gort; let all use one copy (npm ls gort, npm dedupe)',
    "",
  ].join("\n");

  test("two copies of gort have processors of their own, and refuse each other's channels", async () => {
    using dir = project(files, ["", "node_modules/a"]);
    assert.deepEqual(await node(dir, "app.js"), { code: 0, stdout: apart, stderr: "" });
    assert.deepEqual(await node(dir, gort, "run", "app.js"), { code: 0, stdout: apart, stderr: "" });
  });

  test("so do two copies in one bundle", async () => {
    using dir = project(files, ["", "node_modules/a"]);
    const { code, stdout } = await node(dir, await bundled(dir, { entryPoints: ["app.js"] }));
    assert.equal(code, 0);
    assert.deepEqual(stdout.split("\n").slice(0, 2), apart.split("\n").slice(0, 2));
    assert.match(stdout, /\nTypeError: select: case "ch" /);
  });
});

describe("mistakes", { concurrency: 2 }, () => {
  /** Runs app.js, which ends with the message of what `run` rejects with. */
  const caught = `main(async () => { await add.run(1, 2).catch((error) => console.log(error.message)); });`;

  async function message(files: Record<string, string>): Promise<string> {
    using dir = project(files);
    const { code, stdout, stderr } = await node(dir, "app.js");
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    return stdout.trim().replaceAll(/(file:\/\/)?(\/private)?\/\S*gort-test-\w+\//g, "");
  }

  test("a task whose module is gone from the disk names the module and the task", async () => {
    const text = await message({
      "tasks.js": add,
      "app.js": `import { unlinkSync } from "node:fs"; import { main } from "gort"; import { add } from "./tasks.js";
unlinkSync(new URL("tasks.js", import.meta.url)); ${caught}`,
    });
    assert.match(
      text,
      /^task add: its module tasks\.js cannot be loaded by a processor: Error.*: Cannot find module 'tasks\.js'/,
    );
  });

  test("a task whose module throws as a processor loads it says what was thrown", async () => {
    const text = await message({
      "tasks.js": `import { isMainThread } from "node:worker_threads"; ${add} if (!isMainThread) throw new RangeError("not here");`,
      "app.js": `import { main } from "gort"; import { add } from "./tasks.js"; ${caught}`,
    });
    assert.equal(text, "task add: its module tasks.js cannot be loaded by a processor: RangeError: not here");
  });

  test("a task that is not defined when a processor loads its module, for it is made later or on a condition", async () => {
    const text = await message({
      "app.js": `import { main } from "gort"; import { task } from "gort/parallel";
main(async () => {
  const add = task(import.meta, function add(a, b) { return a + b; });
  await add.run(1, 2).catch((error) => console.log(error.message));
});`,
    });
    assert.match(
      text,
      /^task add: its module app\.js, loaded by a processor, defines no such task; call task\(\) at module level/,
    );
  });

  test("a module that runs its tasks as it is evaluated", async () => {
    using dir = project({ "app.js": `${add} console.log(await add.run(1, 2));` });
    const { code, stdout, stderr } = await node(dir, "app.js");
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(
      stderr,
      /Error: task add: its module app\.js cannot be loaded by a processor: Error: task add is started while/,
    );
    assert.match(
      stderr,
      /a processor loads app\.js: what a module does at its top level is done again by every processor/,
    );
    assert.match(stderr, /belongs into main\(\), which runs once/);
    assert.match(stderr, /app\.js:3:\d+/);
  });

  test("a program without main() that runs tasks later, and would do so again on every processor", async () => {
    using dir = project({
      "app.js": `${add} const again = async () => { console.log(await add.run(1, 2)); setTimeout(again, 20); }; setTimeout(again, 20);`,
    });
    const { code, stderr } = await node(dir, "app.js");
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^panic: task add is started on a processor by nothing that runs there: .* belongs into main\(\)/,
    );
    assert.match(stderr, /app\.js:3:\d+/);
  });
});
