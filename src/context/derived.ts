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
    return seek(this.parent, (link) => link.deadline !== Derived.prototype.deadline).deadline();
  }

  value<T>(key: Key<T>): T | undefined {
    const found = seek(this, (link) => link.holds(key));
    return found instanceof Derived ? (found.held as T) : found.value(key);
  }

  toString(): string {
    const chain: Derived[] = [];
    const root = seek(this, (link) => chain.push(link) === 0); // never: so up to the root
    return chain.reduceRight((text, link) => link.print(text), rootName(root));
  }
}

/** The nearest from `ctx` upwards that `is` it, or else the first that is of another make. */
function seek(ctx: Context, is: (link: Derived) => boolean): Context {
  let at = ctx;
  while (at instanceof Derived && !is(at)) at = at.parent;
  return at;
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
