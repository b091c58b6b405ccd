// What passes between threads by reference: channels, locks, atomics, contexts, shared memory.

/** What stands for a shared thing in a message. */
export interface Packed {
  /** 1…255. */
  readonly kind: number;
  /** 32-bit integers. */
  readonly a: number;
  readonly b: number;
}

/** Knows the things that are shared. A message holds a reference to each that it carries, until it is delivered or discarded. */
export interface Handles {
  /**
   * What stands for `value`, with a reference for the message; undefined if it is nothing shared. Asked of functions, and of
   * objects that are neither plain nor of a built-in kind that is copied.
   */
  pack(value: object): Packed | undefined;
  /** The thing in this thread. The message's reference passes to it. */
  unpack(kind: number, a: number, b: number): object;
  /** The message was discarded: its reference ends. */
  drop(kind: number, a: number, b: number): void;
  /** Whether a message with such a thing can be read more than once. */
  canRepeat?(kind: number): boolean;
  /** One more reference for a message, which is to be read once more. */
  repeat?(kind: number, a: number, b: number): void;
}
