// The memory that all threads of a program see, as those use it who keep something there.

/**
 * Blocks of the shared memory. The views are of the whole memory, and of one length: when the memory grows, a thread has new
 * ones, at its own `alloc` or `refresh`. So read them anew after `alloc`; and when a pointer of another thread lies past
 * their end, call `refresh` first.
 */
export interface Heap {
  u8: Uint8Array;
  i32: Int32Array;
  f64: Float64Array;
  /** A block: its address in bytes, a multiple of 8 and never 0. Throws a `RangeError` when the memory is exhausted. */
  alloc(bytes: number): number;
  free(pointer: number): void;
  /** Gets views of the memory's present length. */
  refresh(): void;
}
