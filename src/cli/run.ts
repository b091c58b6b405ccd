// gort run: loads a program in this process, with main's semantics, types stripped and detailed reports.

import { statSync } from "node:fs";
import * as module from "node:module";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { install } from "../runtime/detail.js";
import { onIdle } from "../internal/host/host.js";
import { userFrames } from "../internal/rt/frames.js";
import { deadlock, panic } from "../internal/rt/panic.js";
import { roomForYoungObjects } from "./heap.js";
import { asModule, isGort, isMissing, ownCopy, resolve as resolveHook, type ResolveHook } from "./hooks.js";
import { UsageError } from "./usage.js";

export interface RunOptions {
  quiet: boolean;
  procs: number | undefined;
}

const programs = new Set([".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"]);

export async function run(file: string, args: string[], { quiet, procs }: RunOptions): Promise<void> {
  const path = resolve(file);
  check(file, path);
  process.argv = [process.execPath, path, ...args];
  if (procs !== undefined) process.env["GOMAXPROCS"] = String(procs);
  if (!quiet) install();
  quietLikeSigpipe();
  withoutWarnings();
  roomForYoungObjects();
  process.setSourceMapsEnabled(true);
  prepareLoader();
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

function check(file: string, path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`no such file: ${file} (looked for ${path})`);
  if (stat.isDirectory()) throw new UsageError(`${file} is a directory; name the program's file`);
  if (!programs.has(extname(path))) {
    throw new UsageError(`${file} is not a program; expected a file ending in ${[...programs].join(", ")}`);
  }
}

/** Lets the program import TypeScript where the host cannot strip types itself, and gort from anywhere. */
function prepareLoader(): void {
  const { features } = process as { features: { typescript?: false | string } };
  const { registerHooks } = module as unknown as { registerHooks?: (hooks: { resolve: ResolveHook }) => void };
  if (features.typescript && registerHooks !== undefined) {
    registerHooks({ resolve: (specifier, context, next) => asModule(resolveHook(specifier, context, next)) });
    return;
  }
  module.register("./hooks.js", import.meta.url);
  resolveRequired();
}

/** The hooks of older hosts do not see `require`. */
function resolveRequired(): void {
  const name = "_resolveFilename";
  const { Module } = module as unknown as { Module: Record<typeof name, (...args: [string, ...unknown[]]) => string> };
  const original = Module[name];
  Module[name] = (specifier, ...rest) => {
    try {
      return original(specifier, ...rest);
    } catch (error) {
      if (!isGort(specifier) || !isMissing(error)) throw error;
      return ownCopy(specifier, undefined);
    }
  };
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

/** Running TypeScript is what this command is for: its host need not warn of it. */
function withoutWarnings(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const text = String(warning);
    if (/Type Stripping is an experimental|Module type of .* is not specified/s.test(text)) return;
    emit(warning, ...rest);
  };
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
