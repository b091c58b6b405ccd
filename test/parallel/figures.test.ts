// What the runtime says of tasks and processors: numbers, metrics, traces.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gosched } from "gort";
import { gomaxprocs, shared } from "gort/parallel";
import { metrics, numGoroutine } from "gort/runtime";
import { command, folder, program } from "../support/child.js";
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
  assert.ok(lines.some((line) => / idleprocs=0 threads=3 .* goroutines=[2-9]/.test(line)), stderr);
});

test("schedtrace speaks of the copy of gort that the program has, and of the command's own outside any project", async () => {
  using dir = folder({ "app.js": `import { main } from "gort"; main(() => new Promise((done) => setTimeout(done, 100)));` });
  const { code, stderr } = await command(["run", "--schedtrace=10", "app.js"], { cwd: dir.dir });
  assert.equal(code, 0);
  assert.match(stderr, /^SCHED \d+ms: gomaxprocs=\d+ idleprocs=\d+ threads=1 .* runqueue=0 \[\] main=0 goroutines=1\n/);
});
