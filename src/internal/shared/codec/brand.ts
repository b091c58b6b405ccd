// What an object really is, whichever realm made it and whatever it says of itself.

const { getPrototypeOf } = Object;

export type Brand = "Map" | "Set" | "Date" | "RegExp" | "ArrayBuffer" | "SharedArrayBuffer";

/** Each throws for any object that is not of its kind. */
const proofs: Record<Brand, ((this: unknown) => unknown) | undefined> = {
  Map: getter(Map.prototype, "size"),
  Set: getter(Set.prototype, "size"),
  Date: method(Date.prototype, "getTime"),
  RegExp: getter(RegExp.prototype, "source"),
  ArrayBuffer: getter(ArrayBuffer.prototype, "byteLength"),
  SharedArrayBuffer:
    typeof SharedArrayBuffer === "undefined" ? undefined : getter(SharedArrayBuffer.prototype, "byteLength"),
};

const nameOfTyped = getter(getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag) as () =>
  | string
  | undefined;

/** Which built-in the object is. A subclass of one is none: it has a class of its own, which would be lost. */
export function brandOf(value: object): Brand | undefined {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (!Object.hasOwn(proofs, tag)) return undefined;
  const above: unknown = getPrototypeOf(getPrototypeOf(value) as object);
  if (above === null || getPrototypeOf(above) !== null) return undefined;
  try {
    proofs[tag as Brand]?.call(value);
    return tag as Brand;
  } catch {
    return undefined;
  }
}

export function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** Whether `prototype` is the Object.prototype of another realm. */
export function isForeignObject(prototype: object): boolean {
  return getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/** Whether `prototype` is the Array.prototype of another realm. */
export function isForeignArray(prototype: object): boolean {
  return (
    Array.isArray(prototype) && prototype !== Array.prototype && isForeignObject(getPrototypeOf(prototype) as object)
  );
}

/** "Uint8Array" and so on, for subclasses as well. */
export function nameOfView(view: ArrayBufferView): string {
  return nameOfTyped.call(view) ?? "DataView";
}

function getter(prototype: object, key: string | symbol): (this: unknown) => unknown {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on what it is to prove
  return Object.getOwnPropertyDescriptor(prototype, key)?.get as () => unknown;
}

function method(prototype: object, key: string): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(prototype, key)?.value as () => unknown;
}
