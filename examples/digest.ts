// Digests of every regular file in a directory tree, a bounded number of them at a time, in the form of md5sum and
// sha256sum.
//
//     walk ── found ──▶ 20 digesters ── done ──▶ main: collects, sorts, prints
//
// One goroutine walks the tree, as many as `--limit` says read files, and channels without a buffer between them keep
// each at the pace of the next: memory and open files stay bounded however large the tree is. A File belongs to
// whoever has received it. Ctrl-C stops everybody: whoever waits to send also waits for the end of the context.
//
// SPEC: program 26, rows P2, P8, C2, C5, S1.
// Run: gort run examples/digest.ts [--algorithm md5|sha256] [--limit N] PATH
//
// Exit codes: 0; 1 if a file could not be read; 2 if PATH or an option is wrong; 130 after Ctrl-C.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { chan, type Context, go, main, type RecvChan, select, type SendChan } from "gort";
import * as sync from "gort/sync";
import * as time from "gort/time";

const usage = "usage: gort run examples/digest.ts [--algorithm md5|sha256] [--limit N] PATH";

interface Job {
  root: string;
  algorithm: string;
  limit: number;
}

interface File {
  readonly path: Buffer; // a name is bytes, and not always text
  size: number;
  digest?: string;
  error?: Error;
}

main(async (ctx) => {
  const job = await parse(process.argv.slice(2));
  if (job === undefined) return;

  const files = await digestAll(ctx, job);
  files.sort((a, b) => Buffer.compare(a.path, b.path));
  process.stdout.write(files.map(line).join(""), "latin1");
  for (const { path, error } of files) {
    if (error === undefined) continue;
    console.error(`digest: ${path.toString()}: ${reason(error)}`);
    process.exitCode = 1;
  }
});

async function digestAll(ctx: Context, { root, algorithm, limit }: Job): Promise<File[]> {
  const found = chan<File>();
  const done = chan<File>();
  const wg = new sync.WaitGroup();
  wg.go(walk, ctx, root, found);
  for (let i = 0; i < limit; i++) wg.go(digester, ctx, algorithm, found, done);
  go(async () => {
    await wg.wait();
    done.close();
  });

  const files: File[] = [];
  const progress = new Progress();
  const redraw = process.stderr.isTTY ? time.tick(100 * time.millisecond) : undefined; // off: no such case
  for (;;) {
    const s = await select({ done, redraw, quit: ctx.done() });
    switch (s.case) {
      case "done":
        if (!s.ok) {
          progress.erase();
          return files;
        }
        files.push(s.value);
        progress.add(s.value.size);
        break;
      case "redraw":
        progress.draw();
        break;
      case "quit":
        progress.erase();
        console.error(`digest: stopped after ${files.length} files: ${ctx.signal.reason.message}`);
        throw ctx.err();
    }
  }
}

/** Sends every file below `root`. */
async function walk(ctx: Context, root: string, found: SendChan<File>): Promise<void> {
  for await (const file of filesBelow(Buffer.from(root))) {
    const s = await select({ sent: found.sending(file), quit: ctx.done() });
    if (s.case === "quit") break;
  }
  found.close();
}

/** The regular files of a tree, without following links, and the directories that cannot be read, with the error. */
async function* filesBelow(root: Buffer): AsyncGenerator<File> {
  const isFile = (await stat(root)).isFile();
  if (isFile) yield { path: root, size: 0 };
  const directories = isFile ? [] : [root];
  for (let path; (path = directories.pop()) !== undefined;) {
    try {
      for (const entry of await readdir(path, { withFileTypes: true, encoding: "buffer" })) {
        const below = Buffer.concat([path, Buffer.from(path.at(-1) === 0x2f ? "" : "/"), entry.name]);
        if (entry.isDirectory()) directories.push(below);
        else if (entry.isFile()) yield { path: below, size: 0 };
      }
    } catch (error) {
      yield { path, size: 0, error: error as Error };
    }
  }
}

/** Digests files until there are no more. */
async function digester(ctx: Context, algorithm: string, found: RecvChan<File>, done: SendChan<File>): Promise<void> {
  for await (const file of found) {
    if (file.error === undefined) await digest(ctx, algorithm, file);
    const s = await select({ sent: done.sending(file), quit: ctx.done() });
    if (s.case === "quit") return;
  }
}

/** Fills in a file's digest, or else its error. */
async function digest(ctx: Context, algorithm: string, file: File): Promise<void> {
  const hash = createHash(algorithm);
  try {
    for await (const chunk of createReadStream(file.path)) {
      if (ctx.err() !== undefined) return;
      hash.update(chunk as Buffer);
      file.size += (chunk as Buffer).length;
    }
    file.digest = hash.digest("hex");
  } catch (error) {
    file.error = error as Error;
  }
}

/** How far we are, on a terminal. */
class Progress {
  #files = 0;
  #bytes = 0;
  readonly #began = performance.now();

  add(bytes: number): void {
    this.#files++;
    this.#bytes += bytes;
  }

  draw(): void {
    const megabytes = this.#bytes / 1e6;
    const seconds = (performance.now() - this.#began) / time.second;
    const rate = (megabytes / seconds).toFixed(1);
    process.stderr.write(`\r\x1b[K${this.#files} files, ${megabytes.toFixed(1)} MB, ${rate} MB/s`);
  }

  erase(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}

/** The file as md5sum prints it, a byte a character; a line break or backslash in its name is escaped. */
function line(file: File): string {
  if (file.digest === undefined) return "";
  const name = file.path.toString("latin1");
  const escaped = name.replace(/[\\\n\r]/g, (c) => ({ "\n": "\\n", "\r": "\\r" })[c] ?? "\\\\");
  return `${escaped === name ? "" : "\\"}${file.digest}  ${escaped}\n`;
}

/** "no such file or directory", without the code, the call and the path that Node adds. */
function reason(error: Error): string {
  return error.message.replace(/^\w+: |, \w+( '.*')?$/gs, "");
}

/** What the command line asks for; `undefined` if that cannot be done, or was help: then all has been said. */
async function parse(args: string[]): Promise<Job | undefined> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        algorithm: { type: "string", default: "sha256" },
        limit: { type: "string", default: "20" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) return console.log(usage) as undefined;
    const { algorithm, limit } = values;
    const [root, ...rest] = positionals;
    if (!/^(md5|sha256)$/.test(algorithm)) throw new Error(`--algorithm must be md5 or sha256, got "${algorithm}"`);
    if (!/^[1-9]\d{0,3}$/.test(limit)) throw new Error(`--limit must be an integer from 1 to 9999, got "${limit}"`);
    if (root === undefined || rest.length > 0) throw new Error(`expected one PATH, got ${positionals.length}`);
    if (root === "") throw new Error("expected a PATH, got an empty one");
    const is = await stat(root).catch((error: Error) => Promise.reject(new Error(`${root}: ${reason(error)}`)));
    if (!is.isFile() && !is.isDirectory()) throw new Error(`${root} is neither a directory nor a regular file`);
    return { root, algorithm, limit: Number(limit) };
  } catch (error) {
    console.error(`digest: ${(error as Error).message}\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

// $ gort run examples/digest.ts --algorithm md5 LICENSE
// Output:
// 60b0a6c026de5b1c161eb75b324fd5ee  LICENSE

// $ gort run examples/digest.ts no-such-folder
// Stderr:
// digest: no-such-folder: no such file or directory
// usage: gort run examples/digest.ts [--algorithm md5|sha256] [--limit N] PATH
// Exit code: 2
