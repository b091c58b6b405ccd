// Where a thread writes a message before it knows its length: words in memory of its own. They go to the heap in one piece, so
// that a value which turns out bad costs no block there; bytes in bulk go straight from their source to the block.

import type { Heap } from "../heap.js";
import { moved } from "./refusal.js";
import { FLOAT, LATIN1, LONG, WIDE } from "./tags.js";
import { wordsOf, writeLatin1, writeWide } from "./text.js";

const usual = 1024;
/** A stage that has grown beyond this is not kept. */
const largest = 1 << 18;

const number = new Float64Array(1);
const halves = new Int32Array(number.buffer);

export class Stage {
  words: Int32Array = new Int32Array(usual);
  bytes: Uint8Array = new Uint8Array(this.words.buffer);
  pos = 0;
  /** What goes straight to the block, and the words that shall say where in the block it is. */
  readonly bulk: Uint8Array[] = [];
  readonly bulkAt: number[] = [];

  /** Makes sure that `count` more words fit. */
  room(count: number): void {
    if (this.pos + count > this.words.length) this.grow(this.pos + count);
  }

  /** A word with a tag and a number from 0 on. */
  head(tag: number, value: number): void {
    this.room(2);
    if (value < LONG) {
      this.words[this.pos++] = tag | (value << 8);
    } else {
      this.words[this.pos++] = tag | (LONG << 8);
      this.words[this.pos++] = value;
    }
  }

  word(value: number): void {
    this.room(1);
    this.words[this.pos++] = value;
  }

  float(value: number): void {
    this.room(3);
    const { words, pos } = this;
    number[0] = value;
    words[pos] = FLOAT;
    words[pos + 1] = halves[0] as number;
    words[pos + 2] = halves[1] as number;
    this.pos = pos + 3;
  }

  text(text: string): void {
    const n = text.length;
    this.room(wordsOf(n, 2) + 2);
    const { words, bytes, pos } = this;
    let at = pos + 1;
    if (n >= LONG) words[at++] = n;
    const detail = n < LONG ? n : LONG;
    if (writeLatin1(words, bytes, at, text)) {
      words[pos] = LATIN1 | (detail << 8);
      this.pos = at + wordsOf(n, 1);
    } else {
      writeWide(words, bytes, at, text);
      words[pos] = WIDE | (detail << 8);
      this.pos = at + wordsOf(n, 2);
    }
  }

  /** The bytes will be in the block: writes how many, and room for where. */
  later(source: Uint8Array): void {
    this.word(source.length);
    this.bulk.push(source);
    this.bulkAt.push(this.pos);
    this.word(0);
  }

  /** How many bytes the block needs. Settles where in it the bulk goes. */
  measure(): number {
    let size = ((this.pos + 1) >> 1) * 8;
    for (let i = 0; i < this.bulk.length; i++) {
      const { length } = this.bulk[i] as Uint8Array;
      const at = this.bulkAt[i] as number;
      if ((this.words[at - 1] as number) >>> 0 !== length) throw moved();
      this.words[at] = size;
      size += aligned(length);
    }
    return size;
  }

  /** Writes everything to a block of the length that `measure` has just given: nothing in between can fail this. */
  moveTo(heap: Heap, pointer: number): void {
    const { words, pos, bulk } = this;
    const to = heap.i32;
    const at = pointer >>> 2;
    if (pos <= 64) for (let i = 0; i < pos; i++) to[at + i] = words[i] as number;
    else to.set(words.subarray(0, pos), at);
    for (let i = 0; i < bulk.length; i++) {
      heap.u8.set(bulk[i] as Uint8Array, pointer + (words[this.bulkAt[i] as number] as number));
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.pos = 0;
    if (this.bulk.length > 0) this.bulk.length = this.bulkAt.length = 0;
    if (this.words.length > largest) this.adopt(new Int32Array(usual));
  }

  private grow(needed: number): void {
    const words = new Int32Array(Math.max(needed, this.words.length * 2));
    words.set(this.words.subarray(0, this.pos));
    this.adopt(words);
  }

  private adopt(words: Int32Array): void {
    this.words = words;
    this.bytes = new Uint8Array(words.buffer);
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
