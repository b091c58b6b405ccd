// Codecs over one memory, as threads have them.

import assert from "node:assert/strict";
import { Arena, TestHandles, TestHeap } from "./heap.js";
import { internal } from "./internal.js";

const { Codec } = await internal<typeof import("../../dist/internal/shared/codec/codec.js")>("shared/codec/codec.js");

export type Codec = InstanceType<typeof Codec>;
export type Slot = [tag: number, aux: number, num: number];

/** Where the codecs of an arena have the root of their shapes. */
const root = 8;

/** Two threads of one memory, and what they share. */
export class Pair {
  readonly arena = new Arena();
  readonly handles = new TestHandles();
  readonly singletons = [new Error("canceled"), new Error("too late")];
  readonly a = this.codec();
  readonly b = this.codec();

  codec(): Codec {
    return new Codec(new TestHeap(this.arena), this.handles, root, this.singletons);
  }

  /** From `a` to `b`. */
  cross<T>(value: T): T {
    return this.b.decode(...this.encode(value)) as T;
  }

  encode(value: unknown, what = "send"): Slot {
    this.a.encode(value, what);
    return [this.a.tag, this.a.aux, this.a.num];
  }

  /** From `a` to `b`, as arguments; `to` is another than `b`. */
  crossAll(values: readonly unknown[], to: Codec = this.b): unknown {
    const block = this.a.encodeAll(values, "run", 16);
    try {
      return to.decode(this.a.tag, this.a.aux, this.a.num);
    } finally {
      this.arena.free(block);
    }
  }

  /** Blocks that live, without those of the shapes: they stay. */
  blocks(): number {
    return this.arena.live.size - this.shapes().length;
  }

  /** The ids of the shapes in memory, the newest first. */
  shapes(): number[] {
    const words = new Int32Array(this.arena.memory.buffer);
    const ids: number[] = [];
    for (let at = words[root / 4] as number; at !== 0; at = words[at / 4] as number) {
      ids.push(words[at / 4 + 1] as number);
    }
    return ids;
  }

  /** Nothing is left of any message. */
  clean(): void {
    assert.equal(this.blocks(), 0, "blocks are left");
    assert.equal(this.handles.held, 0, "handles are left");
  }
}
