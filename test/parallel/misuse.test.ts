// Misuse of what threads share, on the main thread and in a task: it ends the program as it does within one thread.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ended, gortRun, start } from "../support/child.js";

/** Compiled, so that nothing has to be stripped. */
const program = fileURLToPath(new URL("../programs/parallel/misuse.js", import.meta.url));
const run = (what: string, where: string) => ended(start([program, what, where]));

/** What ends the program, though it would be caught. */
const fatal: Record<string, string> = {
  "unlock a mutex": "sync: unlock of unlocked mutex",
  "unlock a mutex twice": "sync: unlock of unlocked mutex",
  "unlock a rwmutex": "sync: Unlock of unlocked RWMutex",
  "unlock a rwmutex twice": "sync: Unlock of unlocked RWMutex",
  "unlock a rwmutex that is held to read": "sync: Unlock of unlocked RWMutex",
  "runlock a rwmutex": "sync: RUnlock of unlocked RWMutex",
  "runlock a rwmutex twice": "sync: RUnlock of unlocked RWMutex",
  "runlock a rwmutex that is held to write": "sync: RUnlock of unlocked RWMutex",
};

/** What a program may recover from. */
const panics: Record<string, string> = {
  "be done more often than was added": "sync: negative WaitGroup counter",
  "release more than is held": "semaphore: released more than held",
};

describe("misuse", { concurrency: 2 }, () => {
  for (const [what, message] of Object.entries(fatal)) {
    test(`MU-3 RW-9 to ${what} is fatal with Go's words, in main and in a task, though it would be caught`, async () => {
      for (const where of ["main, caught", "task, caught"]) {
        const { code, stdout, stderr } = await run(what, where);
        assert.deepEqual([code, stdout], [2, ""], `${where}: ${stderr}`);
        assert.ok(stderr.startsWith(`fatal error: ${message}\n\ngoroutine `), `${where}: ${stderr}`);
      }
    });
  }

  test("MU-3 under gort run the report of a misuse in a task says in which, and where", async () => {
    const { code, stderr } = await gortRun("parallel/misuse.ts", ["unlock a mutex", "task, caught"]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^fatal error: sync: unlock of unlocked mutex\n\ngoroutine \d+ \[running/);
    assert.match(stderr, /at misuse \(.*misuse\.ts:\d+:\d+\)\n(.*\n)*created by task misuseAndCatch/);
  });

  for (const [what, message] of Object.entries(panics)) {
    test(`to ${what} is a panic with Go's words, in main and in a task; a program may recover from it (WG-2)`, async () => {
      for (const where of ["main", "task"]) {
        const { code, stderr } = await run(what, where);
        assert.equal(code, 2, `${where}: ${stderr}`);
        assert.ok(stderr.startsWith(`panic: ${message}\n\ngoroutine `), `${where}: ${stderr}`);
      }
      for (const where of ["main, caught", "task, caught"]) {
        const { code, stdout } = await run(what, where);
        assert.deepEqual([code, stdout], [0, `caught: GoPanic ${message}\n`], where);
      }
    });
  }
});
