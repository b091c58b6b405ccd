// What is left of a thread that dies, beyond its tasks: counts, numbers, and those whom it would have woken.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gomaxprocs, shared } from "gort/parallel";
import { gortRun } from "../support/child.js";
import { holdTwo } from "../support/held.js";
import { internal } from "../support/internal.js";
import { lives } from "../support/shared.js";
import { answerLate, submitAndDie } from "./tasks/processors.js";
import { never } from "./tasks/never-loads.js";
import { add } from "./tasks/work.js";

type Layout = Record<
  "THREADS" | "RECORD" | "STATE" | "MAIL" | "PARK" | "RUN" | "SYSTEM_THREAD" | "LOCK" | "RECV_LOCK",
  number
>;

interface Inside {
  readonly i32: Int32Array;
  readonly core: {
    claimThread(state: number): number;
    alloc(bytes: number): number;
    declareDead(thread: number): void;
    sweep(thread: number, why: number, code: number): void;
    bury(thread: number): void;
  };
}

// The runner of Node 20 takes an event loop that is empty for a moment for the end.
const alive = setInterval(() => {}, 2 ** 30);
after(() => clearInterval(alive));

const turns = async (n: number) => {
  while (n-- > 0) await new Promise((resolve) => setImmediate(resolve));
};

test("a processor that dies before it has begun does not count as starting for ever", async () => {
  const preload: unique symbol = Symbol.for("gort.preload") as never;
  const everywhere = globalThis as { [preload]?: readonly string[] };
  everywhere[preload] = [new URL("tasks/first-exits.js", import.meta.url).href];
  gomaxprocs(1);
  assert.equal(await add.run(1, 2), 3);
  delete everywhere[preload];
});

test("the result of a task whose submitter has died reaches nobody, least of all the next thread of that number", async () => {
  gomaxprocs(2);
  const [here, go, die] = [shared.chan(1), shared.chan(), shared.chan()];
  const dies = submitAndDie.run(here as never, go as never, die as never);
  while (here.len === 0) await turns(1);
  await die.send(1);
  await assert.rejects(dies, { code: "ERR_PROCESSOR_DIED" });
  const end = await holdTwo(); // the number is in use again
  await go.send(1);
  await turns(100);
  await end();
  go.close();
  assert.equal(await add.run(1, 2), 3);
  assert.deepEqual(Object.keys(await answerLate.run(shared.chan(1) as never, go as never)), ["a"]);
});

test("whoever sleeps is kicked after a death, since the dead may have posted to them and not come to kick", async () => {
  const { thread } = await internal<{ thread(): Inside }>("shared/thread.js");
  const { THREADS, RECORD, STATE, MAIL, PARK, RUN } = await internal<Layout>("shared/wasm/layout.js");
  const { i32, core } = thread();
  const [dead, sleeper] = [core.claimThread(RUN), core.claimThread(RUN)];
  const word = (n: number, offset: number) => (THREADS + n * RECORD + offset) >> 2;
  i32[word(sleeper, STATE)] = PARK;
  i32[word(sleeper, MAIL)] = core.alloc(64);
  core.declareDead(dead);
  core.sweep(dead, 1, 0);
  assert.equal(i32[word(sleeper, STATE)], RUN);
  i32[word(sleeper, MAIL)] = 0;
  core.bury(dead);
  core.bury(sleeper);
});

test(
  "a lock that a thread has died with is taken by whoever comes next",
  { skip: process.platform !== "linux" },
  async () => {
    const { thread } = await internal<{ thread(): Inside }>("shared/thread.js");
    const { THREADS, RECORD, RUN, SYSTEM_THREAD, LOCK, RECV_LOCK } = await internal<Layout>("shared/wasm/layout.js");
    const { i32, core } = thread();
    const dead = core.claimThread(RUN);
    i32[(THREADS + dead * RECORD + SYSTEM_THREAD) >> 2] = 2 ** 30; // more than Linux ever gives
    const ch = shared.chan<number>(1);
    const { pointer } = ch as unknown as { pointer: number };
    i32[(pointer + LOCK) >> 2] = dead + 1;
    assert.equal(ch.trySend(1), true);
    i32[(pointer + RECV_LOCK) >> 2] = dead + 1;
    assert.equal(ch.tryRecv()?.[0], 1);
    core.bury(dead);
  },
);

test("what was on its way to a task whose thread died before it could read it is let go of", async () => {
  const ch = shared.chan<number>(1);
  const { pointer } = ch as unknown as { pointer: number };
  await assert.rejects(never.run(ch), { code: "ERR_PROCESSOR_DIED", message: /exit code 7/ });
  assert.ok(lives(pointer));
  ch[Symbol.dispose]();
  assert.ok(!lives(pointer));
});

test("a deadlock is reported also if the last thread that was awake has ended", async () => {
  const { code, stderr } = await gortRun("parallel/life.ts", ["endsLater"]);
  assert.equal(code, 2);
  assert.match(stderr, /^fatal error: all goroutines are asleep - deadlock!\n/);
});
