// The codec: values that cross threads, as 16 bytes each and, where those do not suffice, a block of shared memory.
//
// A slot is `tag: i32, aux: i32, num: f64`. Numbers, booleans, undefined, null and handles are in the slot itself. Text has its
// length in `num` and its characters in the block at `aux`; any other value is a BLOCK of `num` bytes at `aux`. Whoever takes the
// slot out of shared memory owns the block: it decodes it or discards it, once.

import type { Handles } from "../handles.js";
import type { Heap } from "../heap.js";
import { Decoder } from "./decoder.js";
import { Encoder } from "./encoder.js";
import { Refusal, refuse } from "./refusal.js";
import { Shapes } from "./shapes.js";
import * as tags from "./tags.js";
import { readLatin1, readWide, wordsOf, writeLatin1, writeWide } from "./text.js";

export class Codec {
  /** The slot that `encode` and `encodeAll` have written. */
  tag = 0;
  aux = 0;
  num = 0;
  private moved: readonly ArrayBuffer[] | undefined = undefined;
  private readonly heap: Heap;
  private readonly handles: Handles;
  private readonly shapes: Shapes;
  private readonly singletons: readonly object[];
  private readonly encoder: Encoder;
  private readonly decoder: Decoder;

  /**
   * One for each thread. `root` is the address of a word, at first 0, that belongs to all codecs of the memory; `singletons` are
   * the errors that each thread has, in the same order in all of them: they arrive as themselves.
   */
  constructor(heap: Heap, handles: Handles, root: number, singletons: readonly object[] = []) {
    this.heap = heap;
    this.handles = handles;
    this.shapes = new Shapes(heap, root);
    this.singletons = singletons;
    this.encoder = new Encoder(handles, this.shapes, singletons);
    this.decoder = new Decoder(heap, handles, this.shapes, singletons);
  }

  /**
   * Writes the value's slot. Throws a `TypeError` for a value that cannot cross, a `RangeError` for one that is too deep or does
   * not fit the memory, and what a getter throws; then no block is left, and no handle. `what` is what the caller does with the
   * value: "send".
   */
  encode(value: unknown, what: string): void {
    if (typeof value === "number") {
      this.slot(tags.FLOAT, 0, value);
    } else if (typeof value === "string") {
      this.text(value);
    } else if (value === undefined) {
      this.slot(tags.UNDEFINED, 0, 0);
    } else if (value === null) {
      this.slot(tags.NULL, 0, 0);
    } else if (typeof value === "boolean") {
      this.slot(value ? tags.TRUE : tags.FALSE, 0, 0);
    } else {
      const encoder = this.begin();
      try {
        encoder.value(value);
        this.finish(encoder, 0);
      } catch (error) {
        encoder.abandon();
        throw error instanceof Refusal ? refuse(error, what, "value") : error;
      }
    }
  }

  /**
   * Writes one slot for several values, which arrive as an array, into a block with `front` bytes before them, which is the
   * caller's: gives its address. `what` is what the caller does with them: "run".
   */
  encodeAll(values: readonly unknown[], what: string, front: number): number {
    const encoder = this.begin();
    let i = 0;
    try {
      encoder.head(tags.ARRAY, values.length);
      for (; i < values.length; i++) encoder.value(values[i]);
      const block = this.finish(encoder, front);
      return block === 0 ? this.heap.alloc(front) : block;
    } catch (error) {
      encoder.abandon();
      throw error instanceof Refusal
        ? refuse(error, what, i < values.length ? `argument ${i + 1} ` : "one of the arguments")
        : error;
    }
  }

  /** The slot's value. Its block is free afterwards, also if it throws (memory of this thread is exhausted). */
  decode(tag: number, aux: number, num: number): unknown {
    switch (tag & 255) {
      case tags.FLOAT:
        return num;
      case tags.BLOCK:
      case tags.LATIN1:
      case tags.WIDE:
        return this.decodeBlock(tag, aux >>> 0, num);
      case tags.PART:
        return this.decoder.block(aux >>> 0, num);
      case tags.UNDEFINED:
        return undefined;
      case tags.NULL:
        return null;
      case tags.FALSE:
        return false;
      case tags.TRUE:
        return true;
      case tags.SINGLETON:
        return this.singletons[tag >>> 8];
      case tags.ARRAY:
        return [];
      case tags.HANDLE:
        return this.handles.unpack(tag >>> 8, aux, num);
      default:
        throw unknown(tag);
    }
  }

  /** Lets go of a value that will not be delivered: its block, and the handles in it. */
  discard(tag: number, aux: number, num: number): void {
    switch (tag & 255) {
      case tags.HANDLE:
        this.handles.drop(tag >>> 8, aux, num);
        return;
      case tags.BLOCK:
        try {
          this.decoder.drop(aux >>> 0, num);
        } finally {
          this.heap.free(aux >>> 0);
        }
        return;
      case tags.PART:
        this.decoder.drop(aux >>> 0, num);
        return;
      case tags.LATIN1:
      case tags.WIDE:
        if (num > 0) this.heap.free(aux >>> 0);
    }
  }

  /** Whether {@link copy} can make copies of the value: not of what only one can have. */
  canCopy(tag: number, aux: number, num: number): boolean {
    if ((tag & 255) === tags.HANDLE) return this.handles.canRepeat?.(tag >>> 8) === true;
    return (tag & 255) !== tags.BLOCK || this.decoder.canRepeat(aux >>> 0, num);
  }

  /** A copy of the slot's value, which stays. Handles in it get a reference of their own. */
  copy(tag: number, aux: number, num: number): unknown {
    switch (tag & 255) {
      case tags.HANDLE:
        this.handles.repeat?.(tag >>> 8, aux, num);
        return this.handles.unpack(tag >>> 8, aux, num);
      case tags.BLOCK:
        this.decoder.repeat(aux >>> 0, num);
        return this.decoder.block(aux >>> 0, num);
      case tags.LATIN1:
      case tags.WIDE:
        return this.readText(tag, aux >>> 0, num);
      default:
        return this.decode(tag, aux, num); // it has no block
    }
  }

  /** The buffers in what was encoded last that lose their memory once it has been sent: {@link detach}. Tells of them once. */
  takeMoved(): readonly ArrayBuffer[] | undefined {
    const { moved } = this;
    if (moved === undefined) return undefined;
    this.moved = undefined;
    return this.tag === tags.BLOCK || this.tag === tags.PART ? moved : undefined; // what is no block was encoded since
  }

  private slot(tag: number, aux: number, num: number): void {
    this.tag = tag;
    this.aux = aux;
    this.num = num;
  }

  private text(text: string): void {
    const { heap } = this;
    const n = text.length;
    if (n === 0) {
      this.slot(tags.LATIN1, 0, 0);
      return;
    }
    // Text of other scripts mostly says so with its first character.
    if (text.charCodeAt(0) < 0x100) {
      const pointer = heap.alloc(wordsOf(n, 1) * 4);
      if (writeLatin1(heap.i32, heap.u8, pointer >>> 2, text)) {
        this.slot(tags.LATIN1, pointer | 0, n);
        return;
      }
      heap.free(pointer);
    }
    const pointer = heap.alloc(wordsOf(n, 2) * 4);
    writeWide(heap.i32, heap.u8, pointer >>> 2, text);
    this.slot(tags.WIDE, pointer | 0, n);
  }

  private begin(): Encoder {
    let { encoder } = this;
    // A getter of a value that is being encoded encodes another.
    if (encoder.busy) encoder = new Encoder(this.handles, this.shapes, this.singletons);
    encoder.begin();
    return encoder;
  }

  /** Gives the block that has been made, 0 if the slot suffices. */
  private finish(encoder: Encoder, front: number): number {
    const { heap } = this;
    let block = 0;
    if (!this.inline(encoder)) {
      encoder.finish();
      const size = encoder.measure();
      block = heap.alloc(front + size);
      encoder.moveTo(heap, block + front);
      this.slot(front === 0 ? tags.BLOCK : tags.PART, (block + front) | 0, size);
      this.moved = encoder.moved;
    }
    encoder.end();
    return block;
  }

  /** What the slot itself can hold. */
  private inline({ words, pos }: Encoder): boolean {
    if (pos > 5) return false;
    const word = words[2] as number;
    switch (word & 255) {
      case tags.HANDLE:
        this.slot(word, words[3] as number, words[4] as number);
        return true;
      case tags.SINGLETON:
        this.slot(word, 0, 0);
        return true;
      case tags.ARRAY:
        if (pos > 3) return false;
        this.slot(word, 0, 0);
        return true;
      default:
        return false;
    }
  }

  private decodeBlock(tag: number, pointer: number, num: number): unknown {
    const { heap } = this;
    if (tag !== tags.BLOCK && num === 0) return "";
    try {
      return tag === tags.BLOCK ? this.decoder.block(pointer, num) : this.readText(tag, pointer, num);
    } finally {
      heap.free(pointer);
    }
  }

  private readText(tag: number, pointer: number, num: number): string {
    const { heap } = this;
    if (pointer + num * 2 > heap.u8.length) heap.refresh();
    return tag === tags.LATIN1
      ? readLatin1(heap.i32, heap.u8, pointer >>> 2, num)
      : readWide(heap.u8, pointer >>> 2, num);
  }
}

function unknown(tag: number): Error {
  return new Error(`gort: a slot has tag ${tag}, which does not exist`);
}
