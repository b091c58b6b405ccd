// How a context has ended, in the shared memory: its error alone, or the error and the cause. Any number of threads read it
// there.

import { canceled } from "../context/errors.js";
import { Codec } from "../internal/shared/codec/codec.js";
import { UNDEFINED } from "../internal/shared/codec/tags.js";
import { type Thread, thread } from "../internal/shared/thread.js";
import type { Slot } from "../internal/shared/value.js";
import { LATE, REASON, SHAPES } from "../internal/shared/wasm/layout.js";

/** Nothing that is shared: if a cause had the context itself in it, neither would ever be free. */
const nothing = {
  pack: () => undefined,
  unpack: () => nothing,
  drop: () => {},
};

let codec: Codec | undefined;

function reasons(): Codec {
  return (codec ??= new Codec(thread(), nothing, SHAPES, thread().singletons));
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
  const reason = reasons().copy(tag, aux, num) as Error | [Error, unknown];
  return Array.isArray(reason) ? reason : [reason, reason];
}

export function freeReasons(on: Thread, pointer: number): void {
  for (const at of [pointer + REASON, pointer + LATE]) {
    const { tag, aux, num } = slotOf(on, at);
    reasons().discard(tag, aux, num);
  }
}

function slotOf({ i32, f64 }: Thread, at: number): Slot {
  return { tag: i32[at >> 2] as number, aux: i32[(at + 4) >> 2] as number, num: f64[(at + 8) >> 3] as number };
}
