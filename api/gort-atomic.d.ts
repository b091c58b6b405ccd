// gort/atomic: the public API. Written by "npm run api".

/** A truth value that is read and changed in one step, also between threads. Go: `atomic.Bool`. */
export declare class Bool {
  constructor(value?: boolean);
  /** The value. Go: `x.Load()`. */
  load(): boolean;
  /** Sets the value. Go: `x.Store(v)`. */
  store(value: boolean): void;
  /** Sets the value and gives the old one. Go: `x.Swap(v)`. */
  swap(value: boolean): boolean;
  /** Sets the value if it is `old`; tells whether it was. Go: `x.CompareAndSwap(old, new)`. */
  compareAndSwap(old: boolean, value: boolean): boolean;
}

/**
 * A 32-bit integer that is read and changed in one step, also between threads; it wraps around as Go's. Go:
 * `atomic.Int32`.
 *
 * ```ts
 * const hits = new atomic.Int32();
 * hits.add(1);
 * ```
 */
export declare class Int32 extends Integer32 {
  constructor(value?: number);
  protected wrap(value: number): number;
}

/** A 64-bit {@link Int32}: takes and gives `bigint`. Go: `atomic.Int64`. */
export declare class Int64 extends Integer64 {
  constructor(value?: bigint);
  protected wrap(value: bigint): bigint;
}

/** {@link Int32} without a sign. To subtract 1, add -1. Go: `atomic.Uint32`. */
export declare class Uint32 extends Integer32 {
  constructor(value?: number);
  protected wrap(value: number): number;
}

/** A 64-bit {@link Uint32}: takes and gives `bigint`. Go: `atomic.Uint64`. */
export declare class Uint64 extends Integer64 {
  constructor(value?: bigint);
  protected wrap(value: bigint): bigint;
}

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
export declare class Value<T> {
  #private;
  /** The value; `undefined` before the first store. Go: `v.Load()`. */
  load(): T | undefined;
  /** Sets the value. Go: `v.Store(x)`. */
  store(value: T): void;
  /** Sets the value and gives the old one. Go: `v.Swap(x)`. */
  swap(value: T): T | undefined;
  /** Sets the value if it is `old`, compared with `===`; tells whether it was. Go: `v.CompareAndSwap(old, new)`. */
  compareAndSwap(old: T | undefined | null, value: T): boolean;
}

/** What the number types share. */
declare abstract class Integer32 {
  protected abstract wrap(value: number): number;
  /** The value. Go: `x.Load()`. */
  load(): number;
  /** Sets the value, wrapped to the type's range. Go: `x.Store(v)`. */
  store(value: number): void;
  /** Sets the value and gives the old one. Go: `x.Swap(v)`. */
  swap(value: number): number;
  /** Adds `delta` and gives the new value. Go: `x.Add(d)`. */
  add(delta: number): number;
  /** Sets the value if it is `old`; tells whether it was. Go: `x.CompareAndSwap(old, new)`. */
  compareAndSwap(old: number, value: number): boolean;
  /** Keeps the bits that are set in `mask`, and gives the old value. Go: `x.And(m)`. */
  and(mask: number): number;
  /** Sets the bits that are set in `mask`, and gives the old value. Go: `x.Or(m)`. */
  or(mask: number): number;
}

/** What the bigint types share. */
declare abstract class Integer64 {
  protected abstract wrap(value: bigint): bigint;
  /** The value. Go: `x.Load()`. */
  load(): bigint;
  /** Sets the value, wrapped to the type's range. Go: `x.Store(v)`. */
  store(value: bigint): void;
  /** Sets the value and gives the old one. Go: `x.Swap(v)`. */
  swap(value: bigint): bigint;
  /** Adds `delta` and gives the new value. Go: `x.Add(d)`. */
  add(delta: bigint): bigint;
  /** Sets the value if it is `old`; tells whether it was. Go: `x.CompareAndSwap(old, new)`. */
  compareAndSwap(old: bigint, value: bigint): boolean;
  /** Keeps the bits that are set in `mask`, and gives the old value. Go: `x.And(m)`. */
  and(mask: bigint): bigint;
  /** Sets the bits that are set in `mask`, and gives the old value. Go: `x.Or(m)`. */
  or(mask: bigint): bigint;
}

export {};
