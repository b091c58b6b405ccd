import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { chan, go, goexit, gosched } from "gort";
import { gomaxprocs, metrics, numCPU, numGoroutine, schedTrace } from "gort/runtime";
import { command, node, program } from "../support/child.js";

test("RT-1 RT-2 R4 numGoroutine counts from go() until the end of the goroutine, however it ends", async () => {
  const base = numGoroutine();
  const gate = chan<void>();
  go(() => gate.recv());
  assert.equal(numGoroutine(), base + 1);
  go(() => {});
  assert.equal(numGoroutine(), base + 2);
  while (numGoroutine() > base + 1) await gosched();
  go(() => goexit());
  go(async () => {
    await gosched();
    goexit();
  });
  assert.equal(numGoroutine(), base + 3);
  gate.close();
  while (numGoroutine() > base) await gosched();
  assert.equal(numGoroutine(), base);
});

test("RT-16 metrics tell how many goroutines there are, have been, and stand in line", async () => {
  const before = metrics();
  for (let i = 0; i < 10; i++) go(() => {});
  const during = metrics();
  assert.equal(during.goroutines, before.goroutines + 10);
  assert.equal(during.goroutinesCreated, before.goroutinesCreated + 10);
  assert.equal(during.runnable, before.runnable + 10);
  assert.equal(during.gomaxprocs, gomaxprocs());
  while (metrics().goroutines > before.goroutines) await gosched();
  assert.equal(metrics().runnable, before.runnable);
  assert.equal(metrics().goroutinesCreated, before.goroutinesCreated + 10);
});

test("RT-9 gomaxprocs sets the number and gives the one before; 0 or nothing only asks", () => {
  const before = gomaxprocs();
  assert.equal(gomaxprocs(0), before);
  assert.equal(gomaxprocs(1024), before);
  assert.equal(gomaxprocs(), 1024);
  assert.equal(gomaxprocs(before), 1024);
  assert.equal(gomaxprocs(), before);
  for (const bad of [-1, 1.5, Number.NaN, Infinity, "2", null]) {
    assert.throws(() => gomaxprocs(bad as number), RangeError, String(bad));
    assert.equal(gomaxprocs(), before);
  }
});

test("R4 numCPU is what the machine gives this program", () => {
  assert.equal(numCPU(), availableParallelism());
});

test("RT-9 R4 $GOMAXPROCS is honoured, and ignored when it is no number of processors", async () => {
  const cpus = availableParallelism();
  const table: [string, number][] = [
    ["1024", 1024],
    ["1", 1],
    ["0", cpus],
    ["-2", cpus],
    ["2.5", cpus],
    ["many", cpus],
    ["", cpus],
  ];
  for (const [GOMAXPROCS, procs] of table) {
    const { stdout } = await node("numbers.mjs", [], { env: { GOMAXPROCS } });
    assert.deepEqual(JSON.parse(stdout), { procs, cpus }, GOMAXPROCS);
  }
  assert.deepEqual(JSON.parse((await node("numbers.mjs")).stdout), { procs: cpus, cpus });
});

test("R4 gort run --procs N is $GOMAXPROCS", async () => {
  for (const args of [["--procs", "3"], ["--procs=3"]]) {
    const { stdout } = await command(["run", ...args, program("numbers.mjs")], { env: { GOMAXPROCS: "5" } });
    assert.equal((JSON.parse(stdout) as { procs: number }).procs, 3);
  }
});

test("RT-69 schedTrace refuses an interval that is none, and stops when disposed", () => {
  for (const bad of [0, -1, Number.NaN, undefined]) assert.throws(() => schedTrace(bad as number), RangeError);
  schedTrace(1)[Symbol.dispose]();
});
