// What the contexts of this package have in common that are made from another.
//
// A chain of contexts may be as long as a program cares to make it. So what a context leaves to its parent is looked up
// by a walk, not by recursion; only a context of another make, somewhere in the chain, begins a new one.

import type { Context, Key, RecvChan } from "../internal/types.js";
import { GoPanic } from "../internal/rt/panic.js";

export abstract class Derived implements Context {
  readonly parent: Context;

  constructor(parent: Context) {
    this.parent = parent;
  }

  abstract done(): RecvChan<never>;
  abstract err(): Error | undefined;
  abstract get signal(): AbortSignal;
  /** Whether the value for `key` is to be found here: {@link held}. */
  protected abstract holds(key: Key<unknown>): boolean;
  protected abstract get held(): unknown;
  /** How this prints, given how the parent does. */
  protected abstract print(parent: string): string;

  deadline(): Date | undefined {
    let ctx = this.parent;
    while (ctx instanceof Derived && ctx.deadline === Derived.prototype.deadline) ctx = ctx.parent;
    return ctx.deadline();
  }

  value<T>(key: Key<T>): T | undefined {
    return Derived.#find(this, key) as T | undefined;
  }

  toString(): string {
    return Derived.#print(this);
  }

  static #find(from: Context, key: Key<unknown>): unknown {
    let ctx = from;
    while (ctx instanceof Derived) {
      if (ctx.holds(key)) return ctx.held;
      ctx = ctx.parent;
    }
    return ctx.value(key);
  }

  static #print(from: Context): string {
    const chain: Derived[] = [];
    let ctx = from;
    while (ctx instanceof Derived) {
      chain.push(ctx);
      ctx = ctx.parent;
    }
    return chain.reduceRight((text, link) => link.print(text), rootName(ctx));
  }
}

/** How a context that is made from none prints; one of another make by the name of its class. */
function rootName(ctx: Context): string {
  const text = String(ctx);
  return text.startsWith("[object") ? ctx.constructor.name : text;
}

/** Throws as Go panics on a nil parent. */
export function checkParent(parent: Context): void {
  if (parent === undefined || parent === null) {
    throw new GoPanic("cannot create context from nil parent", "ERR_NIL_CONTEXT");
  }
  if (["deadline", "done", "err", "value"].some((name) => typeof parent[name as keyof Context] !== "function")) {
    throw new TypeError(
      `context: the parent must be a Context, got ${typeof parent}; for an AbortSignal: context.fromSignal`,
    );
  }
}
