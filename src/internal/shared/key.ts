// Keys of maps, on their way into an operation: a number as its 8 bytes, text as its characters, in multiples of 8 bytes.
//
// Invariant: nothing else of the thread runs between write() and done(), since all keys are written to the same place.

import { FLOAT, LATIN1, WIDE } from "./codec/tags.js";
import { readLatin1, readWide, writeLatin1, writeWide } from "./codec/text.js";
import type { Thread } from "./thread.js";
import { SCRATCH, SCRATCH_SIZE } from "./wasm/layout.js";

export class KeyWriter {
  /** The codec's tag. The same key is always written in the same form. */
  form = 0;
  at: number;
  bytes = 0;
  readonly #on: Thread;
  readonly #scratch: number;

  constructor(on: Thread) {
    this.#on = on;
    this.#scratch = this.at = on.record + SCRATCH;
  }

  write(key: string | number): this {
    if (typeof key === "string") this.#text(key);
    else this.#number(key);
    return this;
  }

  /** The operation has happened. */
  done(): void {
    if (this.at === this.#scratch) return;
    this.#on.free(this.at);
    this.at = this.#scratch;
  }

  #number(key: number): void {
    this.form = FLOAT;
    this.bytes = 8;
    const { i32, f64 } = this.#on;
    if (key === key) {
      f64[this.at >> 3] = key + 0; // -0 is 0
    } else {
      i32[this.at >> 2] = 0; // NaN has many forms
      i32[(this.at + 4) >> 2] = 0x7ff80000;
    }
  }

  #text(key: string): void {
    const n = key.length;
    if (n === 0 || key.charCodeAt(0) < 0x100) {
      this.#room(LATIN1, n);
      if (writeLatin1(this.#on.i32, this.#on.u8, this.at >> 2, key)) return;
      this.done();
    }
    this.#room(WIDE, n * 2);
    writeWide(this.#on.i32, this.#on.u8, this.at >> 2, key);
  }

  #room(form: number, bytes: number): void {
    this.form = form;
    this.bytes = bytes;
    if (bytes > SCRATCH_SIZE) this.at = this.#on.alloc(bytes + 7);
    if (bytes > 0) this.#on.f64[(this.at + bytes - 1) >> 3] = 0; // what is left of the last 8 bytes
  }
}

/** A key from its bytes. */
export function readKey({ i32, u8, f64 }: Thread, form: number, at: number, bytes: number): string | number {
  if (form === FLOAT) return f64[at >> 3] as number;
  return form === LATIN1 ? readLatin1(i32, u8, at >> 2, bytes) : readWide(u8, at >> 2, bytes / 2);
}
