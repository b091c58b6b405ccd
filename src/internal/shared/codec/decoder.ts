// From the words of a message to its value: what `encoder.ts` writes, read in place.

import type { Handles } from "../handles.js";
import type { Heap } from "../heap.js";
import { FLOAT64, INT32, UINT8, viewOf } from "./bytes.js";
import { readError } from "./errors.js";
import { defined, record } from "./record.js";
import { Shape, type Shapes } from "./shapes.js";
import * as tags from "./tags.js";
import { readLatin1, readWide, wordsOf } from "./text.js";

const bits64 = new BigInt64Array(1);
const number = new Float64Array(bits64.buffer);
const halves = new Int32Array(bits64.buffer);

export class Decoder {
  private readonly heap: Heap;
  private readonly handles: Handles;
  private readonly shapes: Shapes;
  private readonly singletons: readonly object[];
  private words: Int32Array;
  private bytes: Uint8Array;
  /** The first word of the block, and the next to read. */
  private start = 0;
  private pos = 0;
  /** How many of the message's handles have been handed out. */
  private unpacked = 0;
  private keyLists: readonly Shape[] | undefined = undefined;

  constructor(heap: Heap, handles: Handles, shapes: Shapes, singletons: readonly object[]) {
    this.heap = heap;
    this.handles = handles;
    this.shapes = shapes;
    this.singletons = singletons;
    this.words = heap.i32;
    this.bytes = heap.u8;
  }

  /** The value of the block, which stays. Handles that it does not get to hand out are dropped. */
  block(pointer: number, size: number): unknown {
    const { start, pos, unpacked, keyLists } = this; // of a message whose handle is reading another
    this.open(pointer, size);
    try {
      return this.value();
    } catch (error) {
      this.dropFrom(this.unpacked);
      throw error;
    } finally {
      this.start = start;
      this.pos = pos;
      this.unpacked = unpacked;
      this.keyLists = keyLists;
    }
  }

  /** Drops all handles in a block that nobody will read. */
  drop(pointer: number, size: number): void {
    this.open(pointer, size);
    this.dropFrom(0);
  }

  /** Whether every handle in a block can be handed out more than once. */
  canRepeat(pointer: number, size: number): boolean {
    this.open(pointer, size);
    return this.listHandles(0).every(([kind]) => this.handles.canRepeat?.(kind) === true);
  }

  /** Takes another reference for each handle in a block, which is to be read once more. */
  repeat(pointer: number, size: number): void {
    this.open(pointer, size);
    for (const [kind, a, b] of this.listHandles(0)) this.handles.repeat?.(kind, a, b);
  }

  word(): number {
    return this.words[this.pos++] as number;
  }

  value(): unknown {
    const word = this.words[this.pos++] as number;
    switch (word & 255) {
      case tags.INT:
        return word >> 8;
      case tags.LATIN1: {
        const n = this.long(word >>> 8);
        const at = this.pos;
        this.pos = at + wordsOf(n, 1);
        return readLatin1(this.words, this.bytes, at, n);
      }
      case tags.RECORD:
        return record(this, this.shapes.known[word >>> 8] ?? this.shapes.learn(word >>> 8));
      case tags.UNDEFINED:
        return undefined;
      case tags.NULL:
        return null;
      case tags.FALSE:
        return false;
      case tags.TRUE:
        return true;
      case tags.FLOAT:
        return this.float();
      case tags.ARRAY:
        return this.array(this.long(word >>> 8));
      case tags.INT32:
        return this.word();
      default:
        return this.special(word & 255, word >>> 8);
    }
  }

  private special(tag: number, detail: number): unknown {
    switch (tag) {
      case tags.WIDE: {
        const n = this.long(detail);
        const at = this.pos;
        this.pos = at + wordsOf(n, 2);
        return readWide(this.bytes, at, n);
      }
      case tags.OBJECT:
        return record(this, this.listed(detail));
      case tags.BARE:
        return this.bare();
      case tags.BIGINT:
        return this.bigint(detail);
      case tags.MAP:
        return this.map();
      case tags.SET:
        return this.set();
      case tags.DATE:
        this.pos++;
        return new Date(this.float());
      case tags.REGEXP:
        return new RegExp(this.value() as string, this.value() as string);
      case tags.BYTES:
        return this.buffer(detail);
      case tags.VIEW: {
        const offset = this.word() >>> 0;
        const length = this.word() >>> 0;
        return viewOf(detail, this.value() as ArrayBufferLike, offset, length);
      }
      case tags.ERROR:
        return readError(this, detail);
      case tags.SINGLETON:
        return this.singletons[detail];
      case tags.HANDLE:
        this.unpacked++;
        return this.handles.unpack(detail, this.word(), this.word());
      default:
        throw new Error(`gort: a message has tag ${tag}, which does not exist`);
    }
  }

  private long(length: number): number {
    return length === tags.LONG ? this.word() >>> 0 : length;
  }

  private float(): number {
    const { words, pos } = this;
    halves[0] = words[pos] as number;
    halves[1] = words[pos + 1] as number;
    this.pos = pos + 2;
    return number[0] as number;
  }

  private array(length: number): unknown[] {
    const array: unknown[] = [];
    for (let i = 0; i < length; i++) array.push(this.value());
    return array;
  }

  private bare(): unknown {
    const word = this.word();
    const id = word >>> 8;
    const shape = (word & 255) === tags.OBJECT ? this.listed(id) : (this.shapes.known[id] ?? this.shapes.learn(id));
    return defined(this, shape.keys, Object.create(null) as Record<string, unknown>);
  }

  private bigint(form: number): bigint {
    if (form !== 0) {
      const size = BigInt(`0x${this.value() as string}`);
      return form === 2 ? -size : size;
    }
    halves[0] = this.word();
    halves[1] = this.word();
    return bits64[0] as bigint;
  }

  private map(): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (let n = this.word(); n > 0; n--) map.set(this.value(), this.value());
    return map;
  }

  private set(): Set<unknown> {
    const set = new Set<unknown>();
    for (let n = this.word(); n > 0; n--) set.add(this.value());
    return set;
  }

  private buffer(kind: number): object {
    const size = this.word() >>> 0;
    const at = this.start * 4 + (this.word() >>> 0);
    // A slice makes the array in one go; and as long as nobody asks a short one for its buffer, V8 need not make that.
    if (kind === UINT8) return this.bytes.slice(at, at + size);
    if (kind === INT32) return this.words.slice(at >>> 2, (at + size) >>> 2);
    if (kind === FLOAT64) return this.heap.f64.slice(at / 8, (at + size) / 8);
    return viewOf(kind, this.bytes.slice(at, at + size).buffer, 0, size);
  }

  /** A key list that is in the message. */
  private listed(index: number): Shape {
    this.keyLists ??= this.readKeyLists();
    return this.keyLists[index] as Shape;
  }

  private readKeyLists(): Shape[] {
    const { pos } = this;
    this.pos = this.start + (this.words[this.start + 1] as number);
    const lists = Array.from(
      { length: this.word() },
      () => new Shape(Array.from({ length: this.word() }, () => this.value() as string)),
    );
    this.pos = pos;
    return lists;
  }

  private open(pointer: number, size: number): void {
    if (pointer + size > this.heap.u8.length) this.heap.refresh();
    this.words = this.heap.i32;
    this.bytes = this.heap.u8;
    this.start = pointer >>> 2;
    this.pos = this.start + 2;
    this.unpacked = 0;
    this.keyLists = undefined;
  }

  private dropFrom(first: number): void {
    for (const [kind, a, b] of this.listHandles(first)) this.handles.drop(kind, a, b);
  }

  /** The handles of the block from the nth on. */
  private listHandles(first: number): [kind: number, a: number, b: number][] {
    const { words, start } = this;
    const list = words[start] as number;
    if (list === 0) return [];
    const all: [number, number, number][] = [];
    const count = words[start + list] as number;
    for (let i = first; i < count; i++) {
      const at = start + (words[start + list + 1 + i] as number);
      all.push([(words[at] as number) >>> 8, words[at + 1] as number, words[at + 2] as number]);
    }
    return all;
  }
}
