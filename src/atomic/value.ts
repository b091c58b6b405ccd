// Value: any one value, of one type.

import { GoPanic } from "../internal/rt/panic.js";

/**
 * Holds a value of one type, `undefined` until the first store; for what is replaced as a whole, such as a
 * configuration. Of one thread. Go: `atomic.Value`.
 *
 * A store of `undefined`, `null`, or of another type than before (another `typeof`, or another class) is a `GoPanic`.
 *
 * ```ts
 * const config = new atomic.Value<Config>();
 * config.store(await load());
 * ```
 */
export class Value<T> {
  #value: T | undefined = undefined;

  /** The value; `undefined` before the first store. Go: `v.Load()`. */
  load(): T | undefined {
    return this.#value;
  }

  /** Sets the value. Go: `v.Store(x)`. */
  store(value: T): void {
    this.#check("store", "store of", value);
    this.#value = value;
  }

  /** Sets the value and gives the old one. Go: `v.Swap(x)`. */
  swap(value: T): T | undefined {
    this.#check("swap", "swap of", value);
    const old = this.#value;
    this.#value = value;
    return old;
  }

  /** Sets the value if it is `old`, compared with `===`; tells whether it was. Go: `v.CompareAndSwap(old, new)`. */
  compareAndSwap(old: T | undefined | null, value: T): boolean {
    const typed = old !== undefined && old !== null && value !== undefined && value !== null;
    if (typed && typeOf(old) !== typeOf(value)) throw inconsistent("compare and swap of inconsistently typed values");
    this.#check("compare and swap", "compare and swap of", value);
    if (this.#value !== (old ?? undefined)) return false;
    this.#value = value;
    return true;
  }

  #check(operation: string, words: string, value: T): void {
    if (value === undefined || value === null) {
      throw new GoPanic(`sync/atomic: ${words} nil value into Value`, "ERR_ATOMIC_NIL_VALUE");
    }
    if (this.#value !== undefined && typeOf(this.#value) !== typeOf(value)) {
      throw inconsistent(`${operation} of inconsistently typed value into Value`);
    }
  }
}

function inconsistent(what: string): GoPanic {
  return new GoPanic(`sync/atomic: ${what}`, "ERR_ATOMIC_INCONSISTENT_TYPE");
}

/** What counts as a value's type. */
function typeOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : typeof value;
}
