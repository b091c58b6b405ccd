#!/usr/bin/env node
// The gort command.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { keepCompiled } from "./cache.js";
import { UsageError } from "./usage.js";

const help = `gort runs programs that use Go's concurrency in TypeScript.

Usage:
  gort run [options] FILE [args...]   run a TypeScript or JavaScript program
  gort --help                         show this text
  gort --version                      show the versions of gort and Node

Options of run:
  --procs N    processors that tasks may use at once (sets GOMAXPROCS)
  --schedtrace MS
               a line on the scheduler every MS milliseconds, on stderr
  --quiet      short reports: no goroutine numbers, no sites (a little faster)

Exit codes: 0 main has returned, 1 the program could not be loaded, 2 a panic, a deadlock or wrong usage,
130 and 143 ended by SIGINT and SIGTERM.
`;

const options = {
  procs: { type: "string" },
  schedtrace: { type: "string" },
  quiet: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

async function gort(args: string[]): Promise<void> {
  // What follows FILE belongs to the program, so that must be found before anything is refused.
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const [command, file] = tokens.filter((token) => token.kind === "positional");
  const values = parse(args.slice(0, file?.index));

  if (values.help === true) return void process.stdout.write(help);
  if (values.version === true) return void process.stdout.write(`gort ${version()} node ${process.version}\n`);
  if (command === undefined) throw new UsageError("no command; to run a program: gort run FILE");
  if (command.value !== "run") {
    throw new UsageError(`unknown command "${command.value}"; to run a program: gort run FILE`);
  }
  if (file === undefined) throw new UsageError("run: no program file; usage: gort run [options] FILE [args...]");
  keepCompiled();
  const { run } = await import("./run.js"); // after that, so that it is kept, too
  await run(file.value, args.slice(file.index + 1), {
    quiet: values.quiet === true,
    procs: number("--procs", values.procs),
    schedtrace: number("--schedtrace", values.schedtrace),
  });
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. To specify a positional.*/s, ""));
  }
}

function number(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new UsageError(`${option} must be an integer >= 1, got "${text}"`);
  return n;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

try {
  await gort(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`gort: ${error.message}\nTry "gort --help".\n`);
  process.exitCode = 2;
}
