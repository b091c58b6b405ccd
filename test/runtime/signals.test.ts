// SIGINT and SIGTERM: the program's context, and its exit code.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ended, gort, gortRun, printed, program, start } from "../support/child.js";

const signals = (name: string) => start([program("signals.mjs"), name]);

/** Starts a program and sends it a signal at each of its lines. */
async function signalled(name: string, steps: [after: string, signal: NodeJS.Signals][]) {
  const child = signals(name);
  const end = ended(child);
  for (const [after, signal] of steps) {
    await printed(child, after);
    child.kill(signal);
  }
  return await end;
}

test("SIGINT and SIGTERM cancel main's context; a main that fails because of it exits with 130 or 143, without a report", async () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    assert.deepEqual(await signalled("fails", [["ready", signal]]), {
      code,
      stdout: "ready\nfinally: context canceled\n",
      stderr: "",
    });
    for (const name of ["failsByReason", "failsByPlatform"]) {
      assert.deepEqual(await signalled(name, [["ready", signal]]), { code, stdout: "ready\n", stderr: "" }, name);
    }
  }
});

test("a main that fails with something else after a signal has panicked", async () => {
  const { code, stderr } = await signalled("failsOtherwise", [["ready", "SIGINT"]]);
  assert.equal(code, 2);
  assert.match(stderr, /^panic: something else\n/);
});

test("a main that returns after a signal exits with 0; the signal is the context's cause", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    assert.deepEqual(await signalled("returns", [["ready", signal]]), {
      code: 0,
      stdout: `ready\ncleaned up after: received ${signal}\n`,
      stderr: "",
    });
  }
});

test("a second signal kills a program that drains", async () => {
  for (const [first, second] of [
    ["SIGINT", "SIGINT"],
    ["SIGTERM", "SIGINT"],
    ["SIGINT", "SIGTERM"],
  ] as const) {
    const { code, stdout } = await signalled("hangs", [
      ["ready", first],
      ["draining", second],
    ]);
    assert.deepEqual({ code, stdout }, { code: second, stdout: "ready\ndraining\n" });
  }
});

test("a signal before main is called ends the program as the platform does; one after it is main's", async () => {
  assert.deepEqual(await signalled("setUp", [["ready", "SIGINT"]]), { code: "SIGINT", stdout: "ready\n", stderr: "" });
  assert.deepEqual(await signalled("setUpAfterMain", [["ready", "SIGINT"]]), {
    code: 130,
    stdout: "ready\nmain has seen: context canceled\n",
    stderr: "",
  });
});

test("a signal while main's output is being flushed: the first does no harm, the second kills", async () => {
  for (const times of [1, 2]) {
    const child = signals("floods");
    let stderr = "";
    await new Promise<void>((resolve) => {
      child.stderr?.on("data", (text: string) => {
        stderr += text;
        if (stderr.includes("main returns")) resolve();
      });
    });
    child.kill("SIGINT");
    if (times === 2) {
      const gone = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
      // The signals of a kind do not queue up, so the second one is sent until it has arrived.
      const again = setInterval(() => child.kill("SIGINT"), 10);
      assert.equal(await gone, "SIGINT");
      clearInterval(again);
      child.stdout?.destroy();
    } else {
      const { code, stdout } = await ended(child);
      assert.equal(code, 0);
      assert.ok(stdout.endsWith("199999\nend\n"));
    }
  }
});

test("under gort run, signals and exit codes are the same", async () => {
  const child = start([gort, "run", program("signals.mjs"), "fails"]);
  const end = ended(child);
  await printed(child, "ready");
  child.kill("SIGTERM");
  assert.deepEqual(await end, { code: 143, stdout: "ready\nfinally: context canceled\n", stderr: "" });
  assert.equal((await gortRun("life.mjs", ["exitCode"])).code, 7);
});
