// Map: Go's sync.Map. In one thread its worth lies in the operations that do two things at once, and in a range that is
// safe to change the map from.

import { resolved } from "../internal/rt/slice.js";

const NativeMap = globalThis.Map;

/**
 * A map with operations that read and write in one step. Keys are compared as in JavaScript's own `Map`, values with
 * `===`. Go: `sync.Map`.
 *
 * ```ts
 * const sessions = new sync.Map<string, Session>();
 * const [session, loaded] = sessions.loadOrStore(id, fresh);
 * ```
 */
export class Map<K, V> {
  readonly #entries = new NativeMap<K, V>();
  readonly #making = new NativeMap<K, Promise<V>>();

  /** The value of `key`, and whether there is one. Go: `m.Load(k)`. */
  load(key: K): [value: V, ok: true] | [value: undefined, ok: false] {
    if (!this.#entries.has(key)) return [undefined, false];
    const value = this.#entries.get(key) as V;
    return [value, true];
  }

  /** Sets the value of `key`. Go: `m.Store(k, v)`. */
  store(key: K, value: V): void {
    this.#entries.set(key, value);
  }

  /**
   * The value of `key`, which is `value` from now on if there was none; and whether there was one. Go:
   * `m.LoadOrStore(k, v)`.
   */
  loadOrStore(key: K, value: V): [actual: V, loaded: boolean] {
    if (this.#entries.has(key)) return [this.#entries.get(key) as V, true];
    this.#entries.set(key, value);
    return [value, false];
  }

  /** Deletes `key`, and gives the value that it had. Go: `m.LoadAndDelete(k)`. */
  loadAndDelete(key: K): [value: V, loaded: true] | [value: undefined, loaded: false] {
    const loaded = this.load(key);
    this.#entries.delete(key);
    return loaded;
  }

  /** Deletes `key`. Go: `m.Delete(k)`. */
  delete(key: K): void {
    this.#entries.delete(key);
  }

  /** Sets the value of `key`, and gives the one it had before. Go: `m.Swap(k, v)`. */
  swap(key: K, value: V): [previous: V, loaded: true] | [previous: undefined, loaded: false] {
    const loaded = this.load(key);
    this.#entries.set(key, value);
    return loaded;
  }

  /** Sets the value of `key` if it is `old`; a missing one is never. Go: `m.CompareAndSwap(k, old, new)`. */
  compareAndSwap(key: K, old: V, value: V): boolean {
    if (!this.#entries.has(key) || this.#entries.get(key) !== old) return false;
    this.#entries.set(key, value);
    return true;
  }

  /** Deletes `key` if its value is `old`. Go: `m.CompareAndDelete(k, old)`. */
  compareAndDelete(key: K, old: V): boolean {
    return this.#entries.has(key) && this.#entries.get(key) === old && this.#entries.delete(key);
  }

  /**
   * Calls `f` for each key that is there, until it gives `false`. `f` may change the map: each key is visited once at
   * most; one that was added meanwhile is not, one that was deleted before its turn is not either. Go: `m.Range(f)`.
   */
  range(f: (key: K, value: V) => boolean): void {
    for (const key of Array.from(this.#entries.keys())) {
      const [value, ok] = this.load(key);
      if (ok && !f(key, value)) return;
    }
  }

  /** Deletes all. Go: `m.Clear()`. */
  clear(): void {
    this.#entries.clear();
  }

  /**
   * The value of `key`, made by `make` if there is none. However many call at once, `make` runs once, and all get what
   * it gives; a failure goes to all of them and is not kept. What others store meanwhile stays, and is the value.
   */
  async loadOrCompute(key: K, make: () => V | Promise<V>): Promise<V> {
    const [value, ok] = this.load(key);
    if (ok) return value;
    let making = this.#making.get(key);
    if (making === undefined) {
      making = this.#compute(key, resolved.then(make));
      this.#making.set(key, making);
    }
    return making;
  }

  async #compute(key: K, made: Promise<V>): Promise<V> {
    try {
      return this.loadOrStore(key, await made)[0];
    } finally {
      this.#making.delete(key);
    }
  }
}
