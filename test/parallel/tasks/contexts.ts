// Tasks that look at contexts.

import { go, gosched, select, trySelect, type Chan, type RecvChan, type SendChan } from "gort";
import * as ctxs from "gort/context";
import type { Context } from "gort/context";
import { context, shared, task } from "gort/parallel";

/** What another thread can be told of an error of a context. */
export interface Seen {
  readonly err: string;
  readonly cause: string;
  readonly doneClosed: boolean;
  readonly at: number;
}

export function see(ctx: Context): Seen {
  const err = ctx.err();
  const at = performance.timeOrigin + performance.now();
  let name = err === undefined ? "none" : "other";
  if (err === ctxs.canceled) name = "canceled";
  if (err === ctxs.deadlineExceeded) name = "deadlineExceeded";
  const cause = ctxs.cause(ctx);
  return { err: name, cause: cause?.message ?? "none", doneClosed: ctx.done().tryRecv()?.[1] === false, at };
}

/** Tells how its own context ends. */
export const own = task(import.meta, async function own(report: SendChan<Seen | "began">) {
  await report.send("began");
  const ctx = context();
  await ctx.done().recv();
  await report.send(see(ctx));
});

/** The same of one that it is given. */
export const given = task(import.meta, async function given(ctx: Context, report: SendChan<Seen | "began">) {
  await report.send("began");
  await ctx.done().recv();
  await report.send(see(ctx));
});

/** Computes, and never awaits, until its context has ended. */
export const computing = task(import.meta, function computing(began: Int32Array, ctx?: Context) {
  Atomics.store(began, 0, 1);
  Atomics.notify(began, 0);
  const mine = ctx ?? context();
  while (mine.err() === undefined);
  Atomics.store(began, 1, 1);
  return see(mine);
});

/** Which of the contexts that every thread has they are. */
export const which = task(import.meta, function which(all: { ctx: Context }[]) {
  return all.map(({ ctx }) => {
    if (ctx === ctxs.background()) return "background";
    return ctx === ctxs.todo() ? "todo" : see(ctx).err;
  });
});

export const deadlineOf = task(import.meta, function deadlineOf(ctx: Context) {
  return [ctx.deadline(), context().deadline()];
});

export const same = task(import.meta, function same(a: unknown, b: { deep: [unknown] }) {
  return a === b.deep[0];
});

export const echo = task(import.meta, function echo(value: unknown) {
  return value;
});

export const onSignal = task(import.meta, async function onSignal(signal: AbortSignal, report: SendChan<unknown>) {
  const isSignal = signal instanceof AbortSignal;
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await report.send({ isSignal, aborted: signal.aborted });
  if (!signal.aborted) await aborted;
  await report.send(signal.reason);
});

export const deadlineAnd = task(import.meta, function deadlineAnd(n: number) {
  return [n, context().deadline()];
});

/** Asks a done channel that it had before, and never waits for it. */
export const trying = task(import.meta, async function trying(ctx: Context, ready: SendChan<void>) {
  const done = ctx.done();
  const [child] = ctxs.withCancel(ctx);
  await ready.send();
  while (trySelect({ done }) === undefined) await gosched();
  return see(child);
});

/** Whether a signal's listener, which nobody else refers to, has been called. */
export const forgetful = task(import.meta, function forgetful(signal: AbortSignal, report: SendChan<unknown>) {
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- this way, too, is to be seen
  signal.onabort = () => void report.send("aborted");
});

/** Passes its context on to a task of its own. */
export const passing = task(import.meta, async function passing(report: SendChan<Seen | "began">) {
  await given.run(context(), report);
});

export const through = task(
  import.meta,
  async function through(from: RecvChan<{ ctx: Context }>, report: SendChan<Seen>) {
    const { ctx } = (await from.recv()) as { ctx: Context };
    await ctx.done().recv();
    await report.send(see(ctx));
  },
);

/** What a task sees at once, after an await, and in a goroutine; by the deadline, which tells them apart. */
export const everywhere = task(import.meta, async function everywhere(meet: Chan<number>) {
  const seen: (number | undefined)[] = [];
  const look = () => seen.push(context().deadline()?.getTime());
  look();
  await meet.send(1);
  look();
  const done = shared.chan<void>();
  go(async () => {
    look();
    await gosched();
    await new Promise<void>((resolve) => setImmediate(resolve));
    look();
    await done.send();
  });
  await done.recv();
  await new Promise<void>((resolve) => setTimeout(resolve, 1));
  look();
  return seen;
});

export const isBackground = task(import.meta, async function isBackground() {
  const first = context() === ctxs.background();
  await gosched();
  return first && context() === ctxs.background();
});

let left: Context | undefined;

export const leaves = task(import.meta, function leaves() {
  left = context();
  return left.err() === undefined;
});

export const whatIsLeft = task(import.meta, function whatIsLeft() {
  return see(left as Context);
});

export const nothing = task(import.meta, function nothing() {});

/** Uses its context in every way, and leaves all of it. */
export const using = task(import.meta, async function using() {
  const ctx = context();
  const [child] = ctxs.withCancel(ctx);
  const [timed] = ctxs.withTimeout(ctx, 1e6);
  ctxs.afterFunc(ctx, () => {});
  void timed.done();
  go(() => child.done().recv());
  ctx.signal.addEventListener("abort", () => {});
  await gosched();
});

/** Waits for what it is given, in every way, and gives up. */
export const touching = task(import.meta, async function touching(ctx: Context, signal: AbortSignal) {
  const [enough, cancel] = ctxs.withCancel(ctxs.background());
  const [child, cancelChild] = ctxs.withCancel(ctx);
  const waits = [ctx.done().recv(enough), child.done().recv(), select({ quit: ctx.done(), enough: enough.done() })];
  const stop = ctxs.afterFunc(ctx, () => {});
  const listener = () => {};
  signal.addEventListener("abort", listener);
  await gosched();
  signal.removeEventListener("abort", listener);
  stop();
  cancelChild();
  cancel();
  await Promise.allSettled(waits);
});

/** Children made while the parent ends: each must end, with its cause. */
export const children = task(import.meta, async function children(ctx: Context, ready: SendChan<void>) {
  const made: Context[] = [];
  await ready.send();
  while (ctx.err() === undefined || made.length < 100) {
    for (let i = 0; i < 10; i++) {
      made.push(ctxs.withCancel(i % 2 === 0 ? ctx : ctxs.withValue(ctx, ctxs.key("k"), i))[0]);
    }
    await gosched();
  }
  await Promise.all(made.map((each) => each.done().recv()));
  const last = ctxs.withCancel(ctx)[0];
  return [...made, last].filter((each) => ctxs.cause(each)?.message !== "the parent's" || each.err() !== ctxs.canceled)
    .length;
});

/** Looks at the cause as soon as the done channel is closed. */
export const causes = task(import.meta, async function causes(ctx: Context, ready: SendChan<void>) {
  await ready.send();
  const looks = Array.from({ length: 10 }, async () => {
    await ctx.done().recv();
    return ctxs.cause(ctx)?.message;
  });
  return Promise.all(looks);
});

/** Sends a context of its own and ends its thread. */
export const dying = task(import.meta, async function dying(to: SendChan<Context>, die: RecvChan<void>) {
  await to.send(ctxs.withCancel(ctxs.background())[0]);
  await die.recv();
  process.exit(3);
});

export const collect = task(import.meta, async function collect() {
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
});
