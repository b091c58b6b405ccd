// Misuse that ends the program, in processes of their own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";

interface End {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a module until it ends. */
function run(program: string): Promise<End> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { timeout: 60_000 });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, stdout, stderr })));
}

const imports = `
  import { go, gosched, main } from "gort";
  import * as sync from "gort/sync";
  import { onFatal } from "gort/runtime";`;

const misuse: [what: string, code: string, message: string][] = [
  ["Mutex.unlock of a new one", "new sync.Mutex().unlock()", "sync: unlock of unlocked mutex"],
  [
    "Mutex.unlock twice",
    "const mu = new sync.Mutex(); await mu.lock(); mu.unlock(); mu.unlock()",
    "sync: unlock of unlocked mutex",
  ],
  ["RWMutex.unlock of a new one", "new sync.RWMutex().unlock()", "sync: Unlock of unlocked RWMutex"],
  [
    "RWMutex.unlock of one held to read",
    "const mu = new sync.RWMutex(); await mu.rlock(); mu.unlock()",
    "sync: Unlock of unlocked RWMutex",
  ],
  [
    "RWMutex.unlock twice",
    "const mu = new sync.RWMutex(); await mu.lock(); mu.unlock(); mu.unlock()",
    "sync: Unlock of unlocked RWMutex",
  ],
  ["RWMutex.runlock of a new one", "new sync.RWMutex().runlock()", "sync: RUnlock of unlocked RWMutex"],
  [
    "RWMutex.runlock of one held to write",
    "const mu = new sync.RWMutex(); await mu.lock(); mu.runlock()",
    "sync: RUnlock of unlocked RWMutex",
  ],
  [
    "RWMutex.runlock twice",
    "const mu = new sync.RWMutex(); await mu.rlock(); mu.runlock(); mu.runlock()",
    "sync: RUnlock of unlocked RWMutex",
  ],
];

for (const [what, code, message] of misuse) {
  test(`MU-3 RW-9 ${what} ends the program with exit code 2, though it would be caught`, async () => {
    const { status, stdout, stderr } = await run(`${imports}
      main(async () => {
        try {
          ${code};
        } catch {
          console.log("caught");
        } finally {
          console.log("finally");
        }
      });`);
    assert.equal(status, 2, stderr);
    assert.equal(stdout, "");
    assert.ok(stderr.startsWith(`fatal error: ${message}\n\ngoroutine`), stderr);
  });
}

test("MU-3 the misuse is fatal in any goroutine, and without main", async () => {
  const { status, stderr } = await run(`${imports}
    go(() => new sync.Mutex().unlock());
    setInterval(() => {}, 1000);`);
  assert.equal(status, 2);
  assert.ok(stderr.startsWith("fatal error: sync: unlock of unlocked mutex\n"), stderr);
});

test("MU-3 onFatal: the handler is told, and the misuse throws instead, until the handler is disposed", async () => {
  const { status, stdout, stderr } = await run(`${imports}
    const handler = onFatal((error) => console.log("told:", error.message));
    try { new sync.Mutex().unlock(); } catch (error) { console.log("thrown:", error.name, error.code); }
    handler[Symbol.dispose]();
    try { new sync.Mutex().unlock(); } catch { console.log("caught"); }`);
  assert.equal(status, 2, stderr);
  assert.equal(stdout, "told: sync: unlock of unlocked mutex\nthrown: GoPanic ERR_UNLOCK_OF_UNLOCKED_MUTEX\n");
});

test("MU-6 ON-4 a program whose goroutines wait for locks and onces for ever is reported as a deadlock", async () => {
  for (const code of [
    "const mu = new sync.Mutex(); await mu.lock(); await mu.lock()",
    "const mu = new sync.RWMutex(); await mu.rlock(); go(() => mu.lock()); await gosched(); await gosched(); await mu.rlock()",
    "const once = new sync.Once(); await once.do(() => once.do(() => {}))",
    "const wg = new sync.WaitGroup(); wg.add(1); await wg.wait()",
    "const c = new sync.Cond(new sync.Mutex()); await c.l.lock(); await c.wait()",
  ]) {
    const { status, stderr } = await run(`${imports}
      main(async () => { ${code}; });`);
    assert.equal(status, 2, stderr);
    assert.ok(stderr.startsWith("fatal error: all goroutines are asleep - deadlock!\n"), stderr);
  }
});

test("WG-2 a counter below zero is a panic that a program may recover from", async () => {
  const { status, stdout } = await run(`${imports}
    main(() => { try { new sync.WaitGroup().done(); } catch (error) { console.log(error.message); } });`);
  assert.deepEqual([status, stdout], [0, "sync: negative WaitGroup counter\n"]);
});

test("WG-10 a function that go started and that fails ends the program before wait returns", async () => {
  const { status, stdout, stderr } = await run(`${imports}
    main(async () => {
      const wg = new sync.WaitGroup();
      wg.go(async () => { await gosched(); throw new Error("broken"); });
      await wg.wait();
      console.log("waited");
    });`);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.ok(stderr.startsWith("panic: broken\n"), stderr);
});
