// How a context has ended, in the shared memory: its error alone, or the error and the cause.

import { canceled } from "../context/errors.js";
import { Codec } from "../internal/shared/codec/codec.js";
import { BLOCK, UNDEFINED } from "../internal/shared/codec/tags.js";
import type { Heap } from "../internal/shared/heap.js";
import { type Thread, thread } from "../internal/shared/thread.js";
import type { Slot } from "../internal/shared/value.js";
import { LATE, REASON, SHAPES } from "../internal/shared/wasm/layout.js";

/** The memory, for what is read and stays. */
class Lasting implements Heap {
  readonly #on: Thread;
  reading = false;

  constructor(on: Thread) {
    this.#on = on;
  }

  get u8(): Uint8Array {
    return this.#on.u8;
  }

  get i32(): Int32Array {
    return this.#on.i32;
  }

  get f64(): Float64Array {
    return this.#on.f64;
  }

  alloc(bytes: number): number {
    return this.#on.alloc(bytes);
  }

  free(pointer: number): void {
    if (!this.reading) this.#on.free(pointer);
  }

  refresh(): void {
    this.#on.refresh();
  }
}

/** Nothing that is shared: a reason is read several times, so a reference in it could be none of them's. */
const nothing = {
  pack: () => undefined,
  unpack: () => nothing,
  drop: () => {},
};

let heap: Lasting | undefined;
let codec: Codec | undefined;

function reasons(): Codec {
  if (codec === undefined) {
    heap = new Lasting(thread());
    codec = new Codec(heap, nothing, SHAPES, thread().singletons);
  }
  return codec;
}

/** Encodes a reason. A cause that cannot be encoded becomes an error with its text. */
export function writeReason(err: Error, why: unknown): Slot {
  const to = reasons();
  const forms = [() => (err === why ? err : [err, why]), () => [err, new Error(textOf(why))], () => canceled];
  for (const form of forms) {
    try {
      to.encode(form(), "cancel");
      break;
    } catch {
      // the next one needs less
    }
  }
  const { tag, aux, num } = to;
  return { tag, aux, num };
}

function textOf(why: unknown): string {
  try {
    return String(why);
  } catch {
    return "a cause that cannot be printed";
  }
}

/** The reason that is at {@link REASON} or {@link LATE} of a context. */
export function readReason(on: Thread, at: number): [err: Error, why: unknown] {
  const { tag, aux, num } = slotOf(on, at);
  if (tag === UNDEFINED) return [canceled, new Error("the thread that the context belongs to has ended")];
  const from = reasons();
  const lasting = heap as Lasting;
  lasting.reading = true;
  try {
    const reason = from.decode(tag, aux, num) as Error | [Error, unknown];
    return Array.isArray(reason) ? reason : [reason, reason];
  } finally {
    lasting.reading = false;
  }
}

export function freeReasons(on: Thread, pointer: number): void {
  for (const at of [pointer + REASON, pointer + LATE]) {
    const { tag, aux } = slotOf(on, at);
    if ((tag & 255) === BLOCK) on.free(aux >>> 0);
  }
}

function slotOf({ i32, f64 }: Thread, at: number): Slot {
  return { tag: i32[at >> 2] as number, aux: i32[(at + 4) >> 2] as number, num: f64[(at + 8) >> 3] as number };
}
