// The tree of contexts that can be cancelled.
//
// Invariants: a branch hangs on its parent exactly until one of the two is done. Cancelling marks the whole subtree before it wakes
// anybody: whoever runs because of it finds every context below done. The first error and cause count.

import type { Context, Key, RecvChan } from "../internal/types.js";
import { nil } from "../internal/chan/make.js";
import { Rendezvous } from "../internal/chan/rendezvous.js";
import { type Linked, Queue } from "../internal/ds/queue.js";
import { abortController } from "../internal/host/host.js";
import { GoPanic } from "../internal/rt/panic.js";

/** What hangs on a context and falls with it. */
export abstract class Branch implements Linked<Branch> {
  next: Branch = this;
  prev: Branch = this;
  trunk: CancelContext | undefined = undefined; // what it hangs on
  unfollow: (() => unknown) | undefined = undefined; // or how it stops to follow a context of another make

  /** Takes note that the parent is done; gives what hangs on it in turn. No foreign code may run. */
  abstract fall(err: Error, cause: Error): Queue<Branch> | undefined;
  /** Lets those know who wait for it. */
  abstract wake(): void;

  /** Hangs on no parent any more. */
  detach(): void {
    this.trunk?.branches?.remove(this);
    this.trunk = undefined;
    this.unfollow?.();
    this.unfollow = undefined;
  }
}

/** The key under which a context gives the nearest context of the tree. */
export const nearest: Key<CancelContext> = { name: "gort.context" };

export class CancelContext extends Branch implements Context {
  readonly parent: Context;
  branches: Queue<Branch> | undefined = undefined;
  cause: Error | undefined = undefined;
  private error: Error | undefined = undefined;
  private closing: Rendezvous<never> | undefined = undefined;
  private controller: AbortController | undefined = undefined;

  constructor(parent: Context) {
    super();
    this.parent = parent;
  }

  deadline(): Date | undefined {
    return this.parent.deadline();
  }

  done(): RecvChan<never> {
    if (this.closing === undefined) {
      this.closing = new Rendezvous<never>();
      if (this.error !== undefined) this.closing.close();
    }
    return this.closing;
  }

  err(): Error | undefined {
    return this.error;
  }

  value<T>(key: Key<T>): T | undefined {
    return key === (nearest as Key<unknown>) ? (this as unknown as T) : this.parent.value(key);
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = abortController();
      if (this.error !== undefined) this.controller.abort(this.cause);
    }
    return this.controller.signal;
  }

  /** Ends this context and all below. */
  cancel(err: Error, cause: Error): void {
    if (this.error !== undefined) return;
    this.detach();
    cut(this, err, cause);
  }

  override fall(err: Error, cause: Error): Queue<Branch> | undefined {
    const { branches } = this;
    this.error = err;
    this.cause = cause;
    this.branches = undefined;
    return branches;
  }

  override wake(): void {
    this.closing?.close();
    this.controller?.abort(this.cause);
  }

  override toString(): string {
    return `${nameOf(this.parent)}.WithCancel`;
  }
}

/** Lets a branch that has been detached fall, and all that hangs on it. */
function cut(branch: Branch, err: Error, cause: Error): void {
  const fallen = [branch];
  for (let i = 0; i < fallen.length; i++) {
    const branches = (fallen[i] as Branch).fall(err, cause);
    if (branches === undefined) continue;
    for (let b; (b = branches.shift()) !== undefined; ) {
      b.trunk = undefined;
      fallen.push(b);
    }
  }
  for (const b of fallen) b.wake();
}

/** Hangs a new branch on a context; it falls at once if that is done. */
export function hang(branch: Branch, parent: Context): void {
  const err = parent.err();
  if (err !== undefined) {
    cut(branch, err, causeOf(parent, err));
    return;
  }
  const trunk = trunkOf(parent);
  if (trunk === undefined) {
    follow(branch, parent);
    return;
  }
  branch.trunk = trunk;
  (trunk.branches ??= new Queue<Branch>()).push(branch);
}

/** The context of the tree that ends when `ctx` does, if there is one. */
function trunkOf(ctx: Context): CancelContext | undefined {
  if (ctx instanceof CancelContext) return ctx;
  const near = ctx.value(nearest);
  return near !== undefined && near.done() === ctx.done() ? near : undefined;
}

/** Follows a context of another make: by its own `afterFunc`, if it has one, or else by its done channel. */
function follow(branch: Branch, parent: Context & { afterFunc?: (f: () => void) => () => boolean }): void {
  const ended = () => {
    branch.unfollow = undefined;
    const err = parent.err();
    if (err !== undefined) cut(branch, err, causeOf(parent, err));
  };
  if (typeof parent.afterFunc === "function") {
    branch.unfollow = parent.afterFunc(ended);
    return;
  }
  const done = parent.done();
  if (done === (nil as unknown)) return;
  const controller = new AbortController();
  branch.unfollow = () => controller.abort();
  void done.recv(controller.signal).then(ended, () => {});
}

/** Why a context is done; its error, where no cause is known. */
function causeOf(ctx: Context, err: Error): Error {
  return ctx.value(nearest)?.cause ?? err;
}

/**
 * Why `ctx` is done: the cause given to its `cancel`, or its error; `undefined` while it is not done. Go: `context.Cause`.
 */
export function cause(ctx: Context): Error | undefined {
  const err = ctx.err();
  return err === undefined ? undefined : causeOf(ctx, err);
}

/** Throws as Go panics on a nil parent. */
export function checkParent(parent: Context): void {
  if (parent === undefined || parent === null) {
    throw new GoPanic("cannot create context from nil parent", "ERR_NIL_CONTEXT");
  }
  if (typeof parent.done !== "function" || typeof parent.err !== "function" || typeof parent.value !== "function") {
    throw new TypeError(`context: the parent must be a Context, got ${typeof parent}; for an AbortSignal: context.fromSignal`);
  }
}

/** How a context prints; one of another make by the name of its class. */
export function nameOf(ctx: Context): string {
  const text = String(ctx);
  return text.startsWith("[object") ? ctx.constructor.name : text;
}
