// A heap for tests: counts what lives, poisons what is freed, refuses when told to, and moves its views when told to.

import assert from "node:assert/strict";
import type { Handles, Packed } from "../../dist/internal/shared/handles.js";
import type { Heap } from "../../dist/internal/shared/heap.js";

const page = 65_536;

/** The memory itself, of which every thread has a {@link TestHeap}. */
export class Arena {
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 1, maximum: 16_384, shared: true });
  /** Blocks by address, with their lengths. */
  readonly live = new Map<number, number>();
  readonly #free = new Map<number, number[]>();
  #top = 64;
  /** How many allocations succeed from now on. */
  budget = Infinity;
  /** Every block is in a page of its own that has just been added. */
  moving = false;

  alloc(bytes: number): number {
    if (this.budget-- <= 0) throw new RangeError("out of memory");
    const size = Math.ceil(bytes / 8) * 8;
    if (this.moving) this.#top = this.memory.buffer.byteLength;
    const pointer = this.#free.get(size)?.pop() ?? this.#top;
    if (pointer === this.#top) this.#top += size;
    const lacking = this.#top + (this.moving ? 1 : 0) - this.memory.buffer.byteLength;
    if (lacking > 0) this.memory.grow(Math.ceil(lacking / page));
    this.live.set(pointer, size);
    return pointer;
  }

  free(pointer: number): void {
    const size = this.live.get(pointer);
    assert.ok(size !== undefined, `${pointer} is freed, but is no block`);
    this.live.delete(pointer);
    new Uint8Array(this.memory.buffer, pointer, size).fill(0xee);
    const list = this.#free.get(size);
    if (this.moving) return;
    if (list === undefined) this.#free.set(size, [pointer]);
    else list.push(pointer);
  }
}

export class TestHeap implements Heap {
  readonly arena: Arena;
  u8!: Uint8Array;
  i32!: Int32Array;
  f64!: Float64Array;

  constructor(arena: Arena) {
    this.arena = arena;
    this.refresh();
  }

  alloc(bytes: number): number {
    const pointer = this.arena.alloc(bytes);
    if (pointer + bytes > this.u8.length || this.arena.moving) this.refresh();
    return pointer;
  }

  free(pointer: number): void {
    this.arena.free(pointer);
  }

  refresh(): void {
    const { buffer } = this.arena.memory;
    this.u8 = new Uint8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }
}

/** Something shared, with the number of messages that hold it. */
export class Thing {
  held = 0;
}

/** Handles of things and of memory, by their place in a list. */
export class TestHandles implements Handles {
  readonly things: (Thing | SharedArrayBuffer | (() => unknown))[] = [];
  held = 0;

  add<T extends Thing | SharedArrayBuffer>(thing: T): T {
    this.things.push(thing);
    return thing;
  }

  pack(value: object): Packed | undefined {
    const index = this.things.indexOf(value as Thing);
    if (index === -1) return undefined;
    this.count(index, 1);
    return { kind: 200 + index, a: -1 - index, b: 0x7fff_ffff };
  }

  unpack(kind: number, a: number, b: number): object {
    assert.deepEqual([kind - 200, b], [-1 - a, 0x7fff_ffff]);
    this.count(-1 - a, -1);
    return this.things[-1 - a] as object;
  }

  drop(kind: number, a: number, b: number): void {
    this.unpack(kind, a, b);
  }

  private count(index: number, delta: number): void {
    this.held += delta;
    const thing = this.things[index];
    if (thing instanceof Thing) thing.held += delta;
  }
}
