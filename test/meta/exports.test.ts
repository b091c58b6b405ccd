// What the package offers: its entry points, their names, and that each of them is documented.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Record<string, unknown> };
const entries = Object.keys(manifest.exports)
  .filter((path) => !path.endsWith(".json"))
  .map((path) => path.replace(".", "gort"));

// The contract. A name that is not here is not public, and a name that is here stays.
const contract: Record<string, { values: string; types: string }> = {
  gort: {
    values: "GoPanic chan go goexit gosched main nil select trySelect",
    types: "Cancel CancelCauseFunc CancelFunc Cases Chan Context Key Received RecvChan Selected SendCase SendChan",
  },
  "gort/atomic": { values: "Bool Int32 Int64 Uint32 Uint64 Value", types: "" },
  "gort/context": {
    values:
      "SignalError afterFunc background canceled cause deadlineExceeded fromSignal key notifySignals todo withCancel " +
      "withCancelCause withDeadline withDeadlineCause withTimeout withTimeoutCause withValue withoutCancel",
    types: "CancelCauseFunc CancelFunc Context Key SignalName",
  },
  "gort/errgroup": { values: "Collector Group withContext", types: "" },
  "gort/parallel": { values: "context gomaxprocs map shared task transfer", types: "MapOptions Task" },
  "gort/patterns": {
    values:
      "CircuitBreaker CircuitOpenError Pipeline PoolClosedError QueueFullError WorkerPool batch bridge broadcast " +
      "collect fanIn fanOut filter forEach from fromEvents generate heartbeat map mapAll or orDone pipeTo pipeline " +
      "queue retry take tee toReadable",
    types:
      "BatchOptions CircuitBreakerOptions EventsOptions JobOutcome Latency LimitOptions MapOptions NodeWritable " +
      "PipeOptions PoolStats Progress QueueOptions ReadableOptions RetryOptions ShutdownReport Source StageOptions " +
      "Work WorkerPoolOptions WorkerStats",
  },
  "gort/rate": { values: "Limiter Reservation Sometimes every inf", types: "SometimesOptions Time" },
  "gort/semaphore": { values: "Weighted", types: "" },
  "gort/singleflight": { values: "Group", types: "Result Shared" },
  "gort/sync": { values: "Cond Map Mutex Once Pool RWMutex WaitGroup onceFunc onceValue", types: "Locker" },
  "gort/time": {
    values:
      "Ticker Timer after afterFunc formatDuration hour microsecond millisecond minute nanosecond parseDuration " +
      "roundDuration second sleep tick truncateDuration",
    types: "",
  },
  "gort/runtime": {
    values: "dump gomaxprocs goroutines leaks metrics numCPU numGoroutine onFatal schedTrace stack",
    types: "GoroutineInfo LeakReport Metrics",
  },
};

const words = (text: string) =>
  text
    .split(" ")
    .filter((word) => word !== "")
    .sort();

/** The exported declarations of an entry point's API report: kind, name, and whether a doc comment stands before it. */
function declarations(entry: string): { kind: string; name: string; documented: boolean; body: string }[] {
  const text = readFileSync(`api/${entry.replace("/", "-")}.d.ts`, "utf8");
  const pattern =
    /(\*\/\n)?^export (?:declare )?(?:abstract )?(const|function|class|interface|type|namespace) (\w+)([^]*?)(?=\n\n(?:\/\*\*|export|type|declare)|$(?![^]))/gm;
  return [...text.matchAll(pattern)].map(([, doc, kind = "", name = "", body = ""]) => {
    return { kind, name, documented: doc !== undefined, body };
  });
}

/** What a fresh process finds to be different after an import of `entry`. */
const sideEffects = `
  const state = () => ({
    resources: process.getActiveResourcesInfo().sort(),
    globals: Reflect.ownKeys(globalThis).map(String).sort(),
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
    prototypes: [Array, Promise, Error, Symbol, AbortSignal].flatMap((it) => [it, it.prototype]).map((it) => Reflect.ownKeys(it).length),
    limit: Error.stackTraceLimit,
    exitCode: process.exitCode,
  });
  const before = state();
  await import(process.argv[1]);
  for (let i = 0; i < 100 && process.getActiveResourcesInfo().length > before.resources.length; i++) {
    await new Promise((resolve) => setImmediate(resolve)); // the host closes the files that it has loaded
  }
  console.log(JSON.stringify([before, state()]));
`;

test("the contract covers the entry points of the package, and every index of src is one", () => {
  assert.deepEqual(entries.sort(), Object.keys(contract).sort());
  const folders = readdirSync("src").filter((folder) => existsSync(`src/${folder}/index.ts`));
  assert.deepEqual(entries.sort(), ["gort", ...folders.map((folder) => `gort/${folder}`)].sort());
});

for (const [entry, { values, types }] of Object.entries(contract)) {
  test(`${entry} exports the names of the contract`, async () => {
    const module = (await import(entry)) as object;
    assert.deepEqual(Object.keys(module).sort(), words(values));
    const declared = declarations(entry);
    const isType = ({ kind }: { kind: string }) => kind === "interface" || kind === "type";
    assert.deepEqual(
      declared.filter(isType).map(({ name }) => name),
      words(types),
    );
    assert.deepEqual(
      declared
        .filter((each) => !isType(each))
        .map(({ name }) => name)
        .sort(),
      words(values),
    );
  });

  test(`${entry} has a doc comment on every name, and on every method`, () => {
    for (const { kind, name, documented, body } of declarations(entry)) {
      assert.ok(documented, `${entry}: ${name} has no doc comment`);
      if (kind !== "class" && kind !== "interface") continue;
      const methods = body.matchAll(/(\*\/\n|;\n|\{\n)^ {2}(\w+)(?:<[^(]*>)?\(/gm);
      for (const [, before, method] of methods) {
        assert.ok(before === "*/\n" || method === "constructor", `${entry}: ${name}.${method} has no doc comment`);
      }
    }
  });

  test(`${entry} has no side effects when it is imported, and keeps no process alive`, () => {
    const args = ["--input-type=module", "--eval", sideEffects, entry];
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
    assert.equal(stderr, "");
    assert.deepEqual({ status, signal }, { status: 0, signal: null });
    const [before, after] = JSON.parse(stdout) as [unknown, unknown];
    assert.deepEqual(after, before);
  });
}
