import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "gort";
import { ended, gortRun, node, printed, program, start } from "./support/child.js";

const life = (name: string, ...args: string[]) => node("life.mjs", [name, ...args]);
const signals = (name: string) => start([program("signals.mjs"), name]);

test("RT-28 main's return ends the program with exit code 0, whatever others do", async () => {
  for (const name of ["returns", "returnsSync", "returnsThenable", "returnsWhileOthersRun"]) {
    assert.deepEqual(await life(name), { code: 0, stdout: "done\n", stderr: "" }, name);
  }
});

test("RT-28 main's return leaves process.exitCode as it is", async () => {
  assert.equal((await life("exitCode")).code, 7);
});

test("RT-29 process.exit ends the program at once, without finally blocks", async () => {
  assert.deepEqual(await life("exits"), { code: 3, stdout: "", stderr: "" });
});

test("main's return and a panic flush what was written to stdout, however slow its reader", async () => {
  for (const [name, code] of [["floods", 0], ["floodsThenPanics", 2]] as const) {
    const child = start([program("life.mjs"), name]);
    child.stdout?.pause();
    const end = ended(child);
    child.stdout?.pause();
    await new Promise((resolve) => child.stdout?.once("readable", resolve));
    child.stdout?.resume();
    const { stdout, code: got } = await end;
    assert.equal(got, code);
    assert.equal(stdout.length, 1_288_890 + 4);
    assert.ok(stdout.endsWith("199999\nend\n"));
  }
});

test("RT-31 an error that main does not catch is a panic: report on stderr, exit code 2", async () => {
  for (const name of ["throwsError", "throwsSync"]) {
    const { code, stdout, stderr } = await life(name);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    assert.match(stderr, new RegExp(`^panic: boom\\n\\ngoroutine \\[running\\]:\\n {4}at ${name} \\(.*life\\.mjs:\\d+:\\d+\\)\\n`));
    assert.doesNotMatch(stderr, /node:|dist\//);
  }
});

test("RT-31 RT-32 a panic in any goroutine ends the program, after its own finally blocks and without those of others", async () => {
  const { code, stdout, stderr } = await life("goroutineThrows");
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "finally of the goroutine\n" });
  assert.match(stderr, /^panic: boom\n\ngoroutine \[running\]:\n {4}at worker \(.*life\.mjs:\d+:\d+\)\n/);
});

test("RT-33 a panic is reported in full though main returns meanwhile", async () => {
  const { code, stderr } = await life("goroutineThrowsAsMainReturns");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: boom\n\ngoroutine \[running\]:\n {4}at .*life\.mjs:\d+:\d+/);
});

test("RT-31 a thenable that fails is a goroutine that fails", async () => {
  const { code, stderr } = await life("thenableFails");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: boom\n/);
});

test("RT-22 a panic while another goroutine spins is reported as a panic", async () => {
  const { code, stderr } = await life("panicWhileOthersSpin");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: boom\n/);
  assert.doesNotMatch(stderr, /deadlock/);
});

test("RT-44 RT-46 RT-51 a panic's report begins with the value, whatever it is", async () => {
  const table: [string, string][] = [
    ["throwsTypeError", "TypeError: Cannot read properties of undefined (reading 'x')"],
    ["throwsGoPanic", "send on closed channel"],
    ["throwsOwnPanic", "my words"],
    ["throwsString", "just text"],
    ["throwsNumber", "(number) 42"],
    ["throwsObject", "(object) [object Object]"],
    ["throwsUndefined", "(undefined) undefined"],
    ["throwsNull", "(object) null"],
    ["throwsSymbol", "(symbol) Symbol(sign)"],
    ["throwsLines", "one\n\ttwo\n\tthree"],
  ];
  for (const [name, title] of table) {
    const { code, stdout, stderr } = await life(name);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" }, name);
    assert.ok(stderr.startsWith(`panic: ${title}\n\ngoroutine [running]:\n`), `${name}: ${stderr}`);
  }
});

test("RT-45 a value that fails to print does not stop the report", async () => {
  for (const name of ["throwsUnprintable", "throwsBareObject"]) {
    const { code, stderr } = await life(name);
    assert.match(stderr, /^panic: .*panic while printing panic value/, name);
    assert.match(stderr, /goroutine \[running\]:\n/, name);
    assert.equal(code, 2, name);
  }
});

test("RT-40 a panic's report shows the causes of the error, each with its frames", async () => {
  const { code, stderr } = await life("throwsCause");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: outer\n\ngoroutine \[running\]:\n {4}at .*\n\ncaused by: TypeError: middle\n {4}at .*\n\ncaused by: inner\n/);
});

test("a panic's report of an error that is its own cause comes to an end", async () => {
  const { code, stderr } = await life("throwsCircle");
  assert.match(stderr, /^panic: circle\n\ngoroutine \[running\]:\n/);
  assert.ok(stderr.length < 10_000);
  assert.equal(code, 2);
});

test("a panic's report of an AggregateError shows all its errors", async () => {
  const { code, stderr } = await life("throwsAggregate");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: AggregateError: both\n/);
  assert.match(stderr, /\ncaused by: first\n {4}at .*\n\ncaused by: RangeError: second\n {4}at /);
});

test("a panic can be caught, by name, message and code", async () => {
  const { stdout } = await life("caught");
  assert.equal(stdout, "GoPanic send on closed channel ERR_SEND_ON_CLOSED_CHANNEL\n");
});

test("RT-14 go(undefined) is fatal: no catch holds it", async () => {
  const { code, stdout, stderr } = await life("goUndefined");
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "exit 2\n" });
  assert.match(stderr, /^fatal error: go of nil func value\n\ngoroutine \[running\]:\n {4}at goUndefined \(.*life\.mjs:\d+:7\)/);
});

test("RT-14 where somebody tests for fatal errors, go(undefined) throws; when the test is over, it is fatal again", async () => {
  const { code, stdout, stderr } = await life("goUndefinedTested");
  assert.equal(stdout, "told go of nil func value\ncaught GoPanic go of nil func value ERR_GO_NIL_FUNC\n");
  assert.equal(code, 2);
  assert.match(stderr, /^fatal error: go of nil func value\n/);
});

test("a listener for uncaughtException gets a goroutine's error instead of the report, and decides", async () => {
  assert.deepEqual(await life("watched"), { code: 0, stdout: "listener boom\nmain goes on\n", stderr: "" });
});

test("a listener for uncaughtException gets main's error, too; the end of main is no deadlock then", async () => {
  assert.deepEqual(await life("watchedMain"), { code: 0, stdout: "listener boom\n", stderr: "" });
});

test("RT-47 goexit ends its goroutine only, and its finally blocks run", async () => {
  assert.deepEqual(await life("exitsGoroutine"), {
    code: 0,
    stdout: "is an error: false\nfinally\nmain goes on\n",
    stderr: "",
  });
});

test("RT-47 a catch that swallows goexit cancels it", async () => {
  assert.deepEqual(await life("exitSwallowed"), { code: 0, stdout: "still here\n", stderr: "" });
});

test("RT-20 RT-48 after main's goexit others carry on; when none is left, that is a deadlock of its own", async () => {
  const { code, stdout, stderr } = await life("mainExits");
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "others go on\n" });
  assert.match(stderr, /^fatal error: no goroutines \(main called runtime\.Goexit\) - deadlock!\n/);
});

test("RT-20 after main's goexit, others that wait for ever are asleep", async () => {
  const { code, stderr } = await life("mainExitsOthersBlock");
  assert.equal(code, 2);
  assert.match(stderr, /^fatal error: all goroutines are asleep - deadlock!\n/);
});

test("RT-48 after main's goexit a panic in another goroutine still ends the program", async () => {
  const { code, stderr } = await life("mainExitsOtherPanics");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: boom\n/);
});

test("RT-49 a panic in a finally block that goexit runs is a panic", async () => {
  const { code, stderr } = await life("mainExitsFinallyPanics");
  assert.equal(code, 2);
  assert.match(stderr, /^panic: in finally\n/);
});

test("RT-50 goexit in a finally block drops the panic", async () => {
  const { code, stderr } = await life("mainExitDropsPanic");
  assert.equal(code, 2);
  assert.match(stderr, /^fatal error: no goroutines \(main called runtime\.Goexit\)/);
  assert.doesNotMatch(stderr, /boom/);
});

test("RT-17 RT-21 RT-27 when all goroutines wait and nothing is left to wake one: report, exit code 2", async () => {
  const table: [string, number][] = [
    ["deadlock", 1],
    ["deadlockSelect", 1],
    ["deadlockAfterWork", 3],
    ["deadlockForeignPromise", 1],
    ["deadlockUnref", 1],
  ];
  for (const [name, count] of table) {
    const { code, stdout, stderr } = await life(name);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" }, name);
    assert.match(stderr, new RegExp(`^fatal error: all goroutines are asleep - deadlock!\\n\\n${count} goroutines? asleep`), name);
  }
});

test("TM-33 timers that nobody waits on do not hide a deadlock", async () => {
  const { code, stderr } = await life("deadlockLazyTimer");
  assert.equal(code, 2);
  assert.match(stderr, /deadlock!/);
});

test("RT-24 a live handle of the host, or a timer that is armed, is no deadlock", async () => {
  assert.deepEqual(await life("handleKeepsAlive"), { code: 0, stdout: "from the host\n", stderr: "" });
  assert.deepEqual(await life("afterFuncKeepsAlive"), { code: 0, stdout: "from a timer\n", stderr: "" });
});

test("RT-23 goroutines that wait for ever while main lives are no deadlock", async () => {
  assert.deepEqual(await life("partial"), { code: 0, stdout: "done\n", stderr: "" });
});

test("RT-24 main's own signal handlers do not count as something that could wake a goroutine", async () => {
  const { code, stderr } = await ended(signals("doesNotCount"));
  assert.equal(code, 2);
  assert.match(stderr, /deadlock!/);
});

test("TM-30 a million after() that lose their select leave no timer behind and do not keep the program alive", async () => {
  const { code, stdout, stderr } = await life("millionAfter");
  assert.equal(stdout, "0\n");
  assert.match(stderr, /deadlock!/);
  assert.equal(code, 2);
});

test("R1 100,000 and 1,000,000 goroutines wait at once, and go on", async () => {
  for (const n of [100_000, 1_000_000]) {
    assert.deepEqual(await life("manyGoroutines", String(n)), { code: 0, stdout: `${n + 1} goroutines\nall woken\n`, stderr: "" });
  }
});

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
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
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
  for (const [first, second] of [["SIGINT", "SIGINT"], ["SIGTERM", "SIGINT"], ["SIGINT", "SIGTERM"]] as const) {
    const { code, stdout } = await signalled("hangs", [["ready", first], ["draining", second]]);
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
  const child = start([program("../../dist/cli/main.js"), "run", program("signals.mjs"), "fails"]);
  const end = ended(child);
  await printed(child, "ready");
  child.kill("SIGTERM");
  assert.deepEqual(await end, { code: 143, stdout: "ready\nfinally: context canceled\n", stderr: "" });
  assert.equal((await gortRun("life.mjs", ["exitCode"])).code, 7);
});

test("main refuses what is not a function, and a second call", () => {
  assert.throws(() => main(undefined as never), { name: "TypeError", message: "main: expected a function, got undefined" });
});
