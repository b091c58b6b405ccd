import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { command, ended, type Ended, folder, gort, start } from "../support/child.js";

const usage = (message: string): Ended => ({ code: 2, stdout: "", stderr: `gort: ${message}\nTry "gort --help".\n` });

/** Runs a program outside any project, in its folder. */
async function outside(files: Record<string, string>, ...args: string[]): Promise<Ended> {
  using dir = folder(files);
  const { code, stdout, stderr } = await command(["run", ...args], { cwd: dir.dir });
  const places = new RegExp(`(file://)?(/private)?${dir.dir}/`, "g");
  return { code, stdout, stderr: stderr.replaceAll(places, "") };
}

test("gort --help shows what there is, alone, short, and after a command", async () => {
  for (const args of [["--help"], ["-h"], ["run", "--help"], ["--help", "run", "x.ts"]]) {
    const { code, stdout, stderr } = await command(args);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" }, args.join(" "));
    assert.match(stdout, /^Usage:\n {2}gort run \[options\] FILE \[args\.\.\.\]/m);
    for (const word of ["--procs N", "--schedtrace MS", "--quiet", "--version", "Exit codes"]) {
      assert.ok(stdout.includes(word), word);
    }
  }
});

test("gort --version shows the versions of gort and of the host", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  for (const option of ["--version", "-v"]) {
    assert.deepEqual(await command([option]), {
      code: 0,
      stdout: `gort ${version} node ${process.version}\n`,
      stderr: "",
    });
  }
});

test("what the command does not know is refused with exit code 2 and a remedy", async () => {
  const run = "to run a program: gort run FILE";
  assert.deepEqual(await command([]), usage(`no command; ${run}`));
  assert.deepEqual(await command(["walk", "x.ts"]), usage(`unknown command "walk"; ${run}`));
  assert.deepEqual(await command(["run"]), usage("run: no program file; usage: gort run [options] FILE [args...]"));
  assert.deepEqual(await command(["run", "--nope", "x.ts"]), usage("Unknown option '--nope'"));
  assert.deepEqual(await command(["--nope"]), usage("Unknown option '--nope'"));
  assert.equal((await command(["run", "--quiet=1", "x.ts"])).code, 2);
});

test("--procs and --schedtrace must be numbers", async () => {
  for (const bad of ["0", "-1", "2.5", "many", "", "1e999"]) {
    assert.deepEqual(
      await command(["run", `--procs=${bad}`, "x.ts"]),
      usage(`--procs must be an integer >= 1, got "${bad}"`),
    );
    assert.deepEqual(
      await command(["run", `--schedtrace=${bad}`, "x.ts"]),
      usage(`--schedtrace must be an integer >= 1, got "${bad}"`),
    );
  }
  const missing = await command(["run", "--procs"]);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /^gort: Option '--procs <value>' argument missing\n/);
});

test("a file that is missing, a directory or no program is refused, by name", async () => {
  using dir = folder({ "text.txt": "x" });
  assert.deepEqual(
    await command(["run", "no.ts"], { cwd: dir.dir }),
    usage(`no such file: no.ts (looked for ${dir.path("no.ts")})`),
  );
  assert.deepEqual(await command(["run", dir.dir]), usage(`${dir.dir} is a directory; name the program's file`));
  assert.deepEqual(
    await command(["run", "text.txt"], { cwd: dir.dir }),
    usage("text.txt is not a program; expected a file ending in .ts, .mts, .cts, .js, .mjs, .cjs"),
  );
});

test("a program outside any project imports gort, in TypeScript and in JavaScript", async () => {
  const program = `import { chan, go, main } from "gort"; import * as time from "gort/time";
main(async () => { const ch = chan(); go(async () => { await time.sleep(1); await ch.send("received"); }); console.log(await ch.recv()); });`;
  for (const name of ["p.ts", "p.mts", "p.js", "p.mjs"]) {
    assert.deepEqual(await outside({ [name]: program }, name), { code: 0, stdout: "received\n", stderr: "" }, name);
  }
});

test("a CommonJS program outside any project requires gort, in TypeScript and in JavaScript", async () => {
  // Node 20 cannot require an ES module from a CommonJS module that a loader hook has given.
  const strips = "typescript" in process.features && process.features.typescript !== false;
  for (const [name, cast] of [["p.cjs", ""], ...(strips ? [["p.cts", " as string"]] : [])] as [string, string][]) {
    const program = `const { main } = require("gort"); main(async () => { console.log("runs"${cast}); });`;
    assert.deepEqual(await outside({ [name]: program }, name), { code: 0, stdout: "runs\n", stderr: "" }, name);
  }
});

test("a TypeScript program that imports is a module, also in a package that npm init has made CommonJS", async () => {
  const files = {
    "package.json": `{ "type": "commonjs" }`,
    "p.ts": `import { main } from "gort";\nimport { word } from "./q.ts";\nmain(async () => console.log(word as string));`,
    "q.ts": `export const word: string = "runs";`,
    "r.ts": `const word: string = "requires"; console.log(word, typeof require);`,
  };
  assert.deepEqual(await outside(files, "p.ts"), { code: 0, stdout: "runs\n", stderr: "" });
  const { code, stdout } = await outside(files, "r.ts");
  assert.equal(code, 0);
  assert.match(stdout, /^requires/);
});

test("a CommonJS program runs", async () => {
  for (const [name, type] of [
    ["p.cjs", ""],
    ["p.cts", ": string"],
  ] as const) {
    const program = `const { basename } = require("node:path"); const name${type} = basename(__filename); console.log(name);`;
    assert.deepEqual(await outside({ [name]: program }, name), { code: 0, stdout: `${name}\n`, stderr: "" }, name);
  }
});

test("types are stripped in what the program imports, too", async () => {
  const files = {
    "p.ts": `import { type Box, double } from "./box.ts"; const box: Box = { n: 21 }; console.log(double(box).n);`,
    "box.ts": `export interface Box { n: number }\nexport const double = <T extends Box>(box: T): Box => ({ n: box.n * 2 });`,
  };
  assert.deepEqual(await outside(files, "p.ts"), { code: 0, stdout: "42\n", stderr: "" });
});

test("arguments after the file are the program's, also those that look like options of gort", async () => {
  const args = ["--quiet", "-x", "--procs", "0", "--", "run", "--help", "", "a b"];
  for (const before of [[], ["--quiet"], ["--procs", "2"], ["--"]]) {
    const { code, stdout, stderr } = await outside(
      { "p.ts": "console.log(JSON.stringify(process.argv.slice(2)));" },
      ...before,
      "p.ts",
      ...args,
    );
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.deepEqual(JSON.parse(stdout), args);
  }
});

test("a program that never calls main simply runs", async () => {
  const program = `import { chan, go } from "gort";
go(async () => { console.log("goroutine"); await chan().recv(); });
setTimeout(() => console.log("timer" as string), 5);`;
  assert.deepEqual(await outside({ "p.ts": program }, "p.ts"), { code: 0, stdout: "goroutine\ntimer\n", stderr: "" });
});

test("RT-18 a program that waits for ever while it loads is a deadlock", async () => {
  const { code, stdout, stderr } = await outside(
    { "p.ts": `import { chan } from "gort";\nawait chan().recv();` },
    "p.ts",
  );
  assert.match(stderr, /^fatal error: all goroutines are asleep - deadlock!\n/);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
});

test("a goroutine that fails without main gets the same report and exit code 2", async () => {
  const program = `import { go } from "gort";\ngo(async function work() {\n  throw new Error("boom");\n});`;
  const { code, stderr } = await outside({ "p.ts": program }, "p.ts");
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^panic: boom\n\ngoroutine 2 \[running\]:\n {4}at work \(p\.ts:3:9\)\ncreated in goroutine 1\n {4}at p\.ts:2:1\n/,
  );
});

test("a program that does not parse is named, with the line and what is wrong; exit code 1", async () => {
  for (const name of ["p.ts", "p.mjs", "p.cjs"]) {
    const { code, stdout, stderr } = await outside({ [name]: "const a = 1;\nconst b = ;\n" }, name);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" }, name);
    assert.ok(stderr.startsWith(`gort: cannot load ${name}\n`), stderr);
    assert.match(stderr, /SyntaxError.*(Unexpected token|Expression expected)/s, name);
    assert.match(stderr, new RegExp(`${name.replace(".", "\\.")}:2`), `${name}: ${stderr}`);
    assert.doesNotMatch(stderr, /dist\/cli/, name);
  }
});

test("an import that does not parse is named, not only the program", async () => {
  const { code, stderr } = await outside({ "p.mjs": `import "./bad.mjs";`, "bad.mjs": "\n\nconst b = ;\n" }, "p.mjs");
  assert.equal(code, 1);
  assert.match(stderr, /bad\.mjs:3/);
});

test("TypeScript that needs more than stripping is refused, with the place", async () => {
  const { code, stderr } = await outside({ "p.ts": "const a = 1;\n  enum E { A }\n" }, "p.ts");
  assert.equal(code, 1);
  assert.match(stderr, /^gort: cannot load p\.ts\n/);
  assert.match(stderr, /p\.ts:2/);
  assert.match(stderr, /enum is not supported in strip-only mode/);
  if (/p\.ts:2:\d/.test(stderr)) assert.match(stderr, /p\.ts:2:3/); // columns begin at 1
});

test("an import of what is not there is named, with who wants it; exit code 1", async () => {
  const table: [string, RegExp][] = [
    [`import "nosuchpackage";`, /Cannot find package 'nosuchpackage' imported from p\.ts/],
    [`import "./nosuchfile.js";`, /Cannot find module 'nosuchfile\.js' imported from p\.ts/],
    [`import { nosuch } from "gort";`, /'gort' does not provide an export named 'nosuch'/],
  ];
  for (const [program, message] of table) {
    const { code, stdout, stderr } = await outside({ "p.ts": program }, "p.ts");
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, /^gort: cannot load p\.ts\n/);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  }
});

test("a program that throws while it loads has panicked: report with the place, exit code 2", async () => {
  const { code, stdout, stderr } = await outside(
    { "p.mts": `console.log(1);\nfunction f(): never {\n  throw new Error("no");\n}\nf();\n` },
    "p.mts",
  );
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "1\n" });
  assert.match(stderr, /^panic: no\n\ngoroutine 1 \[running\]:\n {4}at f \(p\.mts:3:9\)\n {4}at p\.mts:5:1\n/);
});

test("a SyntaxError that the program itself throws while it loads is its panic, with the place", async () => {
  const { code, stderr } = await outside({ "p.mts": `JSON.parse("{bad");\n` }, "p.mts");
  assert.match(stderr, /^panic: SyntaxError: .*JSON/);
  assert.match(stderr, /p\.mts:1:6/);
  assert.equal(code, 2);
});

test("traces have the exact line and column of TypeScript, after types of every kind", async () => {
  const program = `import { main } from "gort";
interface Job<T> {
  run: (x: T) => Promise<void>;
}
const job: Job<number> = { run: async (x: number): Promise<void> => { throw new Error(\`job \${x as number}\`); } };
main(async (): Promise<void> => {
  const x = <T,>(v: T): T => v; await (job satisfies Job<number>).run(x<number>(1)!);
});
`;
  const { code, stderr } = await outside({ "p.ts": program }, "p.ts");
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^panic: job 1\n\ngoroutine 1 \[running\]:\n {4}at (Object\.)?run \(p\.ts:5:77\)\n {4}at p\.ts:7:67\n/,
  );
});

test("traces of compiled JavaScript with a source map name the source", async () => {
  // Line 3, column 9 of the JavaScript is line 2, column 3 of the TypeScript.
  const map = {
    version: 3,
    sources: ["p.ts"],
    sourcesContent: ['function fail(): never {\n  throw new Error("mapped");\n}\nfail();\n'],
    names: [],
    mappings: "AAAA;;QACE;;AAEF",
  };
  const files = {
    "p.mjs": `function fail() {\n\n        throw new Error("mapped");\n}\nfail();\n//# sourceMappingURL=p.mjs.map\n`,
    "p.mjs.map": JSON.stringify(map),
  };
  const { code, stderr } = await outside(files, "p.mjs");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: mapped\n\ngoroutine 1 \[running\]:\n {4}at fail \(p\.ts:2:\d+\)\n/);
});

test("a program that floods a pipe whose reader leaves ends quietly, as others do on SIGPIPE", async () => {
  const endless = `import { gosched, main } from "gort";
main(async () => { for (;;) { console.log("x".repeat(1000)); await gosched(); } });`;
  for (const program of [endless, `setInterval(() => console.log("x".repeat(1000)));`]) {
    using dir = folder({ "p.mjs": program });
    const child = start([gort, "run", dir.path("p.mjs")]);
    let stderr = "";
    child.stderr?.on("data", (text: string) => (stderr += text));
    const end = new Promise((resolve) => child.once("exit", resolve));
    child.stdout?.once("data", () => child.stdout?.destroy());
    assert.equal(await end, 141);
    assert.equal(stderr, "");
  }
});

test("a program that writes more than a slow reader takes arrives whole", async () => {
  using dir = folder({
    "p.mjs": `import { main } from "gort"; main(() => { process.stdout.write("x".repeat(5e6)); });`,
  });
  const child = start([gort, "run", dir.path("p.mjs")]);
  child.stdout?.pause();
  await new Promise((resolve) => child.stdout?.once("readable", resolve));
  const { code, stdout, stderr } = await ended(child);
  assert.deepEqual({ code, stderr, length: stdout.length }, { code: 0, stderr: "", length: 5e6 });
});

test("in a program the command itself does not show: argv, warnings, listeners", async () => {
  const program = `console.log(process.argv.length, process.argv[1], process.listenerCount("SIGINT"), process.exitCode);`;
  using dir = folder({ "p.ts": program });
  const { code, stdout, stderr } = await command(["run", dir.path("p.ts")]);
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `2 ${dir.path("p.ts")} 0 undefined\n`, stderr: "" });
});
