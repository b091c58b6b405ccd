// Programs that run in processes of their own: their exit codes, what they print, what ends them.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout, seen from the compiled tests. */
const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface Ended {
  /** The exit code, or the name of the signal that ended the program. */
  code: number | NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Options {
  env?: Record<string, string>;
  cwd?: string;
}

/** The path of a program in test/programs. */
export function program(name: string): string {
  return join(root, "test/programs", name);
}

/** The path of the gort command. */
export const gort: string = join(root, "dist/cli/main.js");

/** What is set for the tests, or for whoever runs them, is not for the programs. */
const ours = ["NODE_OPTIONS", "NODE_TEST_CONTEXT", "NODE_COMPILE_CACHE", "NODE_DISABLE_COMPILE_CACHE", "GOMAXPROCS"];

/** Starts this Node with these arguments. */
export function start(args: readonly string[], { env, cwd }: Options = {}): ChildProcess {
  const inherited = { ...process.env };
  for (const name of ours) delete inherited[name];
  const child = spawn(process.execPath, args, { cwd: cwd ?? root, env: { ...inherited, NO_COLOR: "1", ...env } });
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  const hung = setTimeout(() => child.kill("SIGKILL"), 90_000); // a test that times out leaves its children behind
  child.on("exit", () => clearTimeout(hung));
  return child;
}

/** Collects what a started program prints, until it has ended. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (text: string) => (stdout += text));
  child.stderr?.on("data", (text: string) => (stderr += text));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code: code ?? signal, stdout, stderr };
}

/** Runs a program of test/programs by plain node. */
export function node(name: string, args: readonly string[] = [], options: Options = {}): Promise<Ended> {
  return ended(start([program(name), ...args], options));
}

/** Runs a program of test/programs by `gort run`. */
export function gortRun(name: string, args: readonly string[] = [], options: Options = {}): Promise<Ended> {
  return ended(start([gort, "run", program(name), ...args], options));
}

/** Runs the gort command. */
export function command(args: readonly string[], options: Options = {}): Promise<Ended> {
  return ended(start([gort, ...args], options));
}

/** Resolves once the program has printed `text` on stdout. Before anything else listens. */
export async function printed(child: ChildProcess, text: string): Promise<void> {
  let seen = "";
  await new Promise<void>((resolve, reject) => {
    const look = (part: string) => {
      seen += part;
      if (!seen.includes(text)) return;
      child.stdout?.off("data", look);
      child.off("close", gone);
      resolve();
    };
    const gone = () =>
      reject(new Error(`the program ended and had not printed ${JSON.stringify(text)} but ${JSON.stringify(seen)}`));
    child.stdout?.on("data", look);
    child.on("close", gone);
  });
}

/** A folder outside any project, with these files; removed when disposed. */
export function folder(
  files: Record<string, string>,
): Disposable & { path(name: string): string; readonly dir: string } {
  const dir = mkdtempSync(join(tmpdir(), "gort-test-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return {
    dir,
    path: (name) => join(dir, name),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}
