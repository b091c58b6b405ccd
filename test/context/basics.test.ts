import assert from "node:assert/strict";
import { test } from "node:test";
import { go, nil, select, trySelect, type RecvChan } from "gort";
import * as context from "gort/context";
import type { Context, Key } from "gort/context";
import { isPending, settle } from "../support/settle.js";
import { Embedding } from "./foreign.js";

const bg = context.background();
const isDone = (ctx: Context) => trySelect({ done: ctx.done() }) !== undefined;

test("CX-1 background and todo are never done, hold nothing, and print their names", () => {
  for (const [ctx, name] of [
    [bg, "context.Background"],
    [context.todo(), "context.TODO"],
  ] as const) {
    assert.equal(ctx.done(), nil);
    assert.equal(ctx.err(), undefined);
    assert.equal(ctx.deadline(), undefined);
    assert.equal(ctx.value(context.key("k")), undefined);
    assert.equal(ctx.signal.aborted, false);
    assert.equal(ctx.signal, ctx.signal);
    assert.equal(String(ctx), name);
  }
  assert.notEqual(bg, context.todo());
});

test("CX-2 a fresh context is not done; once cancelled, done and err change before cancel returns", () => {
  const [ctx, cancel] = context.withCancel(bg);
  assert.equal(ctx.err(), undefined);
  assert.equal(isDone(ctx), false);
  cancel();
  assert.equal(ctx.err(), context.canceled);
  assert.equal(isDone(ctx), true);
});

test("CX-3 cancel reaches every descendant before it returns, also through values and contexts that embed one", () => {
  const [root, cancel] = context.withCancel(bg);
  const [c1] = context.withCancel(root);
  const embedding = new Embedding(c1);
  const [c2] = context.withCancel(context.withValue(embedding, context.key("k"), 1));
  const [c3] = context.withTimeout(new Embedding(c2), 1e6);
  const all = [root, c1, embedding, c2, c3];
  assert.deepEqual(
    all.map(isDone),
    all.map(() => false),
  );
  cancel();
  assert.deepEqual(
    all.map((ctx) => ctx.err()),
    all.map(() => context.canceled),
  );
  assert.deepEqual(
    all.map(isDone),
    all.map(() => true),
  );
});

test("CX-4 done gives the same channel each time, before and after the end, and also when first asked for afterwards", () => {
  const [ctx, cancel] = context.withCancel(bg);
  const done = ctx.done();
  assert.equal(ctx.done(), done);
  cancel();
  assert.equal(ctx.done(), done);
  assert.equal(ctx.err(), ctx.err());

  const [late, end] = context.withCancel(bg);
  end();
  assert.equal(isDone(late), true);
  assert.equal(late.done(), late.done());
});

test("CX-4 a listener of a signal finds every context below done, with its channel closed", () => {
  const [root, cancel] = context.withCancel(bg);
  const [child] = context.withCancel(root);
  const [grandchild] = context.withCancel(child);
  child.done();
  grandchild.done();
  let seen: boolean[] = [];
  root.signal.addEventListener("abort", () => {
    seen = [child.err() === context.canceled, isDone(child), isDone(grandchild)];
  });
  cancel();
  assert.deepEqual(seen, [true, true, true]);
});

test("CX-5 cancelling again does nothing: the first cause counts", () => {
  const [ctx, cancel] = context.withCancelCause(bg);
  const first = new Error("first");
  cancel(first);
  cancel(new Error("second"));
  cancel();
  assert.equal(ctx.err(), context.canceled);
  assert.equal(context.cause(ctx), first);
});

test("CX-6 the errors have Go's words, and the names and codes that the platform's code looks for", () => {
  const { canceled, deadlineExceeded } = context;
  assert.equal(canceled.message, "context canceled");
  assert.equal(deadlineExceeded.message, "context deadline exceeded");
  assert.deepEqual([canceled.name, deadlineExceeded.name], ["AbortError", "TimeoutError"]);
  const codes = [canceled, deadlineExceeded].map((e) => (e as Error & { code: string }).code);
  assert.deepEqual(codes, ["ERR_CANCELED", "ERR_DEADLINE_EXCEEDED"]);
  const timeouts = [canceled, deadlineExceeded].map((e) => (e as Error & { timeout: boolean }).timeout);
  assert.deepEqual(timeouts, [false, true]);
  assert.ok(canceled instanceof Error && deadlineExceeded instanceof Error);
});

test("CX-7 deriving from nothing is a GoPanic, from a signal a TypeError that names the remedy", () => {
  const nothing = undefined as unknown as Context;
  const before = process.listenerCount("SIGUSR2");
  const derive = [
    (p: Context) => context.withCancel(p),
    (p: Context) => context.withCancelCause(p),
    (p: Context) => context.withDeadline(p, 0),
    (p: Context) => context.withTimeout(p, 1),
    (p: Context) => context.withValue(p, context.key("k"), 1),
    (p: Context) => context.withoutCancel(p),
    (p: Context) => context.afterFunc(p, () => {}),
    (p: Context) => context.notifySignals(p, "SIGUSR2"),
  ];
  for (const f of derive) {
    for (const parent of [nothing, null as unknown as Context]) {
      assert.throws(() => f(parent), { name: "GoPanic", message: "cannot create context from nil parent" });
    }
    const signal = new AbortController().signal as unknown as Context;
    assert.throws(() => f(signal), { name: "TypeError", message: /context\.fromSignal/ });
  }
  assert.equal(process.listenerCount("SIGUSR2"), before);
});

test("CX-8 withValue refuses a nil key", () => {
  const key = undefined as unknown as Key<number>;
  assert.throws(() => context.withValue(bg, key, 1), { name: "GoPanic", message: "nil key" });
});

test("CX-9 a value is the nearest ancestor's; keys of one name are not equal; undefined shadows; a missing one is undefined", () => {
  const a = context.key<string | undefined>("k");
  const b = context.key<string>("k");
  const outer = context.withValue(context.withValue(bg, a, "a"), b, "b");
  const [inner] = context.withCancel(context.withValue(outer, a, "a2"));
  assert.deepEqual([outer.value(a), outer.value(b)], ["a", "b"]);
  assert.deepEqual([inner.value(a), inner.value(b)], ["a2", "b"]);
  assert.equal(context.withValue(inner, a, undefined).value(a), undefined);
  assert.equal(inner.value(context.key("k")), undefined);
  assert.equal(new Embedding(inner).value(a), "a2");
});

test("CX-10 contexts print how they were made, and values without giving away what is in them", () => {
  class Secret {
    password = "hunter2";
  }
  const k = context.key<unknown>("k");
  const [ctx] = context.withCancel(context.withValue(bg, k, "v"));
  assert.equal(String(ctx), "context.Background.WithValue(k, v).WithCancel");
  const text = (value: unknown) => String(context.withValue(context.todo(), k, value));
  assert.equal(text(undefined), "context.TODO.WithValue(k, <nil>)");
  assert.equal(text(null), "context.TODO.WithValue(k, <nil>)");
  assert.equal(text(new Secret()), "context.TODO.WithValue(k, Secret)");
  assert.equal(text(Object.create(null)), "context.TODO.WithValue(k, object)");
  assert.equal(text(42), "context.TODO.WithValue(k, number)");
  assert.equal(String(context.withoutCancel(ctx)), `${String(ctx)}.WithoutCancel`);
  assert.equal(String(context.withCancel(new Embedding(bg))[0]), "Embedding.WithCancel");
  assert.equal(String(context.fromSignal(new AbortController().signal)[0]), "context.FromSignal(context.Background)");
});

test("CX-41 withoutCancel keeps the values and nothing else; what is made from it does not end with the original", () => {
  const k = context.key<number>("k");
  const [parent, cancel] = context.withTimeout(context.withValue(bg, k, 1), 1e6);
  const ctx = context.withoutCancel(parent);
  const [child, end] = context.withCancel(ctx);
  cancel();
  for (const c of [ctx, child]) {
    assert.equal(c.err(), undefined);
    assert.equal(c.deadline(), undefined);
    assert.equal(c.value(k), 1);
    assert.equal(c.signal.aborted, false);
  }
  assert.equal(ctx.done(), nil);
  assert.equal(context.cause(ctx), undefined);
  end();
  assert.equal(context.cause(child), context.canceled);
});

test("a cancel function ends its context at the end of a using block", () => {
  const made = context.withCancel(bg);
  const madeWithCause = context.withCancelCause(bg);
  const [ctx] = made;
  const [caused] = madeWithCause;
  {
    using _ = made[1];
    assert.equal(ctx.err(), undefined);
  }
  {
    using _ = madeWithCause[1];
    assert.equal(caused.err(), undefined);
  }
  assert.equal(ctx.err(), context.canceled);
  assert.equal(context.cause(caused), context.canceled);
});

test("a chain of 100,000 contexts has values, a deadline, a name and an end like a short one", () => {
  const k = context.key<number>("k");
  const step = context.key<number>("step");
  const [root, cancel] = context.withTimeout(context.withValue(bg, k, 1), 1e6);
  let ctx: Context = root;
  const [steps, depth] = [[] as Context[], 100_000];
  for (let i = 0; i < depth; i++) {
    ctx = i % 2 === 0 ? context.withValue(ctx, step, i) : context.withCancel(ctx)[0];
    steps.push(ctx);
  }
  assert.equal(ctx.value(k), 1);
  assert.equal(ctx.value(context.key("none")), undefined);
  assert.deepEqual(ctx.deadline(), root.deadline());
  assert.ok(String(ctx).endsWith(".WithCancel"));
  const woken: RecvChan<never> = ctx.done();
  cancel();
  assert.deepEqual(trySelect({ woken }), { case: "woken", value: undefined, ok: false });
  assert.ok(steps.every((c) => c.err() === context.canceled));
  let values: Context = bg;
  for (let i = 0; i < depth; i++) values = context.withValue(values, step, i);
  assert.equal(values.err(), undefined);
  assert.equal(values.done(), nil);
  assert.equal(values.deadline(), undefined);
  assert.equal(values.signal, bg.signal);
});

test("CX-25 a goroutine that cancels the child when the parent is done does no harm; nor does a listener that does", async () => {
  const [parent, cancelParent] = context.withCancelCause(bg);
  const [child, cancelChild] = context.withCancelCause(parent);
  const why = new Error("why");
  go(async () => {
    await select({ done: parent.done() });
    cancelChild(new Error("from a goroutine"));
  });
  parent.signal.addEventListener("abort", () => {
    cancelChild(new Error("from a listener"));
    cancelParent(new Error("again"));
  });
  cancelParent(why);
  await settle();
  assert.equal(context.cause(child), why);
  assert.equal(context.cause(parent), why);
});

test("CX-25 a listener that cancels and derives during the walk sees consistent contexts", () => {
  const [parent, cancel] = context.withCancel(bg);
  const children = Array.from({ length: 5 }, () => context.withCancel(parent));
  const made: Context[] = [];
  for (const [child] of children) {
    child.signal.addEventListener("abort", () => {
      for (const [, cancelSibling] of children) cancelSibling();
      made.push(context.withCancel(child)[0]);
    });
  }
  cancel();
  assert.equal(made.length, 5);
  assert.ok(made.every((ctx) => ctx.err() === context.canceled));
});

test("a signal is made once, with the cause as its reason, and aborts before cancel returns", () => {
  const why = new Error("why");
  const [ctx, cancel] = context.withCancelCause(bg);
  const { signal } = ctx;
  assert.equal(ctx.signal, signal);
  assert.equal(signal.aborted, false);
  cancel(why);
  assert.equal(signal.aborted, true);
  assert.equal(signal.reason, why);
  assert.equal(ctx.signal, signal);
  const [late] = context.withCancel(ctx);
  assert.equal(late.signal.reason, why);
  const [timed] = context.withTimeout(bg, 0);
  assert.equal(timed.signal.reason, context.deadlineExceeded);
  assert.equal(timed.signal.reason.name, "TimeoutError");
});

test("many listeners on a context's signal are no leak, and no warning", async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on("warning", listen);
  const [ctx] = context.withCancel(bg);
  for (let i = 0; i < 50; i++) {
    ctx.signal.addEventListener("abort", () => {});
    bg.signal.addEventListener("abort", () => {}, { once: true });
  }
  await settle();
  process.off("warning", listen);
  assert.deepEqual(warnings, []);
});

test("a wait on the done channel of a context that cannot end is pending for ever", async () => {
  assert.equal(await isPending(context.withoutCancel(bg).done().recv()), true);
});
