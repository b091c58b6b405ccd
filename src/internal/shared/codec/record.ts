// Plain objects from their keys and what a decoder reads next.
//
// Each length has stores of its own, and each store sees one key as long as one shape of that length is about: then V8 does it
// in 2 ns where a loop over the keys takes 13. With several shapes of a length it is a loop's cost again. Tried: copying a
// template and overwriting, which is slower than either; code made for each shape, which a page's policy may forbid.

import type { Decoder } from "./decoder.js";
import type { Shape } from "./shapes.js";

type Plain = Record<string, unknown>;
type Keys<N extends string[]> = Readonly<N>;

export function record(from: Decoder, shape: Shape): Plain {
  const { keys } = shape;
  if (!shape.assignable) return defined(from, keys, {});
  switch (keys.length) {
    case 1:
      return one(from, keys as Keys<[string]>);
    case 2:
      return two(from, keys as Keys<[string, string]>);
    case 3:
      return three(from, keys as Keys<[string, string, string]>);
    case 4:
      return four(from, keys as Keys<[string, string, string, string]>);
    case 5:
      return five(from, keys as Keys<[string, string, string, string, string]>);
    default:
      return many(from, keys);
  }
}

/** With keys that cannot be assigned, such as `__proto__`. */
export function defined(from: Decoder, keys: readonly string[], object: Plain): Plain {
  for (const key of keys) {
    Object.defineProperty(object, key, { value: from.value(), enumerable: true, writable: true, configurable: true });
  }
  return object;
}

function one(from: Decoder, keys: Keys<[string]>): Plain {
  const object: Plain = {};
  object[keys[0]] = from.value();
  return object;
}

function two(from: Decoder, keys: Keys<[string, string]>): Plain {
  const object: Plain = {};
  object[keys[0]] = from.value();
  object[keys[1]] = from.value();
  return object;
}

function three(from: Decoder, keys: Keys<[string, string, string]>): Plain {
  const object: Plain = {};
  object[keys[0]] = from.value();
  object[keys[1]] = from.value();
  object[keys[2]] = from.value();
  return object;
}

function four(from: Decoder, keys: Keys<[string, string, string, string]>): Plain {
  const object: Plain = {};
  object[keys[0]] = from.value();
  object[keys[1]] = from.value();
  object[keys[2]] = from.value();
  object[keys[3]] = from.value();
  return object;
}

function five(from: Decoder, keys: Keys<[string, string, string, string, string]>): Plain {
  const object: Plain = {};
  object[keys[0]] = from.value();
  object[keys[1]] = from.value();
  object[keys[2]] = from.value();
  object[keys[3]] = from.value();
  object[keys[4]] = from.value();
  return object;
}

function many(from: Decoder, keys: readonly string[]): Plain {
  const object: Plain = {};
  for (let i = 0; i < keys.length; i++) object[keys[i] as string] = from.value();
  return object;
}
