// Tasks: where they run, what they give, how they fail.

import assert from "node:assert/strict";
import { test } from "node:test";
import { threadId } from "node:worker_threads";
import { chan, go, select } from "gort";
import { background, canceled, withCancel } from "gort/context";
import { gomaxprocs, map, shared, task } from "gort/parallel";
import * as work from "./tasks/work.js";

gomaxprocs(2);

test("a task that is called runs here, and one that is run runs on another thread", async () => {
  assert.equal(work.where(), threadId);
  assert.notEqual(await work.where.run(), threadId);
  assert.equal(work.add.name, "add");
});

test("a task gives its result, of every kind that can cross", async () => {
  assert.equal(await work.add.run(2, 3), 5);
  for (const value of [
    undefined,
    null,
    "text",
    10n,
    { a: [1, { b: 2 }] },
    new Map([["k", new Set([1])]]),
    new Date(0),
  ]) {
    assert.deepEqual(await work.echo.run(value), value);
  }
});

test("a task that fails rejects with its error: class, cause, code and remote stack", async () => {
  await assert.rejects(work.failing.run("range"), (error: Error) => {
    assert.ok(error instanceof RangeError);
    assert.equal(error.message, "out of range");
    assert.equal((error.cause as Error).message, "the cause");
    assert.match(error.stack ?? "", /tasks\/work\.(js|ts)/);
    return true;
  });
  await assert.rejects(work.failing.run("code"), { code: "ERR_OWN" });
  await assert.rejects(work.failing.run("string"), (error) => error === "a string");
  await assert.rejects(work.failing.run("function"), { message: "with a function" });
  assert.equal(await work.failing.run("goexit"), undefined);
});

test("what cannot cross is refused at the call, with its path and the remedy", async () => {
  await assert.rejects(work.echo.run({ config: { onDone: () => {} } }), {
    name: "TypeError",
    message: /^run: argument 1 \.config\.onDone is a function, which cannot leave its thread; .*task\(\)/,
  });
  await assert.rejects(work.echo.run(chan(1)), { name: "TypeError", message: /shared\.chan/ });
  assert.throws(() => go(work.echo, () => {}), { name: "TypeError", message: /argument 1 is a function/ });
  await assert.rejects(work.unsendable.run(), {
    name: "TypeError",
    message: /the result of task unsendable.*\.deep\.f/,
  });
});

test("task refuses what is no module-level function with a name", () => {
  const meta = import.meta;
  assert.throws(() => task(meta, () => {}), { name: "TypeError", message: /must have a name/ });
  assert.throws(() => task(undefined as never, () => {}), { name: "TypeError", message: /import\.meta/ });
  assert.throws(() => task(meta, 5 as never), { name: "TypeError", message: /expected a function, got number/ });
  task(meta, function twice() {});
  assert.throws(() => task(meta, function twice() {}), /two tasks of the name twice/);
});

test("RT-5 as many tasks as there are processors run at the same time", async () => {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const threads = await Promise.all([work.meet.run(cell, 2), work.meet.run(cell, 2)]);
  assert.notEqual(threads[0], threads[1]);
});

test("a hundred thousand tasks at once all give their results", async () => {
  const all = await Promise.all(Array.from({ length: 100_000 }, (_, i) => work.add.run(i, 1)));
  assert.ok(all.every((n, i) => n === i + 1));
});

test("tasks run tasks, however deep and however many", async () => {
  assert.equal(await work.nested.run(50), 51);
  assert.equal(await work.fan.run(1000), 500_500);
});

test("a channel reaches a task, and carries values both ways in order", async () => {
  const [ping, pong] = [shared.chan<number>(), shared.chan<number>(3)];
  const done = work.pingpong.run(ping, pong);
  for (let i = 0; i < 100; i++) {
    await ping.send(i);
    assert.equal(await pong.recv(), i + 1);
  }
  ping.close();
  await done;
  assert.equal(await pong.recv(), undefined);

  const numbers = shared.chan<number>(10);
  go(work.produce, numbers, 1000);
  let next = 0;
  for await (const n of numbers) assert.equal(n, next++);
  assert.equal(next, 1000);
});

test("a select takes shared and local channels and contexts in one record", async () => {
  const numbers = shared.chan<number>();
  const quit = chan<string>();
  const [ctx, cancel] = withCancel(background());
  go(work.produce, numbers, 3);
  const seen: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    const s = await select({ numbers, quit, done: ctx.done() });
    seen.push(s.case === "numbers" ? s.value : s.case);
  }
  go(() => quit.send("quit"));
  assert.deepEqual(await select({ idle: shared.chan(), quit, done: ctx.done() }), {
    case: "quit",
    value: "quit",
    ok: true,
  });
  cancel();
  assert.equal((await select({ idle: shared.chan(), quit, done: ctx.done() })).case, "done");
  assert.deepEqual(seen, [0, 1, 2, undefined]);
});

test("runWith rejects with its context's error; a task that has not begun never does", async () => {
  const [ctx, cancel] = withCancel(background());
  const waiting = work.never.runWith(ctx);
  cancel();
  await assert.rejects(waiting, (error) => error === canceled);
  await assert.rejects(work.add.runWith(ctx, 1, 2), (error) => error === canceled);
});

test("map gives the results in order, and ends with the first error", async () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  assert.deepEqual(await map(background(), items, work.echo), items);
  await assert.rejects(map(background(), ["range", "never"], work.failing), { message: "out of range" });
  const [ctx, cancel] = withCancel(background());
  cancel();
  await assert.rejects(map(ctx, items, work.echo), (error) => error === canceled);
  await assert.rejects(map(background(), items, work.echo, { limit: 0 }), { name: "RangeError" });
});
