// withValue and withoutCancel: contexts that change what a context carries.

import type { Context, Key, RecvChan } from "../internal/types.js";
import { nil } from "../internal/chan/make.js";
import { GoPanic } from "../internal/rt/panic.js";
import { background } from "./background.js";
import { checkParent, Derived } from "./derived.js";
import { nearest } from "./tree.js";

class ValueContext extends Derived {
  readonly #key: Key<unknown>;
  readonly #value: unknown;
  readonly #ending: Context; // the first above that is not of this kind

  constructor(parent: Context, key: Key<unknown>, value: unknown) {
    super(parent);
    this.#key = key;
    this.#value = value;
    this.#ending = parent instanceof ValueContext ? parent.#ending : parent;
  }

  done(): RecvChan<never> {
    return this.#ending.done();
  }

  err(): Error | undefined {
    return this.#ending.err();
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  protected override holds(key: Key<unknown>): boolean {
    return key === this.#key;
  }

  protected override get held(): unknown {
    return this.#value;
  }

  protected override print(parent: string): string {
    return `${parent}.WithValue(${this.#key.name}, ${print(this.#value)})`;
  }
}

/** Strings as they are; of anything else what it is, since a value may be large or secret. */
function print(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "<nil>";
  return typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value;
}

/**
 * A context like `parent` that holds `value` for `key`. For what belongs to a request and crosses packages, not for
 * optional arguments. Throws a `GoPanic` on a nil key. Go: `context.WithValue`.
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
  return new ValueContext(parent, key, value);
}

class WithoutCancel extends Derived {
  override deadline(): undefined {
    return undefined;
  }

  done(): RecvChan<never> {
    return nil as unknown as RecvChan<never>;
  }

  err(): undefined {
    return undefined;
  }

  get signal(): AbortSignal {
    return background().signal;
  }

  /** What is above does not end this. */
  protected override holds(key: Key<unknown>): boolean {
    return key === nearest;
  }

  protected override get held(): undefined {
    return undefined;
  }

  protected override print(parent: string): string {
    return `${parent}.WithoutCancel`;
  }
}

/**
 * A context with the values of `parent` that does not end with it: no deadline, no error. Go: `context.WithoutCancel`.
 */
export function withoutCancel(parent: Context): Context {
  checkParent(parent);
  return new WithoutCancel(parent);
}
