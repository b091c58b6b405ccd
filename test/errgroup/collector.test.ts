import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, goexit, gosched } from "gort";
import * as errgroup from "gort/errgroup";
import { ended, start } from "../support/child.js";
import { isPending } from "../support/settle.js";

test("Collector gives the results in the order of go, not of their ends", async () => {
  const c = new errgroup.Collector<number>();
  const open = chan<void>();
  await c.go(async () => (await open.recv(), 1));
  await c.go(() => 2);
  await c.go(async () => (await gosched(), open.close(), 3));
  assert.deepEqual(await c.wait(), [1, 2, 3]);
  await c.go(() => 4);
  assert.deepEqual(await c.wait(), [1, 2, 3, 4]);
});

test("Collector gives an array of its own each time, and an empty one if nothing was started", async () => {
  const c = new errgroup.Collector<number>();
  assert.deepEqual(await c.wait(), []);
  await c.go(() => 1);
  const first = await c.wait();
  first.push(2);
  assert.deepEqual(await c.wait(), [1]);
});

test("Collector rejects with all errors, in the order in which they came, once all have ended", async () => {
  const c = new errgroup.Collector<string>();
  const open = chan<void>();
  await c.go(async () => {
    await open.recv();
    throw new Error("slow");
  });
  await c.go(() => {
    throw "quick";
  });
  await c.go(() => "fine");
  const all = c.wait();
  const settled = all.catch((e: unknown) => e);
  assert.equal(await isPending(settled), true);
  open.close();
  const error = await settled;
  assert.ok(error instanceof AggregateError);
  assert.equal(error.message, "errgroup: 2 of 3 failed");
  assert.deepEqual(error.errors, ["quick", new Error("slow")]);
});

test("Collector wraps a single error as well, and keeps the errors for good", async () => {
  const c = new errgroup.Collector<void>();
  const error = new Error("only");
  await c.go(() => Promise.reject(error));
  for (let i = 0; i < 2; i++) {
    await assert.rejects(
      c.wait(),
      (e) => e instanceof AggregateError && e.errors.length === 1 && e.errors[0] === error,
    );
  }
});

test("Collector never takes a returned value for an error, and a goroutine that exits has no result", async () => {
  const c = new errgroup.Collector<unknown>();
  const returned = new Error("a result");
  await c.go(() => returned);
  await c.go(() => goexit());
  await c.go(async () => goexit());
  assert.deepEqual(await c.wait(), [returned, undefined, undefined]);
});

test("Collector keeps a limit; tryGo that finds no slot takes no place", async () => {
  const c = new errgroup.Collector<string>();
  c.setLimit(1);
  const open = chan<void>();
  assert.equal(
    c.tryGo(async () => (await open.recv(), "a")),
    true,
  );
  assert.equal(
    c.tryGo(() => "lost"),
    false,
  );
  assert.throws(() => c.setLimit(2), { name: "GoPanic", message: /modify limit while 1 goroutines/ });
  const waiting = c.go(() => "b");
  assert.equal(await isPending(waiting), true);
  await open.send();
  await waiting;
  assert.deepEqual(await c.wait(), ["a", "b"]);
});

test("Collector refuses what is no function, and gives it no place", async () => {
  const c = new errgroup.Collector<number>();
  const bad = Promise.resolve(1) as unknown as () => number;
  await assert.rejects(c.go(bad), { name: "TypeError", message: /got a promise/ });
  assert.throws(() => c.tryGo(bad), { name: "TypeError" });
  await c.go(() => 1);
  assert.deepEqual(await c.wait(), [1]);
});

test("EG-8 a GoPanic in a Collector is a panic of the program", async () => {
  const { code, stdout, stderr } = await ended(
    start([
      "--input-type=module",
      "-e",
      `import { chan, main } from "gort"; import * as errgroup from "gort/errgroup";
       main(async () => {
         const c = new errgroup.Collector();
         await c.go(async () => { const ch = chan(); ch.close(); ch.close(); });
         await c.wait().catch(() => {});
         console.log("went on");
       });`,
    ]),
  );
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
  assert.match(stderr, /^panic: close of closed channel\n/);
});
