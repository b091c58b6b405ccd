// Atomic integers and Bool, in shared memory from the start; gort/parallel moves them into its own when they are first sent.

/** Where there is no shared memory (a page without cross-origin isolation) there is only one thread to see it. */
function memory(bytes: number): ArrayBuffer {
  const Memory = typeof SharedArrayBuffer === "undefined" ? ArrayBuffer : SharedArrayBuffer;
  return new Memory(bytes) as ArrayBuffer;
}

/** What the number types share. */
abstract class Integer32 {
  /** @internal */
  abstract cell: Int32Array | Uint32Array;
  protected abstract wrap(value: number): number;

  /** The value. Go: `x.Load()`. */
  load(): number {
    return Atomics.load(this.cell, 0);
  }

  /** Sets the value, wrapped to the type's range. Go: `x.Store(v)`. */
  store(value: number): void {
    Atomics.store(this.cell, 0, value);
  }

  /** Sets the value and gives the old one. Go: `x.Swap(v)`. */
  swap(value: number): number {
    return Atomics.exchange(this.cell, 0, value);
  }

  /** Adds `delta` and gives the new value. Go: `x.Add(d)`. */
  add(delta: number): number {
    return this.wrap(Atomics.add(this.cell, 0, delta) + this.wrap(delta));
  }

  /** Sets the value if it is `old`; tells whether it was. Go: `x.CompareAndSwap(old, new)`. */
  compareAndSwap(old: number, value: number): boolean {
    return Atomics.compareExchange(this.cell, 0, old, value) === this.wrap(old);
  }

  /** Keeps the bits that are set in `mask`, and gives the old value. Go: `x.And(m)`. */
  and(mask: number): number {
    return Atomics.and(this.cell, 0, mask);
  }

  /** Sets the bits that are set in `mask`, and gives the old value. Go: `x.Or(m)`. */
  or(mask: number): number {
    return Atomics.or(this.cell, 0, mask);
  }
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
export class Int32 extends Integer32 {
  /** @internal */
  cell: Int32Array = new Int32Array(memory(4));

  constructor(value: number = 0) {
    super();
    this.store(value);
  }

  protected override wrap(value: number): number {
    return value | 0;
  }
}

/** {@link Int32} without a sign. To subtract 1, add -1. Go: `atomic.Uint32`. */
export class Uint32 extends Integer32 {
  /** @internal */
  cell: Uint32Array = new Uint32Array(memory(4));

  constructor(value: number = 0) {
    super();
    this.store(value);
  }

  protected override wrap(value: number): number {
    return value >>> 0;
  }
}

/** What the bigint types share. */
abstract class Integer64 {
  /** @internal */
  abstract cell: BigInt64Array | BigUint64Array;
  protected abstract wrap(value: bigint): bigint;

  /** The value. Go: `x.Load()`. */
  load(): bigint {
    return Atomics.load(this.cell, 0);
  }

  /** Sets the value, wrapped to the type's range. Go: `x.Store(v)`. */
  store(value: bigint): void {
    Atomics.store(this.cell, 0, value);
  }

  /** Sets the value and gives the old one. Go: `x.Swap(v)`. */
  swap(value: bigint): bigint {
    return Atomics.exchange(this.cell, 0, value);
  }

  /** Adds `delta` and gives the new value. Go: `x.Add(d)`. */
  add(delta: bigint): bigint {
    return this.wrap(Atomics.add(this.cell, 0, delta) + delta);
  }

  /** Sets the value if it is `old`; tells whether it was. Go: `x.CompareAndSwap(old, new)`. */
  compareAndSwap(old: bigint, value: bigint): boolean {
    return Atomics.compareExchange(this.cell, 0, old, value) === this.wrap(old);
  }

  /** Keeps the bits that are set in `mask`, and gives the old value. Go: `x.And(m)`. */
  and(mask: bigint): bigint {
    return Atomics.and(this.cell, 0, mask);
  }

  /** Sets the bits that are set in `mask`, and gives the old value. Go: `x.Or(m)`. */
  or(mask: bigint): bigint {
    return Atomics.or(this.cell, 0, mask);
  }
}

/** A 64-bit {@link Int32}: takes and gives `bigint`. Go: `atomic.Int64`. */
export class Int64 extends Integer64 {
  /** @internal */
  cell: BigInt64Array = new BigInt64Array(memory(8));

  constructor(value: bigint = 0n) {
    super();
    this.store(value);
  }

  protected override wrap(value: bigint): bigint {
    return BigInt.asIntN(64, value);
  }
}

/** A 64-bit {@link Uint32}: takes and gives `bigint`. Go: `atomic.Uint64`. */
export class Uint64 extends Integer64 {
  /** @internal */
  cell: BigUint64Array = new BigUint64Array(memory(8));

  constructor(value: bigint = 0n) {
    super();
    this.store(value);
  }

  protected override wrap(value: bigint): bigint {
    return BigInt.asUintN(64, value);
  }
}

/** A truth value that is read and changed in one step, also between threads. Go: `atomic.Bool`. */
export class Bool {
  /** @internal */
  cell: Int32Array = new Int32Array(memory(4));

  constructor(value: boolean = false) {
    this.store(value);
  }

  /** The value. Go: `x.Load()`. */
  load(): boolean {
    return Atomics.load(this.cell, 0) === 1;
  }

  /** Sets the value. Go: `x.Store(v)`. */
  store(value: boolean): void {
    Atomics.store(this.cell, 0, value ? 1 : 0);
  }

  /** Sets the value and gives the old one. Go: `x.Swap(v)`. */
  swap(value: boolean): boolean {
    return Atomics.exchange(this.cell, 0, value ? 1 : 0) === 1;
  }

  /** Sets the value if it is `old`; tells whether it was. Go: `x.CompareAndSwap(old, new)`. */
  compareAndSwap(old: boolean, value: boolean): boolean {
    return Atomics.compareExchange(this.cell, 0, old ? 1 : 0, value ? 1 : 0) === (old ? 1 : 0);
  }
}
