// Shapes: the key lists of plain objects, in a table that all threads share, so that a message carries a number in their place.
//
// The table is a list in shared memory that only grows; the word at `root` is the address of its head, which has the highest id.
// A shape in memory: the next one's address, its id, the number of its keys; then the keys, each a word with its length and then
// a byte a character. It is complete before it becomes the head, and never changes or goes.
//
// Invariants: ids count from 1 down the list without a gap; no two shapes in the list have the same keys in the same order
// (whoever loses the race for the head looks at the winners first). `known` has the shapes up to the head this thread saw last.
//
// A thread finds the shape of an object in a tree of keys that it walks along with the object: one comparison a key, as long as
// objects of one kind follow each other. A key list gets a shape when it comes a second time: those of dictionaries seldom do.

import type { Heap } from "../heap.js";
import { readLatin1, wordsOf, writeLatin1 } from "./text.js";

const maxShapes = 4096;
const maxKeys = 64;
const maxKeyLength = 64;
/** Key lists that have been seen, beyond those that have a shape: more are forgotten. */
const maxBranches = 16_384;

// The words of a shape in memory.
const NEXT = 0;
const ID = 1;
const COUNT = 2;
const KEYS = 3;

/** A place in the tree: the keys from the root to here. */
export class Branch {
  readonly key: string;
  readonly parent: Branch | undefined;
  readonly depth: number;
  /** The shape's id; 0 if these keys have none. */
  id = 0;
  seen = false;
  /** Where the last object went on from here. */
  next: Branch | undefined = undefined;
  children: Map<string, Branch> | undefined = undefined;

  constructor(key: string, parent: Branch | undefined) {
    this.key = key;
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }
}

/** The keys from the root to `branch`. */
export function keysTo(branch: Branch): string[] {
  const keys = new Array<string>(branch.depth);
  for (let at = branch; at.parent !== undefined; at = at.parent) keys[at.depth - 1] = at.key;
  return keys;
}

/** A key list as the decoder needs it. */
export class Shape {
  readonly keys: readonly string[];
  /** No key of it is special to objects, as `__proto__` is: they can be assigned. */
  readonly assignable: boolean;

  constructor(keys: readonly string[]) {
    this.keys = keys;
    this.assignable = !keys.some((key) => key in Object.prototype);
  }
}

export class Shapes {
  private readonly heap: Heap;
  private readonly root: number;
  /** By id; there is no shape 0. */
  readonly known: (Shape | undefined)[] = [undefined];
  tree: Branch = new Branch("", undefined);
  private head = 0;
  private branches = 0;

  constructor(heap: Heap, root: number) {
    this.heap = heap;
    this.root = root;
  }

  /** One key further: undefined if such a key list can have no shape. */
  turn(from: Branch, key: string): Branch | undefined {
    let branch = from.children?.get(key);
    if (branch === undefined) {
      if (from.depth === maxKeys || !isShort(key)) return undefined;
      if (this.branches >= maxBranches) this.forget();
      branch = this.grow(from, key);
    }
    from.next = branch;
    return branch;
  }

  /** The id for an object with the keys up to `branch`; 0 if they have no shape. */
  settle(branch: Branch): number {
    if (branch.id !== 0) return branch.id;
    if (this.known.length > maxShapes) return 0;
    if (branch.seen) return (branch.id = this.register(keysTo(branch)));
    branch.seen = true;
    return 0;
  }

  /** The shape that another thread has given this id. */
  learn(id: number): Shape {
    this.catchUp();
    const shape = this.known[id];
    if (shape === undefined) throw new Error(`gort: a message has shape ${id}, which does not exist`);
    return shape;
  }

  private register(keys: readonly string[]): number {
    let words = KEYS;
    for (const key of keys) words += 1 + wordsOf(key.length, 1);
    let pointer = 0;
    for (;;) {
      this.catchUp();
      const id = this.find(keys);
      if (id !== 0 || this.known.length > maxShapes) {
        if (pointer !== 0) this.heap.free(pointer);
        return id;
      }
      if (pointer === 0) {
        try {
          pointer = this.heap.alloc(words * 4);
        } catch {
          return 0; // memory is short: the message itself needs it more
        }
        this.write(pointer, keys);
      }
      const { i32 } = this.heap;
      i32[(pointer >>> 2) + NEXT] = this.head;
      i32[(pointer >>> 2) + ID] = this.known.length;
      if (Atomics.compareExchange(i32, this.root >>> 2, this.head, pointer | 0) !== this.head) continue;
      this.head = pointer | 0;
      return this.remember(keys);
    }
  }

  private write(pointer: number, keys: readonly string[]): void {
    const { i32, u8 } = this.heap;
    let at = pointer >>> 2;
    i32[at + COUNT] = keys.length;
    at += KEYS;
    for (const key of keys) {
      i32[at++] = key.length;
      writeLatin1(i32, u8, at, key);
      at += wordsOf(key.length, 1);
    }
  }

  /** Reads what has been added to the table, the oldest first. */
  private catchUp(): void {
    const head = Atomics.load(this.heap.i32, this.root >>> 2);
    if (head === this.head) return;
    this.heap.refresh();
    const { i32 } = this.heap;
    const added: number[] = [];
    for (let at = head; at !== this.head; at = i32[(at >>> 2) + NEXT] as number) added.push(at);
    this.head = head;
    for (let next = added.pop(); next !== undefined; next = added.pop()) this.remember(this.read(next));
  }

  private read(pointer: number): string[] {
    const { i32, u8 } = this.heap;
    let at = pointer >>> 2;
    const keys = new Array<string>(i32[at + COUNT] as number);
    at += KEYS;
    for (let i = 0; i < keys.length; i++) {
      const n = i32[at++] as number;
      // As a key of an object, the string becomes the one that stands for all its equals: quicker to assign by, and to compare.
      keys[i] = Object.keys({ [readLatin1(i32, u8, at, n)]: 0 })[0] as string;
      at += wordsOf(n, 1);
    }
    return keys;
  }

  private remember(keys: readonly string[]): number {
    const id = this.known.push(new Shape(keys)) - 1;
    this.plant(keys, id);
    return id;
  }

  private plant(keys: readonly string[], id: number): void {
    let branch = this.tree;
    for (const key of keys) branch = branch.children?.get(key) ?? this.grow(branch, key);
    branch.id = id;
  }

  private find(keys: readonly string[]): number {
    let branch: Branch | undefined = this.tree;
    for (const key of keys) branch = branch?.children?.get(key);
    return branch?.id ?? 0;
  }

  private grow(from: Branch, key: string): Branch {
    const branch = new Branch(key, from);
    from.children ??= new Map();
    from.children.set(key, branch);
    this.branches++;
    return branch;
  }

  /** Keeps of the tree only what has a shape. Objects that are being walked go on in the old one. */
  private forget(): void {
    this.tree = new Branch("", undefined);
    this.known.forEach((shape, id) => shape && this.plant(shape.keys, id));
    this.branches = 0; // of the new tree, only what has no shape counts
  }
}

function isShort(key: string): boolean {
  if (key.length > maxKeyLength) return false;
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) > 255) return false;
  return true;
}
