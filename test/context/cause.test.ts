import assert from "node:assert/strict";
import { test } from "node:test";
import * as context from "gort/context";
import type { Context } from "gort/context";
import { Own } from "./foreign.js";

const { canceled, deadlineExceeded } = context;
const bg = context.background();
const parentCause = new Error("parent's cause");
const childCause = new Error("child's cause");
const tooSlow = new Error("too slow");
const forever = 1e9;

/** Asserts a context's error, its cause, and that its signal gives the cause as its reason. */
function ended(ctx: Context, err: Error | undefined, cause: Error | undefined): void {
  assert.equal(ctx.err(), err);
  assert.equal(context.cause(ctx), cause);
  assert.equal(ctx.signal.aborted, err !== undefined);
  assert.equal(ctx.signal.reason, cause);
}

test("CX-30 background and todo have neither error nor cause", () => {
  ended(bg, undefined, undefined);
  ended(context.todo(), undefined, undefined);
});

test("CX-31 the cause is what cancel was given, or else canceled; through a value, too", () => {
  const [plain, cancelPlain] = context.withCancel(bg);
  cancelPlain();
  ended(plain, canceled, canceled);
  const [ctx, cancel] = context.withCancelCause(bg);
  ended(ctx, undefined, undefined);
  cancel(parentCause);
  ended(ctx, canceled, parentCause);
  ended(context.withValue(ctx, context.key("k"), 1), canceled, parentCause);
  const [none, cancelNone] = context.withCancelCause(bg);
  cancelNone(undefined);
  ended(none, canceled, canceled);
});

test("CX-32 of a parent's and a child's cause the first in time is the child's", () => {
  for (const parentFirst of [true, false]) {
    const [parent, cancelParent] = context.withCancelCause(bg);
    const [child, cancelChild] = context.withCancelCause(parent);
    if (parentFirst) cancelParent(parentCause);
    cancelChild(childCause);
    if (!parentFirst) {
      ended(parent, undefined, undefined);
      cancelParent(parentCause);
    }
    ended(parent, canceled, parentCause);
    ended(child, canceled, parentFirst ? parentCause : childCause);
  }
});

test("CX-33 a plain child has canceled as its cause if it ended first, and its parent's otherwise", () => {
  for (const parentFirst of [true, false]) {
    const [parent, cancelParent] = context.withCancelCause(bg);
    const [child, cancelChild] = context.withCancel(parent);
    if (parentFirst) cancelParent(parentCause);
    cancelChild();
    cancelParent(parentCause);
    ended(child, canceled, parentFirst ? parentCause : canceled);
  }
});

test("CX-34 a child of a plain parent has its own cause only if it ended first", () => {
  for (const parentFirst of [true, false]) {
    const [parent, cancelParent] = context.withCancel(bg);
    const [child, cancelChild] = context.withCancelCause(parent);
    if (parentFirst) cancelParent();
    cancelChild(childCause);
    cancelParent();
    ended(parent, canceled, canceled);
    ended(child, canceled, parentFirst ? canceled : childCause);
  }
});

test("CX-35 CX-36 a time-out that has passed stays deadlineExceeded; one that is cancelled before is canceled", () => {
  const [passed, cancelPassed] = context.withTimeout(bg, 0);
  cancelPassed();
  ended(passed, deadlineExceeded, deadlineExceeded);
  const [waiting, cancelWaiting] = context.withTimeout(bg, forever);
  cancelWaiting();
  ended(waiting, canceled, canceled);
});

test("CX-37 the cause of a time-out counts only if the time-out ends the context", () => {
  const [passed, cancelPassed] = context.withTimeoutCause(bg, 0, tooSlow);
  cancelPassed();
  ended(passed, deadlineExceeded, tooSlow);
  const [waiting, cancelWaiting] = context.withTimeoutCause(bg, forever, tooSlow);
  cancelWaiting();
  ended(waiting, canceled, canceled);
  ended(context.withDeadlineCause(bg, 0, tooSlow)[0], deadlineExceeded, tooSlow);
  ended(context.withDeadlineCause(bg, 0, undefined as unknown as Error)[0], deadlineExceeded, deadlineExceeded);
});

test("CX-38 an expired inner time-out keeps its cause; one that is not takes that of the outer context", () => {
  const [outer, cancel] = context.withCancelCause(bg);
  const [expired] = context.withTimeoutCause(outer, 0, tooSlow);
  const [waiting] = context.withTimeoutCause(outer, forever, tooSlow);
  cancel(parentCause);
  ended(expired, deadlineExceeded, tooSlow);
  ended(waiting, canceled, parentCause);
});

test("CX-39 withoutCancel has no cause, whatever happened above", () => {
  const [cancelled, cancel] = context.withCancelCause(bg);
  cancel(parentCause);
  for (const parent of [bg, cancelled, context.withTimeoutCause(bg, 0, tooSlow)[0]]) {
    ended(context.withoutCancel(parent), undefined, undefined);
  }
  const [child, cancelChild] = context.withCancelCause(context.withoutCancel(cancelled));
  ended(child, undefined, undefined);
  cancelChild(childCause);
  ended(child, canceled, childCause);
  const foreign = new Own(context.withoutCancel(cancelled));
  foreign.end(deadlineExceeded);
  assert.equal(context.cause(foreign), deadlineExceeded); // not what is above the context that it embeds
});

test("CX-26 CX-27 a child of a context that is done is done from the beginning, with that context's error and cause", () => {
  const [parent, cancel] = context.withCancelCause(bg);
  cancel(parentCause);
  ended(context.withCancel(parent)[0], canceled, parentCause);
  ended(context.withTimeoutCause(parent, forever, tooSlow)[0], canceled, parentCause);
  ended(context.withDeadlineCause(parent, 0, tooSlow)[0], canceled, parentCause);
  ended(context.fromSignal(AbortSignal.abort(tooSlow), parent)[0], canceled, parentCause);
  const [timed] = context.withTimeoutCause(bg, 0, tooSlow);
  ended(context.withCancel(timed)[0], deadlineExceeded, tooSlow);
});
