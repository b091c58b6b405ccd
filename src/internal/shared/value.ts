// A value's way into the shared memory and back: in slots of 16 bytes, by the thread's codec.

import type { Thread } from "./thread.js";

/** A value that has been encoded. */
export interface Slot {
  readonly tag: number;
  readonly aux: number;
  readonly num: number;
  /** The buffers in it that lose their memory when it is sent. */
  readonly moved?: readonly ArrayBuffer[] | undefined;
}

export function encodeSlot({ codec }: Thread, value: unknown, what: string): Slot {
  codec.encode(value, what);
  return { tag: codec.tag, aux: codec.aux, num: codec.num, moved: codec.takeMoved() };
}

export function writeSlot({ i32, f64 }: Thread, at: number, { tag, aux, num }: Slot): void {
  i32[at >> 2] = tag;
  i32[(at + 4) >> 2] = aux;
  f64[(at + 8) >> 3] = num;
}

/** Takes the value out of a slot. It is empty then, for whoever finds it should this thread die. */
export function readValue(on: Thread, at: number): unknown {
  const { i32, f64 } = on;
  const tag = i32[at >> 2] as number;
  i32[at >> 2] = 0;
  return on.codec.decode(tag, i32[(at + 4) >> 2] as number, f64[(at + 8) >> 3] as number);
}

/** The value in a slot reaches nobody. The slot is empty then, as above. */
export function discardValue(on: Thread, at: number): void {
  const { i32, f64 } = on;
  const tag = i32[at >> 2] as number;
  i32[at >> 2] = 0;
  on.codec.discard(tag, i32[(at + 4) >> 2] as number, f64[(at + 8) >> 3] as number);
}
