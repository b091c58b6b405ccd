// From values to the words of a message: walks a value once, and writes it on the stage.
//
// A block is: the word where the list of handles begins, the word where the list of key lists begins (0: there is none), the
// value, the lists, and at multiples of 8 bytes what is bulky. Holes in arrays arrive as undefined; keys that are symbols, and
// other properties of arrays, do not cross. What is met twice arrives as two.
//
// Getters and proxies are foreign code in the middle of the walk: they may throw, change what is being walked, or send something
// themselves (the codec gives that an encoder of its own). So a count that may turn out otherwise is written after its values.

import type { Handles } from "../handles.js";
import { brandOf, isError, isForeignArray, isForeignObject } from "./brand.js";
import { BUFFER, isDetached, kindOfView, UINT8 } from "./bytes.js";
import { writeError } from "./errors.js";
import * as refusals from "./refusal.js";
import { Cycle, Depth, element, maxDepth, nth, property, Refusal } from "./refusal.js";
import { type Branch, keysTo, type Shapes } from "./shapes.js";
import { Stage } from "./stage.js";
import * as tags from "./tags.js";
import { isMarked } from "./transfer.js";

/** Ancestors are looked at for cycles from this depth on: a cycle reaches it, and most values do not. */
const watched = 16;

const { getPrototypeOf } = Object;
const bits64 = new BigInt64Array(1);
const halves = new Int32Array(bits64.buffer);

export class Encoder extends Stage {
  private readonly handles: Handles;
  private readonly shapes: Shapes;
  private readonly singletons: readonly object[];
  private depth = 0;
  private readonly ancestors = new Set<object>();
  /** Where the handles are that have been packed. */
  private readonly handleAt: number[] = [];
  private readonly keyLists: (readonly string[])[] = [];
  /** The buffers in the message that are to be moved. */
  moved: ArrayBuffer[] | undefined = undefined;
  busy = false;

  constructor(handles: Handles, shapes: Shapes, singletons: readonly object[]) {
    super();
    this.handles = handles;
    this.shapes = shapes;
    this.singletons = singletons;
  }

  /** Begins a message. */
  begin(): void {
    this.busy = true;
    this.moved = undefined;
    this.words[0] = this.words[1] = 0;
    this.pos = 2;
  }

  /** Writes the lists, when the value has been written. */
  finish(): void {
    const { handleAt, keyLists } = this;
    if (keyLists.length > 0) {
      this.words[1] = this.pos;
      this.word(keyLists.length);
      for (const keys of keyLists) {
        this.word(keys.length);
        for (const key of keys) this.text(key);
      }
    }
    if (handleAt.length > 0) {
      this.words[0] = this.pos;
      this.word(handleAt.length);
      for (const at of handleAt) this.word(at);
    }
  }

  /** Forgets the message, when it has gone to the heap. */
  end(): void {
    this.clear();
    if (this.handleAt.length > 0) this.handleAt.length = 0;
    if (this.keyLists.length > 0) this.keyLists.length = 0;
    this.busy = false;
  }

  /** Lets go of the handles of a message that will not be, and forgets it. */
  abandon(): void {
    this.dropFrom(0);
    this.depth = 0;
    this.ancestors.clear();
    this.end();
  }

  value(value: unknown): void {
    if (typeof value === "string") {
      this.text(value);
    } else if (typeof value === "number") {
      this.number(value);
    } else if (typeof value === "object") {
      if (value === null) this.word(tags.NULL);
      else this.object(value);
    } else if (typeof value === "boolean") {
      this.word(value ? tags.TRUE : tags.FALSE);
    } else if (value === undefined) {
      this.word(tags.UNDEFINED);
    } else if (typeof value === "bigint") {
      this.bigint(value);
    } else if (typeof value === "symbol") {
      throw refusals.aSymbol();
    } else if (!this.handle(value)) {
      throw refusals.aFunction();
    }
  }

  /** Writes the value if it can cross. False if it cannot, and then nothing has been written. */
  attempt(value: unknown): boolean {
    const { pos, depth } = this;
    const [bulk, handles, lists] = [this.bulk.length, this.handleAt.length, this.keyLists.length];
    const above = new Set(this.ancestors);
    const moved = this.moved?.length ?? 0;
    try {
      this.value(value);
      return true;
    } catch {
      this.dropFrom(handles);
      if (this.moved !== undefined) this.moved.length = moved;
      this.pos = pos;
      this.depth = depth;
      this.bulk.length = this.bulkAt.length = bulk;
      this.keyLists.length = lists;
      this.ancestors.clear();
      for (const each of above) this.ancestors.add(each);
      return false;
    }
  }

  /** Goes down into an object. */
  enter(whole: object): void {
    if (++this.depth <= watched) return;
    if (this.ancestors.has(whole)) throw new Cycle(whole);
    if (this.depth > maxDepth) throw new Depth("");
    this.ancestors.add(whole);
  }

  leave(whole: object): void {
    if (this.depth-- > watched) this.ancestors.delete(whole);
  }

  private number(value: number): void {
    const int = value | 0;
    if (int !== value || (int === 0 && 1 / value < 0)) {
      this.float(value);
      return;
    }
    this.room(2);
    if ((int << 8) >> 8 === int) {
      this.words[this.pos++] = tags.INT | (int << 8);
    } else {
      this.words[this.pos++] = tags.INT32;
      this.words[this.pos++] = int;
    }
  }

  private bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) {
      bits64[0] = value;
      this.room(3);
      this.words[this.pos++] = tags.BIGINT;
      this.words[this.pos++] = halves[0] as number;
      this.words[this.pos++] = halves[1] as number;
    } else {
      this.head(tags.BIGINT, value < 0n ? 2 : 1);
      this.text((value < 0n ? -value : value).toString(16));
    }
  }

  private object(value: object): void {
    const prototype: unknown = getPrototypeOf(value);
    if (prototype === Object.prototype) {
      this.record(value as Record<string, unknown>);
    } else if (prototype === Array.prototype && Array.isArray(value)) {
      this.array(value);
    } else if (prototype === null) {
      this.word(tags.BARE);
      this.record(value as Record<string, unknown>);
    } else {
      this.special(value, prototype as object);
    }
  }

  private record(value: Record<string, unknown>): void {
    this.enter(value);
    const { shapes } = this;
    const start = this.pos;
    this.word(0);
    let branch: Branch | undefined = shapes.tree;
    let keys: string[] | undefined; // of an object that can have no shape
    let key = "";
    try {
      for (key in value) {
        if (!Object.prototype.hasOwnProperty.call(value, key)) continue;
        if (branch !== undefined) {
          const from: Branch = branch;
          const { next } = from;
          branch = next !== undefined && next.key === key ? next : shapes.turn(from, key);
          if (branch === undefined) keys = keysTo(from);
        }
        if (keys !== undefined) keys.push(key);
        this.value(value[key]);
      }
    } catch (error) {
      throw located(error, value, property(key));
    }
    const id = branch === undefined ? 0 : shapes.settle(branch);
    if (id !== 0) this.words[start] = tags.RECORD | (id << 8);
    else this.words[start] = tags.OBJECT | (this.listed(keys ?? keysTo(branch as Branch)) << 8);
    this.leave(value);
  }

  /** The place of a key list in the message. */
  private listed(keys: readonly string[]): number {
    const { keyLists } = this;
    const last = keyLists.at(-1);
    if (last?.length === keys.length && last.every((key, i) => key === keys[i])) return keyLists.length - 1;
    return keyLists.push(keys) - 1;
  }

  private array(value: readonly unknown[]): void {
    this.enter(value);
    const { length } = value;
    if (length > 1 << 20) refuseSparse(value);
    this.head(tags.ARRAY, length);
    let i = 0;
    try {
      for (; i < length; i++) this.value(value[i]);
    } catch (error) {
      throw located(error, value, element(i));
    }
    this.leave(value);
  }

  private special(value: object, prototype: object): void {
    if (ArrayBuffer.isView(value)) {
      this.view(value);
    } else if (isError(value)) {
      this.error(value);
    } else if (isForeignArray(prototype) && Array.isArray(value)) {
      this.array(value);
    } else if (isForeignObject(prototype)) {
      this.record(value as Record<string, unknown>);
    } else {
      this.builtin(value);
    }
  }

  private builtin(value: object): void {
    const brand = brandOf(value);
    switch (brand) {
      case "Map":
        return this.map(value as Map<unknown, unknown>);
      case "Set":
        return this.set(value as Set<unknown>);
      case "Date":
        this.word(tags.DATE);
        return this.float(Date.prototype.getTime.call(value));
      case "RegExp":
        this.word(tags.REGEXP);
        this.text((value as RegExp).source);
        return this.text((value as RegExp).flags);
      case "ArrayBuffer":
        return this.buffer(value as ArrayBuffer);
      case "SharedArrayBuffer":
      case undefined:
        if (!this.handle(value)) throw brand === undefined ? refusals.anInstance(value) : refusals.unreachable();
    }
  }

  private map(map: Map<unknown, unknown>): void {
    this.enter(map);
    this.word(tags.MAP);
    const start = this.pos;
    this.word(0);
    let count = 0;
    for (const [key, value] of Map.prototype.entries.call(map) as Iterable<[unknown, unknown]>) {
      try {
        this.value(key);
      } catch (error) {
        throw located(error, map, nth(".keys()", count));
      }
      try {
        this.value(value);
      } catch (error) {
        const step = typeof key === "string" ? (whole: string) => `${whole}.get(${JSON.stringify(key)})` : undefined;
        throw located(error, map, step ?? nth(".values()", count));
      }
      count++;
    }
    this.words[start] = count;
    this.leave(map);
  }

  private set(set: Set<unknown>): void {
    this.enter(set);
    this.word(tags.SET);
    const start = this.pos;
    this.word(0);
    let count = 0;
    try {
      for (const value of Set.prototype.values.call(set) as Iterable<unknown>) {
        this.value(value);
        count++;
      }
    } catch (error) {
      throw located(error, set, nth("", count));
    }
    this.words[start] = count;
    this.leave(set);
  }

  private view(view: ArrayBufferView): void {
    const kind = kindOfView(view);
    if (view.buffer.byteLength === 0 && isDetached(view.buffer)) throw refusals.detached();
    const { buffer, byteOffset, byteLength } = view;
    if (brandOf(buffer) !== "SharedArrayBuffer") {
      this.move(buffer as ArrayBuffer);
      this.head(tags.BYTES, kind);
      this.later(kind === UINT8 ? (view as Uint8Array) : new Uint8Array(buffer, byteOffset, byteLength));
      return;
    }
    this.head(tags.VIEW, kind);
    this.word(byteOffset);
    this.word(byteLength);
    if (!this.handle(buffer)) throw refusals.unreachable().within(view, property("buffer"));
  }

  private buffer(buffer: ArrayBuffer): void {
    if (buffer.byteLength === 0 && isDetached(buffer)) throw refusals.detached();
    this.move(buffer);
    this.head(tags.BYTES, BUFFER);
    this.later(new Uint8Array(buffer, 0, buffer.byteLength));
  }

  private move(buffer: ArrayBuffer): void {
    if (isMarked(buffer)) (this.moved ??= []).push(buffer);
  }

  private error(error: Error): void {
    const singleton = this.singletons.indexOf(error);
    if (singleton !== -1) {
      this.head(tags.SINGLETON, singleton);
      return;
    }
    // Looked at from the first on: what an error leads back to is left out, and would else be tried all over at every level.
    if (this.ancestors.has(error)) throw new Cycle(error);
    if (this.depth === maxDepth) throw new Depth("");
    this.ancestors.add(error);
    this.depth++;
    writeError(this, error);
    this.depth--;
    this.ancestors.delete(error);
  }

  private handle(value: object): boolean {
    this.room(4); // nothing must fail between packing and noting where it is
    const packed = this.handles.pack(value);
    if (packed === undefined) return false;
    this.handleAt.push(this.pos);
    this.head(tags.HANDLE, packed.kind);
    this.word(packed.a);
    this.word(packed.b);
    return true;
  }

  private dropFrom(first: number): void {
    const { words, handleAt } = this;
    for (const at of handleAt.splice(first)) {
      this.handles.drop((words[at] as number) >>> 8, words[at + 1] as number, words[at + 2] as number);
    }
  }
}

function located(error: unknown, whole: object, step: refusals.Step): unknown {
  return error instanceof Refusal ? error.within(whole, step) : error;
}

/** An array whose holes would take more memory than its elements, by far. */
function refuseSparse(array: readonly unknown[]): void {
  const { length } = array;
  const samples = 64;
  let there = 0;
  for (let i = 0; i < samples; i++) if (Math.floor((i * length) / samples) in array) there++;
  if (there > samples / 8) return;
  const elements = Object.keys(array).length;
  if (elements < length / 8) throw refusals.sparse(length, elements);
}
