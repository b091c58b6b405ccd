// withValue and withoutCancel: contexts that change what a context carries.

import type { Context, Key, RecvChan } from "../internal/types.js";
import { nil } from "../internal/chan/make.js";
import { GoPanic } from "../internal/rt/panic.js";
import { background } from "./background.js";
import { checkParent, nameOf, nearest } from "./tree.js";

class ValueContext implements Context {
  readonly #parent: Context;
  readonly #key: Key<unknown>;
  readonly #value: unknown;

  constructor(parent: Context, key: Key<unknown>, value: unknown) {
    this.#parent = parent;
    this.#key = key;
    this.#value = value;
  }

  deadline(): Date | undefined {
    return this.#parent.deadline();
  }

  done(): RecvChan<never> {
    return this.#parent.done();
  }

  err(): Error | undefined {
    return this.#parent.err();
  }

  value<T>(key: Key<T>): T | undefined {
    let ctx: Context = this;
    while (ctx instanceof ValueContext) {
      if (ctx.#key === (key as Key<unknown>)) return ctx.#value as T;
      ctx = ctx.#parent;
    }
    return ctx.value(key);
  }

  get signal(): AbortSignal {
    return this.#parent.signal;
  }

  toString(): string {
    return `${nameOf(this.#parent)}.WithValue(${this.#key.name}, ${print(this.#value)})`;
  }
}

/** Strings as they are; of anything else what it is, since a value may be large or secret. */
function print(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "<nil>";
  return typeof value === "object" ? value.constructor.name : typeof value;
}

/**
 * A context like `parent` that holds `value` for `key`. For what belongs to a request and crosses packages, not for optional
 * arguments. Throws a `GoPanic` on a nil key. Go: `context.WithValue`.
 *
 * ```ts
 * const userKey = context.key<User>("user");
 * const ctx = context.withValue(parent, userKey, user);
 * ctx.value(userKey); // User | undefined
 * ```
 */
export function withValue<T>(parent: Context, key: Key<T>, value: T): Context {
  checkParent(parent);
  if (key === undefined || key === null) throw new GoPanic("nil key", "ERR_NIL_KEY");
  return new ValueContext(parent, key as Key<unknown>, value);
}

class WithoutCancel implements Context {
  readonly #parent: Context;

  constructor(parent: Context) {
    this.#parent = parent;
  }

  deadline(): undefined {
    return undefined;
  }

  done(): RecvChan<never> {
    return nil as unknown as RecvChan<never>;
  }

  err(): undefined {
    return undefined;
  }

  value<T>(key: Key<T>): T | undefined {
    return key === (nearest as Key<unknown>) ? undefined : this.#parent.value(key);
  }

  get signal(): AbortSignal {
    return background().signal;
  }

  toString(): string {
    return `${nameOf(this.#parent)}.WithoutCancel`;
  }
}

/** A context with the values of `parent` that does not end with it: no deadline, no error. Go: `context.WithoutCancel`. */
export function withoutCancel(parent: Context): Context {
  checkParent(parent);
  return new WithoutCancel(parent);
}
