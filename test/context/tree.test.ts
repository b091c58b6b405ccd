import assert from "node:assert/strict";
import { test } from "node:test";
import { trySelect } from "gort";
import * as context from "gort/context";
import type { CancelFunc, Context } from "gort/context";
import { settle } from "../support/settle.js";
import { Calling, Embedding, Own } from "./foreign.js";

const bg = context.background();
const isDone = (ctx: Context) => trySelect({ done: ctx.done() }) !== undefined;

test("CX-20 when a parent ends, all that hangs on it ends with the same error, and nothing hangs on it any more", async () => {
  const why = new Error("why");
  const [parent, cancel] = context.withCancelCause(bg);
  const [child] = context.withCancel(parent);
  const [below] = context.withCancel(context.withValue(parent, context.key("k"), 1));
  const [timed] = context.withTimeout(parent, 1e6);
  let called = 0;
  context.afterFunc(parent, () => called++);
  assert.equal(hanging(parent), 4);
  cancel(why);
  for (const ctx of [child, below, timed]) {
    assert.equal(ctx.err(), context.canceled);
    assert.equal(context.cause(ctx), why);
    assert.equal(isDone(ctx), true);
  }
  assert.equal(hanging(parent), 0);
  await settle();
  assert.equal(called, 1);
});

test("CX-21 a child that ends first leaves its parent and its siblings as they are", () => {
  const [parent, cancel] = context.withCancel(bg);
  const [first, cancelFirst] = context.withCancel(parent);
  const [second] = context.withCancel(parent);
  cancelFirst();
  assert.deepEqual([first.err(), second.err(), parent.err()], [context.canceled, undefined, undefined]);
  assert.equal(hanging(parent), 1);
  cancel();
  assert.equal(second.err(), context.canceled);
});

test("CX-22 what ends or is stopped is forgotten by its parent", () => {
  const [parent] = context.withCancel(bg);
  const ends: (() => unknown)[] = [
    context.withCancel(parent)[1],
    context.withTimeout(parent, 1e6)[1],
    context.afterFunc(parent, () => {}),
    context.withCancel(new Embedding(parent))[1],
    context.fromSignal(new AbortController().signal, parent)[1],
  ];
  assert.equal(hanging(parent), ends.length);
  for (const end of ends) end();
  assert.equal(hanging(parent), 0);
  context.withTimeout(parent, 0);
  context.fromSignal(AbortSignal.abort(), parent);
  assert.equal(hanging(parent), 0);
});

test("CX-23 contexts of the tree need no watcher, also through one that embeds; one of another make has one, until either ends", async () => {
  const parent = new Own();
  const [child, cancel] = context.withCancel(parent);
  assert.equal(parent.watchers, 1);
  context.withCancel(new Embedding(child));
  context.withTimeout(context.withValue(child, context.key("k"), 1), 1e6);
  assert.equal(parent.watchers, 1);
  cancel();
  await settle();
  assert.equal(parent.watchers, 0);

  const stop = context.afterFunc(parent, () => {});
  assert.equal(parent.watchers, 1);
  stop();
  await settle();
  assert.equal(parent.watchers, 0);

  context.withCancel(parent);
  parent.end(new Error("over"));
  await settle();
  assert.equal(parent.watchers, 0);
  context.withCancel(parent);
  assert.equal(parent.watchers, 0);
});

test("CX-24 100 contexts in a chain, cancelled in any order, all end", () => {
  const order = (i: number) => (i * 37) % 100;
  const cancels: CancelFunc[] = [];
  const ctxs: Context[] = [];
  let ctx = bg;
  for (let i = 0; i < 100; i++) {
    const made = context.withCancel(ctx);
    ctx = made[0];
    ctxs.push(ctx);
    cancels.push(made[1]);
  }
  for (let i = 0; i < 100; i++) {
    cancels[order(i)]?.();
    for (const [k, c] of ctxs.entries()) {
      const above = Array.from({ length: i + 1 }, (_, j) => order(j)).some((cut) => cut <= k);
      assert.equal(c.err(), above ? context.canceled : undefined);
    }
  }
});

test("CX-28 what is made from a context of another make ends when that one's channel closes, with its error", async () => {
  const parent = new Own();
  const [child] = context.withCancel(parent);
  const [timed] = context.withTimeout(child, 1e6);
  let called = 0;
  context.afterFunc(parent, () => called++);
  const why = new Error("why");
  parent.end(why);
  await settle();
  for (const ctx of [child, timed]) {
    assert.equal(ctx.err(), why);
    assert.equal(context.cause(ctx), why);
  }
  assert.equal(called, 1);
  assert.equal(context.withCancel(parent)[0].err(), why);
});

test("CX-28 the cause is found through a context of another make that passes values on", async () => {
  const [inner, cancel] = context.withCancelCause(bg);
  const outer = new Own(inner);
  const [child] = context.withCancel(outer);
  const why = new Error("why");
  cancel(why);
  assert.equal(child.err(), undefined); // outer has not ended
  outer.end(context.canceled);
  await settle();
  assert.equal(child.err(), context.canceled);
  assert.equal(context.cause(child), why);
  assert.equal(context.cause(outer), why);
  assert.equal(context.cause(new Embedding(inner)), why);
});

test("CX-29 without causes of its own, such a context's cause is its error; a child's cause stays with the child", async () => {
  const parent = new Own();
  const [child, cancel] = context.withCancelCause(parent);
  const why = new Error("the child's");
  cancel(why);
  assert.equal(parent.err(), undefined);
  assert.equal(context.cause(parent), undefined);
  parent.end(context.deadlineExceeded);
  await settle();
  assert.equal(context.cause(parent), context.deadlineExceeded);
  assert.equal(child.err(), context.canceled);
  assert.equal(context.cause(child), why);
});

test("CX-29 a child that is cancelled in the step in which its foreign parent ends has one end only", async () => {
  for (const parentFirst of [true, false]) {
    const parent = new Own();
    const [child, cancel] = context.withCancel(parent);
    const done = child.done().recvOk();
    if (parentFirst) parent.end(new Error("the parent's"));
    cancel();
    if (!parentFirst) parent.end(new Error("the parent's"));
    await settle();
    assert.equal(child.err(), context.canceled);
    assert.deepEqual(await done, [undefined, false]);
  }
});

test("a foreign context that answers null, or anything, for a key that it does not know is none of the tree", async () => {
  for (const answer of [null, {}, "", { done: () => {} }]) {
    const parent = new Own();
    parent.value = () => answer as never;
    const [child] = context.withCancel(parent);
    parent.end(new Error("over"));
    await settle();
    assert.equal(child.err(), parent.err());
    assert.equal(context.cause(child), parent.err());
  }
});

test("a foreign context whose channel closes without an error counts as canceled", async () => {
  const parent = new Own();
  const [child] = context.withCancel(parent);
  parent.closing.close();
  await settle();
  assert.equal(child.err(), context.canceled);
});

test("CX-49 a parent's own afterFunc is used: a child, a time-out below and an afterFunc below end with it, at once", async () => {
  const parent = new Calling();
  const [child] = context.withCancel(parent);
  const [timed] = context.withTimeout(child, 1e6);
  let called = 0;
  context.afterFunc(child, () => called++);
  context.afterFunc(parent, () => called++);
  assert.equal(parent.functions.size, 2);
  const why = new Error("why");
  parent.end(why);
  assert.deepEqual([child.err(), timed.err()], [why, why]);
  await settle();
  assert.equal(called, 2);
});

test("CX-50 what ends or is stopped is no longer registered with a parent's own afterFunc", () => {
  const parent = new Calling();
  const ends: (() => unknown)[] = [
    context.withCancel(parent)[1],
    context.withTimeout(parent, 1e6)[1],
    context.afterFunc(parent, () => {}),
  ];
  assert.equal(parent.functions.size, 3);
  for (const end of ends) end();
  assert.equal(parent.functions.size, 0);
  context.withTimeout(parent, 0);
  assert.equal(parent.functions.size, 0);
});

test("CX-49 a parent whose afterFunc calls within the registration, twice, or after it was stopped, ends a child once", () => {
  const parent = new Calling();
  const kept: (() => void)[] = [];
  parent.stopping = (f) => kept.push(f);
  const [child, cancel] = context.withCancel(parent);
  child.done();
  cancel();
  parent.end(new Error("too late"));
  for (const f of kept) f();
  assert.equal(child.err(), context.canceled);

  const eager = new Calling();
  const err = new Error("eager");
  eager.afterFunc = (f) => {
    if (eager.err() === undefined) eager.end(err);
    f();
    f();
    return () => assert.fail("stopped what is over");
  };
  const [ended, end] = context.withCancel(eager);
  assert.equal(ended.err(), err);
  end();
});

test("CX-50 a parent whose way to stop cancels the child again, or throws, finds the child done", () => {
  const parent = new Calling();
  const [child, cancel] = context.withCancel(parent);
  let err: Error | undefined;
  parent.stopping = () => {
    cancel();
    err = child.err();
  };
  cancel();
  assert.equal(err, context.canceled);

  const [other, cancelOther] = context.withCancel(parent);
  const [below] = context.withCancel(other);
  parent.stopping = () => {
    throw new Error("broken");
  };
  assert.throws(() => cancelOther(), { message: "broken" });
  assert.deepEqual([other.err(), below.err()], [context.canceled, context.canceled]);
});

/** How many children and functions hang on a context. */
function hanging(ctx: Context): number {
  const { branches } = ctx as unknown as { branches?: { head?: { next: unknown } } };
  const head = branches?.head;
  if (head === undefined) return 0;
  let n = 1;
  for (let b = head.next as { next: unknown }; b !== head; b = b.next as { next: unknown }) n++;
  return n;
}
