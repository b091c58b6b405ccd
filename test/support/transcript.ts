// Programs that say at their end what they print: reads that, runs them, and compares.
//
// The comments at the end of a program may hold `// Output:` (its lines in this order), `// Unordered output:` (in
// any order), `// Stderr:` and `// Exit code: N`. In all of them `…` stands for any text within a line. `// $ gort
// run FILE args…` before them gives arguments; another such line begins another run.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of the checkout. */
export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/** One run of a program, and what comes of it. */
export interface Transcript {
  args: string[];
  stdout: string[];
  unordered: boolean;
  stderr: string[];
  code: number;
}

/** The runs that the comments at the end of a program tell of. */
export function transcripts(source: string): Transcript[] {
  const lines = source.trimEnd().split("\n");
  const isCode = (line: string) => line !== "" && !line.startsWith("//");
  const code = lines.reduce((last, line, i) => (isCode(line) ? i : last), -1);
  const runs: Transcript[] = [];
  let block: string[] | undefined;
  let fresh = true; // the next header begins another run
  const run = (args: string[] = []): Transcript => {
    if (fresh) runs.push({ args, stdout: [], unordered: false, stderr: [], code: 0 });
    fresh = false;
    return runs.at(-1) as Transcript;
  };
  for (const line of lines.slice(code + 1)) {
    const text = line.replace(/^\/\/ ?/, "");
    const [, title, rest = ""] = /^(\$|Output:|Unordered output:|Stderr:|Exit code:)(?: (.*))?$/.exec(text) ?? [];
    if (line === "") {
      block = undefined;
    } else if (title === undefined) {
      block?.push(text);
    } else if (title === "$") {
      fresh = true;
      run(rest.trim().split(/ +/).slice(3));
      block = undefined;
    } else if (title === "Exit code:") {
      run().code = Number(rest);
    } else if (title === "Stderr:") {
      block = run().stderr;
    } else {
      run().unordered = title === "Unordered output:";
      block = run().stdout;
    }
  }
  return runs;
}

export interface Outcome {
  stdout: string;
  stderr: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Runs `gort run FILE args…` from the checkout's folder, on the Node of this test. */
export function gortRun(file: string, args: readonly string[] = [], cwd: string = root): Promise<Outcome> {
  const child = spawn(process.execPath, [`${root}dist/cli/main.js`, "run", file, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("latin1").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ stdout: Buffer.from(stdout, "latin1").toString(), stderr, code, signal }),
    );
  });
}

/** Runs a program as often as it has transcripts, and fails where it does not do what they say. */
export async function checkTranscripts(file: string): Promise<void> {
  const runs = transcripts(readFileSync(file, "utf8"));
  assert.notEqual(runs.length, 0, `${file} does not say what it prints; end it with an "// Output:" block`);
  for (const run of runs) {
    const { stdout, stderr, code, signal } = await gortRun(file, run.args);
    const whole = `\n${file} ${run.args.join(" ")}\n--- stdout\n${stdout}--- stderr\n${stderr}--- exit ${code ?? signal}\n`;
    compare(stdout, run.stdout, run.unordered, `stdout of${whole}`);
    compare(stderr, run.stderr, false, `stderr of${whole}`);
    assert.equal(code, run.code, `exit code of${whole}`);
  }
}

/** Fails unless the text has the lines that are wanted. */
export function compare(text: string, wanted: readonly string[], unordered: boolean, message: string): void {
  const got = linesOf(text);
  const want = linesOf(wanted.join("\n"));
  const asWanted = unordered ? pair(got, want) : got.map((line, i) => (matches(want[i], line) ? want[i] : line));
  const expected = unordered ? [...want].sort() : want;
  assert.deepEqual(asWanted, expected, message);
}

/** Each line that some pattern stands for replaced by that pattern, sorted; each pattern stands for one line. */
function pair(got: readonly string[], want: readonly string[]): string[] {
  const left = [...got];
  const found: string[] = [];
  for (const pattern of [...want].sort((a, b) => Number(a.includes("…")) - Number(b.includes("…")))) {
    const at = left.findIndex((line) => matches(pattern, line));
    if (at < 0) continue;
    left.splice(at, 1);
    found.push(pattern);
  }
  return [...found, ...left].sort();
}

function matches(pattern: string | undefined, line: string): boolean {
  if (pattern === undefined) return false;
  const literal = pattern.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".+")}$`).test(line);
}

function linesOf(text: string): string[] {
  const trimmed = text.replace(/\s+$/, "");
  return trimmed === "" ? [] : trimmed.split("\n").map((line) => line.trimEnd());
}
