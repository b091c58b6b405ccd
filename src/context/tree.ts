// The tree of contexts that can be cancelled.
//
// Invariants: a branch hangs on its parent exactly until one of the two is done. Cancelling marks the whole subtree
// before it wakes anybody, and wakes all goroutines before it calls anybody: whoever runs because of it finds every
// context below done, and every done channel closed. The first error and cause count.

import type { Context, Key, RecvChan } from "../internal/types.js";
import { nil } from "../internal/chan/make.js";
import { Rendezvous } from "../internal/chan/rendezvous.js";
import { type Linked, Queue } from "../internal/ds/queue.js";
import { abortController } from "../internal/host/host.js";
import { Derived } from "./derived.js";
import { canceled } from "./errors.js";

/** What hangs on a context and falls with it. */
export interface Branch extends Linked<Branch> {
  /** The context of the tree that it hangs on. */
  trunk: CancelContext | undefined;
  /** Or the way to stop following a context of another make. */
  unfollow: (() => void) | undefined;
  /** Takes note that the parent is done; gives what hangs on it in turn. No foreign code may run. */
  fall(err: Error, why: Error): Queue<Branch> | undefined;
  /** Wakes the goroutines that wait for it. No foreign code may run. */
  wake(): void;
  /** Aborts its signal, if it has one: calls those who listen. */
  abort(cause: Error): void;
}

/** The key under which a context gives the nearest context of the tree. */
export const nearest: Key<unknown> = { name: "gort.context" };

export class CancelContext extends Derived implements Branch {
  next: Branch = this;
  prev: Branch = this;
  trunk: CancelContext | undefined = undefined;
  unfollow: (() => void) | undefined = undefined;
  branches: Queue<Branch> | undefined = undefined;
  cause: Error | undefined = undefined;
  #error: Error | undefined = undefined;
  #closing: Rendezvous<never> | undefined = undefined;
  #controller: AbortController | undefined = undefined;

  done(): RecvChan<never> {
    if (this.#closing === undefined) {
      this.#closing = new Rendezvous<never>();
      if (this.#error !== undefined) this.#closing.close();
    }
    return this.#closing;
  }

  err(): Error | undefined {
    return this.#error;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = abortController();
      if (this.#error !== undefined) this.#controller.abort(this.cause);
    }
    return this.#controller.signal;
  }

  /** Ends this context and all below. */
  cancel(err: Error, why: Error): void {
    if (this.#error === undefined) cut(this, err, why);
  }

  fall(err: Error, why: Error): Queue<Branch> | undefined {
    const { branches } = this;
    this.#error = err;
    this.cause = why;
    this.branches = undefined;
    return branches;
  }

  wake(): void {
    this.#closing?.close();
  }

  abort(cause: Error): void {
    this.#controller?.abort(cause);
  }

  protected override holds(key: Key<unknown>): boolean {
    return key === nearest;
  }

  protected override get held(): this {
    return this;
  }

  protected override print(parent: string): string {
    return `${parent}.WithCancel`;
  }
}

/** Lets a branch fall, and all that hangs on it. */
function cut(root: Branch, err: Error, why: Error): void {
  const unfollow = leave(root);
  const fallen = [root];
  for (let i = 0; i < fallen.length; i++) {
    const branches = (fallen[i] as Branch).fall(err, why);
    if (branches === undefined) continue;
    for (let b; (b = branches.shift()) !== undefined;) {
      b.trunk = undefined;
      fallen.push(b);
    }
  }
  for (const b of fallen) b.wake();
  for (const b of fallen) b.abort(why);
  unfollow?.();
}

/** The branch hangs on nothing any more. What this gives is to be called, as soon as it may: it is foreign code. */
export function leave(branch: Branch): (() => void) | undefined {
  const { unfollow } = branch;
  branch.trunk?.branches?.remove(branch);
  branch.trunk = undefined;
  branch.unfollow = undefined;
  return unfollow;
}

/** Hangs a new branch on a context; it falls at once if that is done. */
export function hang(branch: Branch, parent: Context): void {
  const err = parent.err();
  if (err !== undefined) {
    cut(branch, err, causeOf(parent, err));
    return;
  }
  const trunk = parent instanceof CancelContext ? parent : trunkOf(parent);
  if (trunk === undefined) {
    follow(branch, parent);
    return;
  }
  branch.trunk = trunk;
  (trunk.branches ??= new Queue<Branch>()).push(branch);
}

/** The context of the tree that ends when `ctx` does, if there is one. */
function trunkOf(ctx: Context): CancelContext | undefined {
  const near = nearestTo(ctx);
  return near !== undefined && near.done() === ctx.done() ? near : undefined;
}

/** The context of the tree that `ctx` is or is made from, as far as it lets us know. */
function nearestTo(ctx: Context): CancelContext | undefined {
  const near = ctx.value(nearest);
  return near instanceof CancelContext ? near : undefined;
}

/** Follows a context of another make: by its own `afterFunc`, if it has one, or else by its done channel. */
function follow(branch: Branch, parent: Context & { afterFunc?: (f: () => void) => () => unknown }): void {
  let over = false;
  const ended = () => {
    if (over) return; // it was told too late, or twice
    over = true;
    branch.unfollow = undefined;
    const err = parent.err() ?? canceled;
    cut(branch, err, causeOf(parent, err));
  };
  const until = (stop: () => unknown) => {
    if (over) return;
    branch.unfollow = () => {
      over = true;
      stop();
    };
  };
  if (typeof parent.afterFunc === "function") {
    until(parent.afterFunc(ended));
    return;
  }
  const done = parent.done();
  if (done === (nil as unknown)) return;
  const controller = new AbortController();
  until(() => controller.abort());
  void done.recv(controller.signal).then(ended, () => {});
}

/** Why a context is done, with `err`; that itself, where no cause is known. */
export function causeOf(ctx: Context, err: Error): Error {
  return nearestTo(ctx)?.cause ?? err;
}
