// Buffers and views of them, by number: a message says with it what its bytes are.

import { nameOfView } from "./brand.js";

type Maker = new (buffer: ArrayBufferLike, offset: number, length?: number) => ArrayBufferView;

interface Kind {
  readonly name: string;
  /** Bytes an element. */
  readonly size: number;
  /** Absent where the platform lacks it (Float16Array is young), and for ArrayBuffer. */
  readonly make: Maker | undefined;
}

const kinds: readonly Kind[] = [
  "ArrayBuffer",
  "DataView",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
].map((name) => {
  const found = (globalThis as unknown as Record<string, (Maker & { BYTES_PER_ELEMENT?: number }) | undefined>)[name];
  return { name, size: found?.BYTES_PER_ELEMENT ?? 1, make: name === "ArrayBuffer" ? undefined : found };
});

/** The number of an ArrayBuffer. */
export const BUFFER = 0;

const byName = new Map(kinds.map(({ name }, kind) => [name, kind]));

/** The numbers of what a decoder can take right out of the heap's views. */
export const UINT8: number = kindNamed("Uint8Array");
export const INT32: number = kindNamed("Int32Array");
export const FLOAT64: number = kindNamed("Float64Array");

export function kindOfView(view: ArrayBufferView): number {
  return kindNamed(nameOfView(view));
}

function kindNamed(name: string): number {
  return byName.get(name) ?? BUFFER;
}

/** The bytes as what `kind` says. */
export function viewOf(kind: number, buffer: ArrayBufferLike, offset: number, bytes: number): object {
  const { name, size, make } = kinds[kind] as Kind;
  if (make !== undefined) return new make(buffer, offset, bytes / size);
  if (kind === BUFFER) return buffer;
  throw new TypeError(`a ${name} has come, which this platform does not have`);
}

/** Whether the memory of an empty view or buffer has gone elsewhere. */
export function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    return new Uint8Array(buffer).length > 0; // throws if so
  } catch {
    return true;
  }
}
