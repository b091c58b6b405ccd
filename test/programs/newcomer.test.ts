// What a newcomer meets: mistakes that are easily made, and what the program says of them.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { gortRun, root } from "../support/transcript.js";

mkdirSync(`${root}build`, { recursive: true });
const folder = mkdtempSync(join(root, "build", "newcomer-")); // within the checkout, so that gort resolves
after(() => rmSync(folder, { recursive: true }));

let n = 0;
/** Runs a program that imports what it needs of gort. */
function run(source: string, ending = "ts") {
  const file = join(folder, `${n++}.${ending}`);
  writeFileSync(file, source);
  return gortRun(file);
}

describe("newcomer", { concurrency: 2 }, () => {
  test("API: a wait that its context ends while other goroutines keep the thread busy rejects to the one who waits", async () => {
    const { stderr, stdout, code } = await run(`
      import { chan, go, gosched, main } from "gort";
      main(async () => {
        go(async () => { for (;;) await gosched(); });
        const stop = new AbortController();
        const never = chan();
        setTimeout(() => stop.abort(new Error("enough")), 30);
        await never.recv(stop.signal).catch((error) => console.log("caught", error.message));
      });`);
    assert.deepEqual({ stderr, stdout, code }, { stderr: "", stdout: "caught enough\n", code: 0 });
  });

  test("CH-8 a close that panics a parked sender while other goroutines keep the thread busy rejects to that sender", async () => {
    const { stderr, stdout, code } = await run(`
      import { chan, go, gosched, main } from "gort";
      main(async () => {
        go(async () => { for (;;) await gosched(); });
        const ch = chan();
        setTimeout(() => ch.close(), 30);
        await ch.send(1).catch((error) => console.log("caught", error.message));
      });`);
    assert.deepEqual({ stderr, stdout, code }, { stderr: "", stdout: "caught send on closed channel\n", code: 0 });
  });

  test("RT-31 an operation that panics and is not awaited ends the program like any panic", async () => {
    const { stderr, code } = await run(`
      import { chan, main } from "gort";
      import * as time from "gort/time";
      main(async () => {
        const ch = chan();
        ch.close();
        void ch.send(1);
        await time.sleep(1000);
      });`);
    assert.match(stderr, /^panic: send on closed channel\n\ngoroutine /);
    assert.doesNotMatch(stderr, /dist\//);
    assert.equal(code, 2);
  });

  test("RT-18 a program without main that waits for ever at its top level is a deadlock", async () => {
    const { stderr, code } = await run(`import { chan } from "gort"; await chan().recv();`);
    assert.match(stderr, /^fatal error: all goroutines are asleep - deadlock!\n/);
    assert.equal(code, 2);
  });

  test("RT-14 go with a promise in place of a function says what to write", async () => {
    const { stderr, code } = await run(`
      import { chan, go, main } from "gort";
      main(() => { go(chan().send(1) as never); });`);
    assert.match(stderr, /^panic: TypeError: go: expected a function, got a promise.*\(\) =>/);
    assert.equal(code, 2);
  });

  test("API: select with a promise for a case says what to write", async () => {
    const { stderr } = await run(`
      import { chan, main, select } from "gort";
      main(async () => { const ch = chan(); await select({ out: ch.send(1) as never }); });`);
    assert.match(stderr, /case "out" .*got a promise/);
  });

  test("API: a JavaScript program that does not parse is refused with the place", async () => {
    const { stderr, code } = await run(`import "gort";\n\nlet x = ;\n`, "js");
    assert.match(stderr, /\d\.js:3\b/);
    assert.equal(code, 1);
  });

  test("RT-57 what an anonymous function started is not said to be created by a module", async () => {
    const { stderr } = await run(`
      import { chan, go, main } from "gort";
      main(async () => { go(async () => { await chan().recv(); }); await chan().recv(); });`);
    assert.match(stderr, /goroutine 2 /);
    assert.doesNotMatch(stderr, /created by module/);
  });

  test("API: an entry point that does not exist is missed by the program, not by the command", async () => {
    const outside = mkdtempSync(join(tmpdir(), "gort-newcomer-")); // a program outside any project uses the command's own copy
    writeFileSync(join(outside, "a.ts"), 'import "gort/nonsense";');
    const { stderr, code } = await gortRun(join(outside, "a.ts"));
    rmSync(outside, { recursive: true });
    assert.match(stderr, /gort\/nonsense|"\.\/nonsense"/);
    assert.doesNotMatch(stderr, /hooks\.js/);
    assert.equal(code, 1);
  });
});
