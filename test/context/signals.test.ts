import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { spawnSync } from "node:child_process";
import { trySelect } from "gort";
import * as context from "gort/context";
import { settle } from "../support/settle.js";

const bg = context.background();
const before = process.listenerCount("SIGHUP");
const listening = () => process.listenerCount("SIGHUP") - before;
const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

test("fromSignal ends with the signal, at once, as canceled, with the signal's reason as its cause", () => {
  const controller = new AbortController();
  const [ctx] = context.fromSignal(controller.signal);
  const [child] = context.withCancel(ctx);
  assert.equal(ctx.err(), undefined);
  const why = new Error("why");
  controller.abort(why);
  assert.deepEqual([ctx.err(), child.err()], [context.canceled, context.canceled]);
  assert.deepEqual([context.cause(ctx), context.cause(child), child.signal.reason], [why, why, why]);
  assert.notEqual(trySelect({ done: child.done() }), undefined);
});

test("fromSignal wraps a reason that is no Error; the platform's own reasons stay as they are", () => {
  const cause = context.cause(context.fromSignal(AbortSignal.abort("stop"))[0]);
  assert.ok(cause instanceof Error);
  assert.equal(cause.message, "aborted: stop");
  assert.equal(cause.cause, "stop");
  const signal = AbortSignal.abort();
  assert.equal(context.cause(context.fromSignal(signal)[0]), signal.reason);
});

test("fromSignal ends with its parent, or by its cancel; its listener goes with it", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const [parent, cancelParent] = context.withCancelCause(bg);
  const [first, cancelFirst] = context.fromSignal(signal, parent);
  const [second] = context.fromSignal(signal, parent);
  assert.equal(listeners(signal), 1); // one for all
  cancelFirst();
  assert.equal(first.err(), context.canceled);
  assert.equal(second.err(), undefined);
  assert.equal(listeners(signal), 1);
  const why = new Error("why");
  cancelParent(why);
  assert.equal(context.cause(second), why);
  assert.equal(listeners(signal), 0);
  controller.abort();
  assert.equal(context.cause(first), context.canceled);
  assert.equal(context.cause(second), why);
});

test("fromSignal on a signal that has aborted, or a parent that is done, leaves no listener", () => {
  const aborted = AbortSignal.abort(new Error("before"));
  const [ctx] = context.fromSignal(aborted);
  assert.equal(context.cause(ctx), aborted.reason);
  const [parent, cancel] = context.withCancel(bg);
  cancel();
  const { signal } = new AbortController();
  assert.equal(context.fromSignal(signal, parent)[0].err(), context.canceled);
  assert.equal(listeners(signal), 0);
});

test("fromSignal refuses what is no signal", () => {
  assert.throws(() => context.fromSignal(bg as never), { name: "TypeError", message: /expected an AbortSignal/ });
  assert.throws(() => context.fromSignal(undefined as never), { name: "TypeError" });
});

test("a context made from its own child's signal, and back, ends as a whole", () => {
  const [root, cancel] = context.withCancelCause(bg);
  const [round] = context.fromSignal(root.signal, root);
  const [again] = context.fromSignal(round.signal);
  const why = new Error("why");
  cancel(why);
  for (const ctx of [root, round, again]) assert.equal(context.cause(ctx), why);
  assert.equal(listeners(root.signal) + listeners(round.signal), 0);
});

test("a listener of a signal that cancels the contexts made from it does no harm", () => {
  const controller = new AbortController();
  const made = Array.from({ length: 3 }, () => context.fromSignal(controller.signal));
  for (const [ctx] of made) {
    ctx.signal.addEventListener("abort", () => {
      for (const [, cancel] of made) cancel();
      controller.abort(new Error("again"));
    });
  }
  const why = new Error("why");
  controller.abort(why);
  assert.equal(context.cause(made[0]?.[0] ?? bg), why);
  assert.ok(made.every(([ctx]) => ctx.err() === context.canceled));
  assert.equal(listeners(controller.signal), 0);
});

test("CX-52 CX-56 every notifySignals context ends with its signal; the cause names it", async () => {
  const [first] = context.notifySignals(bg, "SIGHUP", "SIGWINCH");
  const [second] = context.notifySignals(first, "SIGHUP");
  const [other, stop] = context.notifySignals(bg, "SIGWINCH");
  const alive = setInterval(() => {}, 1e6); // a handler for a signal does not keep the program going
  process.kill(process.pid, "SIGHUP");
  await first.done().recv();
  await second.done().recv();
  clearInterval(alive);
  for (const ctx of [first, second]) {
    assert.equal(ctx.err(), context.canceled);
    const cause = context.cause(ctx);
    assert.ok(cause instanceof context.SignalError);
    assert.equal(cause.signal, "SIGHUP");
    assert.match(cause.message, /SIGHUP/);
  }
  assert.equal(other.err(), undefined);
  stop();
  assert.equal(listening(), 0);
});

test("CX-53 stop ends the context and its listening; stopping again does nothing", () => {
  const [ctx, stop] = context.notifySignals(bg, "SIGHUP");
  assert.equal(listening(), 1);
  stop();
  stop();
  assert.equal(ctx.err(), context.canceled);
  assert.equal(context.cause(ctx), context.canceled);
  assert.equal(listening(), 0);
});

test("CX-54 the end of the parent ends it, also before it was made", () => {
  const [parent, cancel] = context.withCancel(bg);
  const [ctx] = context.notifySignals(parent, "SIGHUP");
  cancel();
  assert.equal(ctx.err(), context.canceled);
  assert.equal(context.notifySignals(parent, "SIGHUP")[0].err(), context.canceled);
  assert.equal(listening(), 0);
});

test("CX-55 it prints its parent and its signals", () => {
  const [parent] = context.withCancel(bg);
  const [ctx, stop] = context.notifySignals(parent, "SIGHUP", "SIGTERM");
  assert.equal(String(ctx), "signal.NotifyContext(context.Background.WithCancel, [SIGHUP SIGTERM])");
  assert.equal(String(context.withCancel(ctx)[0]), `${String(ctx)}.WithCancel`);
  stop();
});

test("notifySignals without a signal is a TypeError", () => {
  assert.throws(() => context.notifySignals(bg), { name: "TypeError", message: /at least one signal/ });
});

test("CX-53 once a signal has ended the context, the next one does what it does by default", () => {
  const program = `
    import * as context from "gort/context";
    const [ctx] = context.notifySignals(context.background(), "SIGTERM");
    const timer = setInterval(() => {}, 1000);
    context.afterFunc(ctx, () => process.kill(process.pid, "SIGTERM"));
    process.kill(process.pid, "SIGTERM");`;
  const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { timeout: 20_000 });
  assert.equal(signal, "SIGTERM");
});

test("CX-17 a cancelled time-out and a listening context do not keep a program alive", () => {
  const program = `
    import * as context from "gort/context";
    const [ctx, cancel] = context.withTimeout(context.background(), 1e8);
    context.notifySignals(ctx, "SIGTERM");
    context.fromSignal(new AbortController().signal);
    cancel();
    context.notifySignals(context.background(), "SIGTERM");
    console.log("end");`;
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    timeout: 20_000,
    encoding: "utf8",
  });
  assert.deepEqual([stdout, status], ["end\n", 0]);
});

test("signals and contexts make nothing of each other's listeners: a handler of the user's own is not touched", async () => {
  const { signal } = new AbortController();
  const own = () => {};
  signal.addEventListener("abort", own);
  const [, cancel] = context.fromSignal(signal);
  cancel();
  await settle();
  assert.equal(listeners(signal), 1);
});
