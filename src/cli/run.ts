// gort run: loads a program in this process, with main's semantics, types stripped and detailed reports.

import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { onIdle } from "../internal/host/host.js";
import { userFrames } from "../internal/rt/frames.js";
import { deadlock, panic } from "../internal/rt/panic.js";
import { ownCopy } from "./hooks.js";
import { UsageError } from "./usage.js";

export interface RunOptions {
  quiet: boolean;
  procs: number | undefined;
  schedtrace: number | undefined;
}

/** Modules that every thread imports before it runs anything: see parallel/pool.ts. */
const preload: unique symbol = Symbol.for("gort.preload") as never;

const programs = new Set([".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"]);

export async function run(file: string, args: string[], options: RunOptions): Promise<void> {
  const { quiet, procs, schedtrace } = options;
  const path = resolve(file);
  check(file, path);
  process.argv = [process.execPath, path, ...args];
  if (procs !== undefined) process.env["GOMAXPROCS"] = String(procs);
  const prepared = new URL(`./prepare.js${quiet ? "?quiet" : ""}`, import.meta.url).href;
  await import(prepared);
  (globalThis as { [preload]?: string[] })[preload] = [prepared]; // for the threads that run the program's tasks
  if (schedtrace !== undefined) await trace(schedtrace, path);
  quietLikeSigpipe();
  const stop = onIdle(() => void deadlock()); // at module level, before any main
  try {
    await import(pathToFileURL(path).href);
    stop();
  } catch (error) {
    if (!cannotLoad(error)) return panic(error);
    const what = describe(error);
    const hasPlace = /:\d+/.test(what);
    process.stderr.write(
      `gort: cannot load ${file}\n${hasPlace || !(error instanceof SyntaxError) ? `${what}\n` : ""}`,
    );
    if (!hasPlace && error instanceof SyntaxError) throw error; // only the host knows the place, and only if it prints the error
    process.exit(1);
  }
}

/** By the copy of gort that the program uses. */
async function trace(ms: number, path: string): Promise<void> {
  const { schedTrace } = (await import(pathToFileURL(theirs(path)).href)) as typeof import("../runtime/metrics.js");
  schedTrace(ms);
}

function theirs(path: string): string {
  try {
    return createRequire(path).resolve("gort/runtime");
  } catch {
    return ownCopy("gort/runtime", undefined);
  }
}

function check(file: string, path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`no such file: ${file} (looked for ${path})`);
  if (stat.isDirectory()) throw new UsageError(`${file} is a directory; name the program's file`);
  if (!programs.has(extname(path))) {
    throw new UsageError(`${file} is not a program; expected a file ending in ${[...programs].join(", ")}`);
  }
}

/** The one who reads our output has left (`gort run x.ts | head`): ends as a signal would end any program. */
function quietLikeSigpipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(141);
      throw error;
    });
  }
}

/** Whether the program has not even begun to run. */
function cannotLoad(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = "" } = error as { code?: string };
  return (
    (error instanceof SyntaxError && userFrames(error.stack) === "") || // with frames, it was thrown by the program
    /^ERR_(MODULE_NOT_FOUND|INVALID_TYPESCRIPT|UNSUPPORTED_TYPESCRIPT|PACKAGE_PATH|UNKNOWN_FILE)/.test(code)
  );
}

/** Where and what, without the frames of the loader. */
function describe(error: unknown): string {
  return String((error as Error).stack)
    .split("\n")
    .filter((line) => !/^ {4}at /.test(line))
    .join("\n")
    .trim();
}
