// What the runtime says of tasks and processors: numbers, metrics, traces, dumps, stacks; and the debugger.

import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";
import { gosched } from "gort";
import { gomaxprocs, shared } from "gort/parallel";
import { metrics, numGoroutine } from "gort/runtime";
import { command, ended, folder, gort, gortRun, program, start } from "../support/child.js";
import { crowd } from "./tasks/crowd.js";

gomaxprocs(2);

test("R4 numGoroutine and metrics count tasks, and what they have started on other threads", async () => {
  const base = numGoroutine();
  assert.deepEqual([metrics().tasks, metrics().waiting, metrics().threads], [0, 0, 1]);
  const [ready, end] = [shared.chan<string>(), shared.chan<never>()];
  const crowds = [crowd.run(3, ready, end), crowd.run(4, ready, end)];
  assert.equal(numGoroutine(), base + 2);
  assert.equal(metrics().tasks, 2);
  await ready.recv();
  await ready.recv();
  while (numGoroutine() !== base + 2 + 7) await gosched();
  assert.ok(metrics().threads >= 2);
  end.close();
  await Promise.all(crowds);
  while (numGoroutine() !== base) await gosched();
  assert.equal(metrics().tasks, 0);
});

test("gort run --schedtrace prints lines like Go's, with what waits for each processor", async () => {
  const { code, stderr } = await command(["run", "--schedtrace=5", "--procs=2", program("parallel/busy.ts")]);
  assert.equal(code, 0);
  const lines = stderr.trimEnd().split("\n");
  const form =
    /^SCHED \d+ms: gomaxprocs=2 idleprocs=\d threads=\d spinningthreads=\d needspinning=[01] idlethreads=\d runqueue=\d+ \[[\d ]*\] main=\d+ goroutines=\d+$/;
  for (const line of lines) assert.match(line, form);
  assert.ok(
    lines.some((line) => / idleprocs=0 threads=3 .* goroutines=[2-9]/.test(line)),
    stderr,
  );
});

test("schedtrace speaks of the copy of gort that the program has, and of the command's own outside any project", async () => {
  using dir = folder({
    "app.js": `import { main } from "gort"; main(() => new Promise((done) => setTimeout(done, 100)));`,
  });
  const { code, stderr } = await command(["run", "--schedtrace=10", "app.js"], { cwd: dir.dir });
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^SCHED \d+ms: gomaxprocs=\d+ idleprocs=\d+ threads=1 .* runqueue=0 \[\] main=\d goroutines=1\n/,
  );
});

/** What a program prints, with the paths of programs cut down to their names. */
const short = (text: string) => text.replaceAll(/file:\/\/\S*\/test\/programs\/parallel\//g, "");

test("RT-26 a dump has the goroutines of all processors; of one that computes or is blocked, its tasks", async () => {
  const { code, stdout } = await gortRun("parallel/dumps.ts");
  assert.equal(code, 0);
  const all = short(stdout).trimEnd().split("\n\n");
  assert.match(all[0] ?? "", /^goroutine 1 \[/);
  assert.match(all[1] ?? "", /^goroutine 2 \[chan receive\]:\n/);
  assert.deepEqual(all.slice(2), [
    "goroutine ? [blocked, processor 1]:\n    task blocks (dumps.ts)",
    "goroutine ? [running, processor 2]:\n    task spins (dumps.ts)",
    "goroutine 2 [chan receive, processor 3]:\n    at async listens (dumps.ts:12:3)\ncreated by task listens (dumps.ts)",
    "goroutine 3 [chan receive, processor 3]:\n    at async waits (dumps.ts:16:3)\n" +
      "created by listens in goroutine 2\n    at listens (dumps.ts:10:3)",
  ]);
});

test("RT-17 a deadlock's report names the goroutines of all processors", async () => {
  const { stderr } = await gortRun("parallel/life.ts", ["deadlock"]);
  assert.deepEqual(short(stderr).trimEnd().split("\n\n"), [
    "fatal error: all goroutines are asleep - deadlock!",
    "goroutine 1 [chan receive]:\n    at async Object.deadlock (life.ts:93:5)",
    "goroutine 2 [chan receive, processor 1]:\ncreated by task receives (life.ts)",
  ]);
  const blocked = await gortRun("parallel/life.ts", ["deadlockSync"]);
  assert.match(short(blocked.stderr), /\n\ngoroutine \? \[blocked, processor 1\]:\n {4}task blocks \(life\.ts\)\n/);
});

test("a panic on a processor says where, and who started the goroutine", async () => {
  const started = "goroutine [running, processor 1]:\n    at fails (life.ts:21:9)\ncreated by task fails (life.ts)\n\n";
  assert.equal(
    short((await gortRun("parallel/life.ts", ["panics"])).stderr),
    `panic: RangeError: thrown by a task\n\n${started}`,
  );
  assert.equal(
    short((await gortRun("parallel/life.ts", ["panicsLater"])).stderr),
    "panic: RangeError: thrown by a goroutine of a task\n\ngoroutine 3 [running, processor 1]:\n    at life.ts:26:11\n" +
      "created by failsLater in goroutine 2\n    at failsLater (life.ts:25:3)\n\n",
  );
});

test("a program with tasks runs and ends under the debugger", async () => {
  for (const args of [[], [gort, "run"]]) {
    const strips = (process.features as { typescript?: unknown }).typescript === "strip";
    if (args.length === 0 && !strips) continue;
    const { code, stdout, stderr } = await ended(
      start(["--inspect=0", ...args, program("parallel/life.ts"), "output"]),
    );
    assert.equal(stdout, "line 0\nline 1\nline 2\nline 3\nline 4\nmain\n");
    assert.match(stderr, /Debugger listening on ws:/);
    assert.equal(code, 0);
  }
});

test("stacks of errors in tasks lead through source maps to the lines of TypeScript", async () => {
  using dir = folder({
    "app.ts": `import { main } from "gort";
import { task } from "gort/parallel";

interface Wrong {
  readonly n: number;
}

export const fails = task(import.meta, function fails({ n }: Wrong): number {
  throw new RangeError(\`wrong: \${n}\`);
});

main(async () => {
  await fails.run({ n: 1 }).catch((error: Error) => console.log(error.stack?.split("\\n").slice(0, 2).join()));
});
`,
  });
  await build({
    absWorkingDir: dir.dir,
    entryPoints: ["app.ts"],
    outfile: "app.mjs",
    bundle: true,
    format: "esm",
    platform: "node",
    minify: true,
    sourcemap: "inline",
    external: ["gort", "gort/*"],
    logLevel: "silent",
  });
  for (const args of [
    ["run", "app.ts"],
    ["run", "app.mjs"],
  ]) {
    const { stdout, stderr } = await command(args, { cwd: dir.dir });
    assert.match(stdout, /^RangeError: wrong: 1, +at .*app\.ts:9:9/, stderr);
  }
});
