// Contexts that cross to other threads.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { select, type Cancel } from "gort";
import * as context from "gort/context";
import { context as ofTask, gomaxprocs, map, shared } from "gort/parallel";
import { Calling, Embedding, Own } from "../context/foreign.js";
import { settle } from "../support/settle.js";
import { CONTEXT, countObjects, countSent, until } from "../support/shared.js";
import * as tasks from "./tasks/contexts.js";
import type { Seen } from "./tasks/contexts.js";

gomaxprocs(2);

const bg = context.background();
const clock = () => performance.timeOrigin + performance.now();
const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;
const reports = () => shared.chan<Seen | "began">(2);

/** The end of a context, as a task has reported it. */
async function end(report: { recv(): Promise<Seen | "began" | undefined> }): Promise<Seen> {
  return (await report.recv()) as Seen;
}

/** What there is of contexts in the shared memory: those of arguments stay until the collector finds them. */
function thereAre(): [sent: number, objects: number] {
  return [countSent(), countObjects(CONTEXT)];
}

async function noMoreThan([sent, objects]: readonly [number, number]): Promise<void> {
  await until(() => countSent() <= sent && countObjects(CONTEXT) <= objects, "no more contexts in the shared memory");
}

test("a task that runs sees that its context is canceled, and why, and goes on", async () => {
  const before = thereAre();
  const report = reports();
  const [ctx, cancel] = context.withCancelCause(bg);
  const run = tasks.own.runWith(ctx, report);
  assert.equal(await report.recv(), "began");
  await settle();
  cancel(new RangeError("enough"));
  await assert.rejects(run, (error) => error === context.canceled);
  const seen = await end(report);
  assert.deepEqual({ ...seen, at: 0 }, { err: "canceled", cause: "enough", doneClosed: true, at: 0 });
  await noMoreThan(before);
});

test("a deadline crosses, and its error keeps its identity", async () => {
  const report = reports();
  const [ctx, cancel] = context.withTimeoutCause(bg, 600, new Error("too slow"));
  const run = tasks.given.run(ctx, report);
  const at = (ctx.deadline() as Date).getTime();
  assert.deepEqual(await tasks.deadlineOf.runWith(ctx, ctx), [ctx.deadline(), ctx.deadline()]);
  await report.recv();
  const seen = await end(report);
  assert.equal(seen.err, "deadlineExceeded");
  assert.equal(seen.cause, "too slow");
  assert.ok(seen.at >= at, `${at - seen.at} ms too early`);
  await run;
  cancel();
});

test("a deadline counts on the receiver's clock, though the sender is busy", async () => {
  const report = reports();
  const [ctx, cancel] = context.withTimeout(bg, 100);
  const run = tasks.given.run(ctx, report);
  await report.recv();
  const at = (ctx.deadline() as Date).getTime();
  while (clock() < at + 300); // nobody here can tell anybody
  const late = clock();
  const seen = await end(report);
  assert.equal(seen.err, "deadlineExceeded");
  assert.ok(seen.at >= at && seen.at < late, `${seen.at - at} ms after the deadline`);
  await run;
  cancel();
});

test("a task that computes and never awaits sees its context end when it asks", async () => {
  for (const given of [false, true]) {
    const flags = new Int32Array(new SharedArrayBuffer(8));
    const [ctx, cancel] = context.withCancelCause(bg);
    const run = given ? tasks.computing.run(flags, ctx) : tasks.computing.runWith(ctx, flags);
    await until(() => flags[0] === 1, "the task computes");
    cancel(new Error("stop"));
    if (given) assert.equal((await run).cause, "stop");
    else await assert.rejects(run, (error) => error === context.canceled);
    await until(() => flags[1] === 1, "it has seen it");
  }
});

test("a done channel that is asked, and never waited for, is closed in time", async () => {
  const ready = shared.chan<void>();
  const [ctx, cancel] = context.withCancelCause(bg);
  const run = tasks.trying.run(ctx, ready);
  await ready.recv();
  cancel(new Error("asked"));
  assert.equal((await run).cause, "asked");
});

test("background and TODO cross as themselves, and what never ends as the background", async () => {
  const key = context.key<number>("k");
  const [child] = context.withCancel(bg);
  const never = [context.withValue(bg, key, 1), context.withoutCancel(child)];
  const ended = context.withCancel(bg);
  ended[1]();
  const late = context.withTimeout(bg, 0)[0];
  const before = countObjects(CONTEXT);
  const all = [bg, context.todo(), ...never, ended[0], late].map((ctx) => ({ ctx }));
  assert.deepEqual(await tasks.which.run(all), [
    "background",
    "todo",
    "background",
    "background",
    "canceled",
    "deadlineExceeded",
  ]);
  assert.ok(countObjects(CONTEXT) <= before);
});

test("a context that has ended before it is sent arrives with its cause", async () => {
  const [ctx, cancel] = context.withCancelCause(bg);
  cancel(new Error("before"));
  const report = reports();
  await tasks.given.run(ctx, report);
  await report.recv();
  assert.equal((await end(report)).cause, "before");
  await assert.rejects(tasks.nothing.runWith(ctx), (error) => error === context.canceled);
});

test("a context is one context, however often it is in a message, and itself where it comes from", async () => {
  const [ctx, cancel] = context.withCancel(bg);
  const { signal } = new AbortController();
  const before = countSent();
  assert.equal(await tasks.same.run(ctx, { deep: [ctx] }), true);
  assert.equal(await tasks.same.run(signal, { deep: [signal] }), true);
  assert.ok(countSent() <= before + 2);
  assert.equal(await tasks.echo.run(ctx), ctx);
  assert.equal(((await tasks.echo.run({ deep: [signal] })) as { deep: unknown[] }).deep[0], signal);
  cancel();
});

test("a context crosses within a channel's value, and from there to others", async () => {
  const [ctx, cancel] = context.withCancelCause(bg);
  const to = shared.chan<{ ctx: context.Context }>(1);
  const report = shared.chan<Seen>(3);
  const runs = [tasks.through.run(to, report), tasks.through.run(to, report)];
  await to.send({ ctx });
  await to.send({ ctx });
  const passing = shared.chan<Seen | "began">(2);
  const passed = tasks.passing.runWith(ctx, passing).catch(() => {});
  assert.equal(await passing.recv(), "began");
  cancel(new Error("all of them"));
  assert.equal((await report.recv())?.cause, "all of them");
  assert.equal((await report.recv())?.cause, "all of them");
  assert.equal((await end(passing)).cause, "all of them");
  await Promise.allSettled([...runs, passed]);
});

test("a context of a task reaches the main thread, and ends there", async () => {
  const before = thereAre();
  const [ctx, cancel] = context.withCancelCause(bg);
  const to = shared.chan<context.Context>(1);
  const die = shared.chan<void>();
  const run = tasks.dying.runWith(ctx, to, die);
  const theirs = (await to.recv()) as context.Context;
  const [child] = context.withCancel(theirs);
  assert.equal(theirs.err(), undefined);
  const s = select({ done: child.done() });
  die.close();
  await assert.rejects(run, { code: "ERR_PROCESSOR_DIED" });
  assert.equal((await s).case, "done");
  assert.equal(theirs.err(), context.canceled);
  assert.match(String(context.cause(child)), /thread that the context belongs to has ended/);
  cancel();
  await noMoreThan(before);
});

test("contexts of another make cross", async () => {
  for (const make of [() => new Own(), () => new Calling()]) {
    const report = reports();
    const ctx = make();
    const why = new Error("of another make");
    const run = tasks.given.run(ctx, report);
    await report.recv();
    ctx.end(why);
    assert.deepEqual({ ...(await end(report)), at: 0 }, { err: "other", cause: why.message, doneClosed: true, at: 0 });
    await run;
  }
  const report = reports();
  const [inner, cancel] = context.withCancelCause(bg);
  const rejected = assert.rejects(tasks.own.runWith(new Embedding(inner), report));
  await report.recv();
  cancel(new Error("within"));
  assert.equal((await end(report)).cause, "within");
  await rejected;
  const calling = new Calling();
  await tasks.using.runWith(calling);
  await until(() => calling.functions.size === 0, "nothing to be called");
});

test("a plain object is a context for runWith", async () => {
  const [inner, cancel] = context.withCancel(bg);
  const plain = {
    deadline: () => inner.deadline(),
    done: () => inner.done(),
    err: () => inner.err(),
    value: () => undefined,
    signal: inner.signal,
  };
  const report = reports();
  const rejected = assert.rejects(tasks.own.runWith(plain, report), (error) => error === context.canceled);
  await report.recv();
  cancel();
  assert.equal((await end(report)).err, "canceled");
  await rejected;
});

test("an AbortSignal crosses as an AbortSignal, with any reason", async () => {
  const reasons: [sent: unknown, check: (reason: unknown) => void][] = [
    [undefined, (reason) => assert.equal((reason as Error).name, "AbortError")],
    [new RangeError("far"), (reason) => assert.ok(reason instanceof RangeError && reason.message === "far")],
    [{ why: ["plain"] }, (reason) => assert.deepEqual(reason, { why: ["plain"] })],
    ["text", (reason) => assert.equal(reason, "text")],
    [() => "code", (reason) => assert.ok(reason instanceof Error && reason.message === '() => "code"')],
  ];
  for (const [sent, check] of reasons) {
    const controller = new AbortController();
    const report = shared.chan<unknown>(2);
    const run = tasks.onSignal.run(controller.signal, report);
    assert.deepEqual(await report.recv(), { isSignal: true, aborted: false });
    controller.abort(sent);
    check(await report.recv());
    await run;
    const again = tasks.onSignal.run(controller.signal, report);
    assert.deepEqual(await report.recv(), { isSignal: true, aborted: true });
    check(await report.recv());
    await again;
  }
});

test("an AbortSignal is a context for runWith, and its reason the cause", async () => {
  const controller = new AbortController();
  const report = reports();
  const run = tasks.own.runWith(controller.signal, report);
  await report.recv();
  controller.abort(new Error("of the signal"));
  await assert.rejects(run, { message: "of the signal" });
  assert.deepEqual(
    { ...(await end(report)), at: 0 },
    { err: "canceled", cause: "of the signal", doneClosed: true, at: 0 },
  );
  await until(() => listeners(controller.signal) === 0, "no listeners");
});

test("context() is the task's own, after awaits and in its goroutines, whatever runs between", async () => {
  assert.equal(ofTask(), bg);
  const meet = shared.chan<number>();
  const runs = Array.from({ length: 6 }, (_, i) => {
    const [ctx, cancel] = context.withTimeout(bg, 1e6 + i * 1e5);
    const at = (ctx.deadline() as Date).getTime();
    return tasks.everywhere.runWith(ctx, meet).then((seen) => {
      assert.deepEqual(
        seen,
        Array.from(seen, () => at),
      );
      cancel();
    });
  });
  const without = Array.from({ length: 6 }, () => tasks.isBackground.run());
  for (let i = 0; i < 6; i++) await meet.recv();
  await Promise.all(runs);
  assert.deepEqual(new Set(await Promise.all(without)), new Set([true]));
});

test("a task's context ends with the task", async () => {
  gomaxprocs(1);
  const [ctx, cancel] = context.withCancel(bg);
  const before = countSent();
  assert.equal(await tasks.leaves.runWith(ctx), true);
  assert.ok(countSent() <= before);
  const seen = await Promise.all([1, 2, 3, 4].map(() => tasks.whatIsLeft.run().catch(() => undefined)));
  assert.ok(seen.some((each) => each?.err === "canceled" && each.doneClosed));
  assert.equal(ctx.err(), undefined);
  cancel();
  gomaxprocs(2);
});

test("when tasks have ended, nothing of their contexts stays: no listener, no object, no goroutine", async () => {
  const before = thereAre();
  const { signal } = new AbortController();
  const [parent] = context.withCancel(bg);
  for (const ctx of [parent, signal] as Cancel[]) {
    await Promise.all(Array.from({ length: 500 }, () => tasks.using.runWith(ctx)));
    await Promise.all(Array.from({ length: 100 }, () => tasks.nothing.runWith(ctx)));
  }
  assert.ok(countSent() <= before[0]);
  assert.ok(countObjects(CONTEXT) <= before[1]);
  assert.equal(listeners(signal), 0);
  assert.equal((parent as unknown as { branches: { head: unknown } }).branches.head, undefined);
});

test("tasks that are canceled, before they begin or after, leave nothing of their contexts", async () => {
  const before = thereAre();
  for (let i = 0; i < 20; i++) {
    const [ctx, cancel] = context.withCancel(bg);
    const runs = Array.from({ length: 20 }, () => tasks.using.runWith(ctx).catch(() => {}));
    if (i % 2 === 0) await tasks.nothing.run();
    cancel();
    await Promise.all(runs);
  }
  await tasks.nothing.run();
  await noMoreThan(before);
  const [ctx, cancel] = context.withCancel(bg);
  await assert.rejects(tasks.own.runWith(ctx, (() => {}) as never), TypeError);
  await noMoreThan(before);
  cancel();
});

test("contexts and signals among arguments go when the collector finds that nobody has them", async () => {
  const controllers = Array.from({ length: 50 }, () => new AbortController());
  const contexts = controllers.map(() => context.withCancel(bg)[0]);
  for (let i = 0; i < 50; i++) {
    await tasks.touching.run(contexts[i] as context.Context, (controllers[i] as AbortController).signal);
  }
  assert.ok(countSent() > 0);
  for (let i = 0; i < 50 && countSent() > 0; i++) await Promise.all([tasks.collect.run(), tasks.collect.run()]);
  assert.equal(countObjects(CONTEXT), 0);
  for (const { signal } of controllers) assert.equal(listeners(signal), 0);
});

test("a signal that has a listener stays, though nobody else has it", async () => {
  const controller = new AbortController();
  const report = shared.chan<unknown>(1);
  await tasks.forgetful.run(controller.signal, report);
  for (let i = 0; i < 4; i++) await Promise.all([tasks.collect.run(), tasks.collect.run()]);
  controller.abort();
  assert.equal(await report.recv(), "aborted");
});

test("CX-24 100 contexts in a parent chain, in two threads and cancelled in any order: all end", async () => {
  const chain = [context.withCancel(bg)];
  for (let i = 1; i < 100; i++) chain.push(context.withCancel((chain[i - 1] as [context.Context, unknown])[0]));
  const report = shared.chan<Seen | "began">(200);
  const runs = chain.map(([ctx]) => tasks.given.run(ctx, report));
  for (let i = 0; i < 100; i++) assert.equal(await report.recv(), "began");
  for (let i = 0; i < 100; i++) chain[(i * 37) % 100]?.[1]();
  for (let i = 0; i < 100; i++) assert.equal((await end(report)).err, "canceled");
  await Promise.all(runs);
});

test("CX-27 a parent that ends while children of it are made elsewhere: each ends, with its cause", async () => {
  const ready = shared.chan<void>();
  for (let i = 0; i < 10; i++) {
    const [ctx, cancel] = context.withCancelCause(bg);
    const runs = [tasks.children.run(ctx, ready), tasks.children.run(ctx, ready)];
    await ready.recv();
    await ready.recv();
    await settle();
    cancel(new Error("the parent's"));
    assert.deepEqual(await Promise.all(runs), [0, 0]);
  }
});

test("CX-40 once the done channel is closed the cause is there, in every thread", async () => {
  const ready = shared.chan<void>();
  for (let i = 0; i < 20; i++) {
    const [ctx, cancel] = context.withCancelCause(bg);
    const runs = [tasks.causes.run(ctx, ready), tasks.causes.run(ctx, ready)];
    await ready.recv();
    await ready.recv();
    cancel(new Error(`cause ${i}`));
    for (const all of await Promise.all(runs)) {
      assert.deepEqual(
        all,
        Array.from(all, () => `cause ${i}`),
      );
    }
  }
});

test("map hands its context to its tasks", async () => {
  const before = thereAre();
  const [ctx, cancel] = context.withTimeout(bg, 1e6);
  const at = ctx.deadline();
  assert.deepEqual(await map(ctx, [1, 2, 3], tasks.deadlineAnd), [
    [1, at],
    [2, at],
    [3, at],
  ]);
  cancel();
  await noMoreThan(before);
});

test("what is no context is refused by runWith", async () => {
  await assert.rejects(tasks.nothing.runWith(42 as never), {
    name: "TypeError",
    message: /must be a Context or an AbortSignal/,
  });
  await assert.rejects(tasks.nothing.runWith(null as never), TypeError);
  await assert.rejects(tasks.nothing.runWith({} as never), TypeError);
});
