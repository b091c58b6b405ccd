// Keys of context values: typed, and never equal to anybody else's.

import type { Key } from "../internal/types.js";

class NamedKey<T> implements Key<T> {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  toString(): string {
    return this.name;
  }
}

/**
 * Makes a key for `withValue`: it carries the type of its value; the name is for printing. Go: an unexported key type.
 *
 * ```ts
 * const userKey = context.key<User>("user");
 * ```
 */
export function key<T>(name: string): Key<T> {
  return new NamedKey<T>(name);
}
