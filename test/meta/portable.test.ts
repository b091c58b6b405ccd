// The core where there is no Node: without `process` and `setImmediate`, as in a browser.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const program = `
  const { exit } = process;
  const { log } = console;
  for (const name of ["process", "setImmediate", "clearImmediate", "global"]) delete globalThis[name];

  const { chan, go, main, select } = await import("gort");
  const time = await import("gort/time");
  const { WaitGroup } = await import("gort/sync");
  const runtime = await import("gort/runtime");

  main(async (ctx) => {
    const ping = chan();
    const pong = chan(1);
    go(async () => {
      for await (const n of ping) await pong.send(n + 1);
      pong.close();
    });
    let n = 0;
    const late = time.after(50); // many slices: the host must get the thread without setImmediate
    for (let over = false; !over; ) {
      await ping.send(n);
      const s = await select({ pong, late, quit: ctx.done() });
      if (s.case === "pong") n = s.value;
      else over = true;
    }
    ping.close();
    const wg = new WaitGroup();
    for (let i = 0; i < 10; i++) wg.go(() => time.sleep(1));
    await wg.wait();
    log(n > 0, runtime.numGoroutine() >= 1, runtime.numCPU() >= 1);
    exit(0);
  });
`;

test("the core runs on a platform that has only the web's own clock, timers and message channels", () => {
  const args = ["--input-type=module", "--eval", program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  assert.equal(stderr, "");
  assert.equal(stdout, "true true true\n");
  assert.equal(status, 0);
});
