// Map: sync.Map between threads, over a tree in the shared memory (wasm/map.ts).
//
// Values are copies: encoded as they come in, decoded anew for each who reads them. Those that need a block are in a box, which
// counts its readers. Handles in a value have a reference of the box, and every copy gets one of its own.

import { random } from "../rt/random.js";
import { BIGINT, BLOCK, HANDLE, LATIN1, WIDE } from "./codec/tags.js";
import { detach } from "./codec/transfer.js";
import { KeyWriter, readKey } from "./key.js";
import { addKind } from "./object.js";
import { type Thread, thread } from "./thread.js";
import { discardValue, readValue } from "./value.js";
import {
  BOX_SIZE,
  BOX_SLOT,
  BOXED,
  ENTRY_KEY,
  EXHAUSTED,
  HASHES,
  MAP,
  MAP_SIZE,
  OK,
  ROOT,
  SCRATCH,
  SCRATCH_SIZE,
  STRIPE,
  STRIPE_COUNT,
  STRIPES,
  VALUE,
} from "./wasm/layout.js";

const NativeMap = globalThis.Map;

/** In the form of keys that are not the user's: under them are the locks of those who make a value. */
const HIDDEN = 0x100;

/** A lock of goroutines on any thread. */
interface Exclusion extends Disposable {
  lock(): Promise<unknown>;
  unlock(): void;
}

let keys: KeyWriter | undefined; // this thread's
let exclude: () => Exclusion;

/** Sets how a lock is made: it is built on what this is. */
export function setExclusion(make: () => Exclusion): void {
  exclude = make;
}

/**
 * A map in the memory that all threads share, with operations that read and write in one step, whoever else does at that
 * moment. Keys are strings and numbers, compared as in JavaScript's own `Map`. Values are whatever can cross threads, and
 * copies: what was stored does not change with the original, and every load gives a copy of its own. Go: `sync.Map`.
 *
 * ```ts
 * const hits = new shared.Map<string, number>();
 * await count.run(hits, urls); // a task gets the map itself
 * const [n, ok] = hits.load("/");
 * ```
 *
 * It is reclaimed when no thread refers to it any more; what refers to itself, such as a map that is in one of its own values,
 * never is. Operations throw a `TypeError` for a key or a value that a map cannot have, and for a map that has been disposed;
 * those that store a value a `RangeError` when the memory is exhausted, and then nothing has changed.
 */
export class SharedMap<K extends string | number, V> implements Disposable {
  /** @internal */
  readonly on: Thread;
  /** @internal */
  readonly kind: number = MAP;
  /** @internal */
  pointer: number;
  /** @internal */
  waiting = 0;
  readonly #making = new NativeMap<K, Promise<V>>();

  constructor();
  /** @internal */
  constructor(on: Thread, pointer: number);
  constructor(on: Thread = thread(), pointer?: number) {
    this.on = on;
    keys ??= new KeyWriter(on);
    this.pointer = pointer ?? on.made(on.core.createMap(random(2 ** 31)), MAP_SIZE);
    on.reach(this.pointer + MAP_SIZE);
    if (pointer === undefined) on.registry.adopt(this);
  }

  /** A copy of the value of `key`, and whether there is one. Go: `m.Load(k)`. */
  load(key: K): [value: V, ok: true] | [value: undefined, ok: false] {
    return this.#load(key, "load", 0) ? [take(this.on) as V, true] : [undefined, false];
  }

  /** Sets the value of `key`. Go: `m.Store(k, v)`. */
  store(key: K, value: V): void {
    if (this.#store(key, value, "store", 1, 0) === OK) discard(this.on);
  }

  /**
   * The value of `key`, which is `value` from now on if there was none; and whether there was one. Go: `m.LoadOrStore(k, v)`.
   */
  loadOrStore(key: K, value: V): [actual: V, loaded: boolean] {
    const there = this.load(key);
    if (there[1]) return there;
    return this.#store(key, value, "loadOrStore", 0, 0) === OK ? [take(this.on) as V, true] : [value, false];
  }

  /** Deletes `key`, and gives the value that it had. Go: `m.LoadAndDelete(k)`. */
  loadAndDelete(key: K): [value: V, loaded: true] | [value: undefined, loaded: false] {
    return this.#delete(key, "loadAndDelete", 0) ? [take(this.on) as V, true] : [undefined, false];
  }

  /** Deletes `key`. Go: `m.Delete(k)`. */
  delete(key: K): void {
    if (this.#delete(key, "delete", 0)) discard(this.on);
  }

  /** Sets the value of `key`, and gives the one it had before. Go: `m.Swap(k, v)`. */
  swap(key: K, value: V): [previous: V, loaded: true] | [previous: undefined, loaded: false] {
    return this.#store(key, value, "swap", 1, 0) === OK ? [take(this.on) as V, true] : [undefined, false];
  }

  /**
   * Sets the value of `key` if it is `old`; a missing one is never. Values are compared with `===`, and only primitives can be:
   * for an object as `old` it throws a `TypeError`, since the map has a copy, which nothing else is. Go: `m.CompareAndSwap(k,
   * old, new)`, which panics for what cannot be compared.
   */
  compareAndSwap(key: K, old: V, value: V): boolean {
    const { codec, core } = this.on;
    const what = "compareAndSwap";
    checkComparable(old, what);
    checkKey(key, what);
    const moved = encode(this.on, value, what);
    const { tag, aux, num } = codec;
    const swapped = this.#compared(key, old, what, (k, oldTag, oldAux, oldNum) =>
      core.mapSwap(this.pointer, k.form, k.at, k.bytes, oldTag, oldAux, oldNum, tag, aux, num),
    );
    if (swapped) detach(moved);
    else release(this.on, tag, aux);
    return swapped;
  }

  /** Deletes `key` if its value is `old`, as {@link compareAndSwap} compares. Go: `m.CompareAndDelete(k, old)`. */
  compareAndDelete(key: K, old: V): boolean {
    checkComparable(old, "compareAndDelete");
    return this.#compared(key, old, "compareAndDelete", (k, tag, aux, num) =>
      this.on.core.mapDelete(this.pointer, k.form, k.at, k.bytes, 0, tag, aux, num),
    );
  }

  /**
   * Calls `f` for the keys that are there, until it gives `false`. Holds no lock meanwhile: `f` may change the map, and so may
   * other threads. Each key is visited once at most, and each that is there from the beginning to the end is; of others, and of
   * values that change, it is as it happens. In no particular order. Go: `m.Range(f)`.
   */
  range(f: (key: K, value: V) => boolean): void {
    for (let from = 0; from < HASHES;) {
      const some: K[] = [];
      from = this.#scan(from, some);
      for (const key of some) {
        const [value, ok] = this.load(key);
        if (ok && !f(key, value)) return;
      }
    }
  }

  /** Deletes all. What others store meanwhile may be deleted or stay. Go: `m.Clear()`. */
  clear(): void {
    this.#check("clear");
    const { on } = this;
    const stripe = on.record + SCRATCH;
    for (let i = 0; i < STRIPE_COUNT; i++) {
      if (on.i32[(this.pointer + STRIPES + i * STRIPE + ROOT) >> 2] === 0) continue;
      on.core.mapDetach(this.pointer, i, stripe);
      while (on.core.mapPop(stripe) !== 0) discard(on);
    }
  }

  /**
   * The value of `key`, made by `make` if there is none. However many call at once, in whatever threads, one `make` runs, and
   * all get what it gives. A failure goes to all who wait in its thread, and is not kept: other threads that wait try their own
   * `make`, as they do when the thread dies. What others store meanwhile stays, and is the value.
   */
  async loadOrCompute(key: K, make: () => V | Promise<V>): Promise<V> {
    const [value, ok] = this.load(key);
    if (ok) return value;
    let making = this.#making.get(key);
    if (making === undefined) {
      making = this.#compute(key, make);
      this.#making.set(key, making);
    }
    return making;
  }

  /** This thread does not use the map any more. */
  [Symbol.dispose](): void {
    this.on.registry.dispose(this);
  }

  async #compute(key: K, make: () => V | Promise<V>): Promise<V> {
    try {
      const lock = this.#lockOf(key);
      await acquire(lock);
      try {
        const [value, ok] = this.load(key);
        return ok ? value : this.loadOrStore(key, await make())[0];
      } finally {
        lock.unlock();
        lock[Symbol.dispose]();
        if (this.pointer !== 0 && this.#delete(key, "loadOrCompute", HIDDEN)) discard(this.on);
      }
    } finally {
      this.#making.delete(key);
    }
  }

  /** The lock of those who make the key's value. */
  #lockOf(key: K): Exclusion {
    const what = "loadOrCompute";
    if (this.#load(key, what, HIDDEN)) return take(this.on) as Exclusion;
    const lock = exclude();
    if (this.#store(key, lock, what, 0, HIDDEN) !== OK) return lock;
    lock[Symbol.dispose]();
    return take(this.on) as Exclusion;
  }

  /** Whether there is a value: it is in VALUE then. */
  #load(key: K, what: string, hidden: number): boolean {
    const k = this.#key(key, what);
    const result = this.on.core.mapLoad(this.pointer, k.form | hidden, k.at, k.bytes);
    k.done();
    return result === OK;
  }

  /** OK if there was a value: it is in VALUE, and is still in the map as well unless the new one `overwrites` it. */
  #store(key: K, value: unknown, what: string, overwrites: number, hidden: number): number {
    const { on, pointer } = this;
    checkKey(key, what);
    const moved = encode(on, value, what);
    const { tag, aux, num } = on.codec;
    let stored = false;
    try {
      const k = this.#key(key, what);
      const { bytes } = k;
      const result = on.core.mapStore(pointer, k.form | hidden, k.at, bytes, overwrites, tag, aux, num);
      k.done();
      if (result === EXHAUSTED) on.made(0, ENTRY_KEY + bytes);
      stored = result !== OK || overwrites === 1;
      return result;
    } finally {
      if (stored) detach(moved);
      else release(on, tag, aux);
    }
  }

  /** Whether there was a value: it is in VALUE then. */
  #delete(key: K, what: string, hidden: number): boolean {
    const k = this.#key(key, what);
    const result = this.on.core.mapDelete(this.pointer, k.form | hidden, k.at, k.bytes, 1, 0, 0, 0);
    k.done();
    return result === OK;
  }

  /** Does `operation`, which compares with the slot that it is given, if the value is `old`; and lets go of that. */
  #compared(
    key: K,
    old: unknown,
    what: string,
    operation: (k: KeyWriter, tag: number, aux: number, num: number) => number,
  ): boolean {
    const { on } = this;
    const inSlot = (typeof old !== "string" || old === "") && typeof old !== "bigint";
    for (;;) {
      let box = 0;
      if (!inSlot) {
        box = this.#find(key, old, what);
        if (box === 0) return false;
      }
      // A box that we have stays where it is: if the entry still has it, then it has that value.
      try {
        if (inSlot) on.codec.encode(old, what);
        const { tag, aux, num } = on.codec;
        const k = this.#key(key, what);
        const result = inSlot ? operation(k, tag, aux, num) : operation(k, BOXED, box, 0);
        k.done();
        if (result === OK) discard(on);
        if (inSlot || result === OK) return result === OK;
      } finally {
        if (box !== 0) release(on, BOXED, box);
      }
    }
  }

  /** The box that the key has, if `old` is in it; the caller must release it. 0 if it has none, or another value. */
  #find(key: K, old: unknown, what: string): number {
    const { on } = this;
    if (!this.#load(key, what, 0) || on.i32[(on.record + VALUE) >> 2] !== BOXED) return 0;
    const box = on.i32[(on.record + VALUE + 4) >> 2] as number;
    let same = false;
    try {
      same = isIn(on, box, old);
    } finally {
      if (!same) release(on, BOXED, box);
    }
    return same ? box : 0;
  }

  /** Adds the keys from the hash `from` on, as far as there is room for them; gives where to go on. */
  #scan(from: number, to: K[]): number {
    this.#check("range");
    const { on } = this;
    const scratch = on.record + SCRATCH;
    let at = scratch;
    let size = SCRATCH_SIZE;
    let used = on.core.mapScan(this.pointer, from, at, size);
    try {
      while (used > size) {
        if (at !== scratch) on.free(at);
        at = scratch;
        at = on.alloc(used);
        size = used;
        used = on.core.mapScan(this.pointer, from, at, size);
      }
      const next = on.i32[(on.record + VALUE) >> 2] as number;
      for (let p = at; p < at + used;) {
        const form = on.i32[p >> 2] as number;
        const bytes = on.i32[(p + 4) >> 2] as number;
        if ((form & HIDDEN) === 0) to.push(readKey(on, form, p + 8, bytes) as K);
        p += 8 + ((bytes + 7) & ~7);
      }
      return next;
    } finally {
      if (at !== scratch) on.free(at);
    }
  }

  /** Writes the key, for the operation that follows at once. */
  #key(key: K, what: string): KeyWriter {
    checkKey(key, what);
    this.#check(what);
    return (keys as KeyWriter).write(key);
  }

  #check(what: string): void {
    if (this.pointer === 0) throw new TypeError(`${what}: the map has been disposed`);
  }
}

addKind(MAP, {
  make: (on, pointer) => new SharedMap(on, pointer),
  destroy(on, pointer) {
    for (let i = 0; i < STRIPE_COUNT; i++) {
      while (on.core.mapPop(pointer + STRIPES + i * STRIPE) !== 0) discard(on);
    }
  },
});

function checkKey(key: unknown, what: string): void {
  if (typeof key === "string" || typeof key === "number") return;
  const got = key === null ? "null" : typeof key;
  throw new TypeError(`${what}: the key of a shared map must be a string or a number, got ${got}`);
}

function checkComparable(old: unknown, what: string): void {
  if (old === null || (typeof old !== "object" && typeof old !== "function" && typeof old !== "symbol")) return;
  throw new TypeError(`${what}: old is of type ${typeof old}; a shared map has copies, and compares primitives only`);
}

/** Encodes a value as an entry has it: into the codec's fields. Gives the buffers that are moved when it is stored. */
function encode(on: Thread, value: unknown, what: string): readonly ArrayBuffer[] {
  const { codec, core } = on;
  codec.encode(value, what);
  const moved = codec.takeMoved() ?? [];
  const { tag, aux, num } = codec;
  const kind = tag & 255;
  const needsBox = kind === BLOCK || kind === HANDLE || ((kind === LATIN1 || kind === WIDE) && num > 0);
  if (!needsBox) return moved;
  try {
    if (!codec.canCopy(tag, aux, num)) {
      throw new TypeError(
        `${what}: the value has in it what only one can have, and a map gives a copy to each who asks`,
      );
    }
    codec.aux = on.made(core.box(tag, aux, num), BOX_SIZE);
  } catch (error) {
    codec.discard(tag, aux, num);
    throw error;
  }
  codec.tag = BOXED;
  codec.num = 0;
  return moved;
}

/** Whoever has the lock may have died with it: then the next to come has it. */
async function acquire(lock: Exclusion): Promise<void> {
  for (;;) {
    try {
      await lock.lock();
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ERR_OWNER_DIED") throw error;
    }
  }
}

/** The value that an operation has given: a copy of what is in a box, which is let go of. */
function take(on: Thread): unknown {
  const at = on.record + VALUE;
  if (on.i32[at >> 2] !== BOXED) return readValue(on, at);
  const box = on.i32[(at + 4) >> 2] as number;
  try {
    return unpack(on, box);
  } finally {
    release(on, BOXED, box);
  }
}

/** Lets go of the value that an operation has given. */
function discard(on: Thread): void {
  const at = on.record + VALUE;
  release(on, on.i32[at >> 2] as number, on.i32[(at + 4) >> 2] as number);
}

/** Lets go of a value of an entry. */
function release(on: Thread, tag: number, box: number): void {
  if (tag !== BOXED || on.core.unbox(box) === 0) return;
  on.reach(box + BOX_SIZE);
  try {
    discardValue(on, box + BOX_SLOT);
  } finally {
    on.free(box);
  }
}

function unpack(on: Thread, box: number): unknown {
  on.reach(box + BOX_SIZE);
  const at = box + BOX_SLOT;
  const { i32, f64 } = on;
  return on.codec.copy(i32[at >> 2] as number, i32[(at + 4) >> 2] as number, f64[(at + 8) >> 3] as number);
}

/** Whether the value in a box is `old`: text or a big integer. */
function isIn(on: Thread, box: number, old: unknown): boolean {
  on.reach(box + BOX_SIZE);
  const at = box + BOX_SLOT;
  const tag = on.i32[at >> 2] as number;
  if (typeof old === "string") {
    return (tag === LATIN1 || tag === WIDE) && on.f64[(at + 8) >> 3] === old.length && unpack(on, box) === old;
  }
  if (tag !== BLOCK) return false;
  const first = (on.i32[(at + 4) >> 2] as number) + 8; // the value's first word, after the two that lead to lists
  on.reach(first + 4);
  return ((on.i32[first >> 2] as number) & 255) === BIGINT && unpack(on, box) === old;
}
