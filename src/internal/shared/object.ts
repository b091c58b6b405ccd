// Handles: what a thread has of an object in the shared memory, at most one for each object.
//
// An object lives while a thread has a handle of it, or a message carries one. A handle goes when it is disposed, or when the
// collector takes it; not while goroutines of this thread stand in the object's queues.

import type { Handles, Packed } from "./handles.js";
import type { Thread } from "./thread.js";
import { TYPE } from "./wasm/layout.js";

/** Something in the shared memory, as this thread has it. */
export interface SharedObject {
  readonly on: Thread;
  /** Its number among the kinds of objects. */
  readonly kind: number;
  /** Where it is; 0 once it has been disposed. */
  pointer: number;
  /** How many goroutines of this thread stand in its queues. */
  waiting: number;
}

/** How a kind of object is made from a pointer, and what is to be done before its memory is free. */
export interface Kind {
  make(on: Thread, pointer: number): SharedObject;
  /** `true`: it sees to the memory itself. */
  destroy?(on: Thread, pointer: number): boolean | void;
}

/** What crosses by handle but is not itself the handle of an object. It may have one: see {@link Registry.arrive}. */
export interface Passport {
  readonly kind: number;
  /** Asked of whatever is nothing else. May throw a `Refusal`. */
  pack(value: object): readonly [a: number, b: number] | undefined;
  unpack(a: number, b: number): object;
  drop(a: number, b: number): void;
  /** One more reference for a message, which is to be read once more. Absent if only one can have the thing. */
  repeat?(a: number, b: number): void;
}

const kinds: Kind[] = [];
const passports: Passport[] = [];

export function addKind(number: number, kind: Kind): void {
  kinds[number] = kind;
}

export function addPassport(passport: Passport): void {
  passports.push(passport);
}

export class Registry implements Handles {
  readonly #on: Thread;
  readonly #known = new Map<number, WeakRef<SharedObject>>();
  readonly #collected = new FinalizationRegistry<{ pointer: number; kind: number }>(({ pointer, kind }) => {
    if (this.#known.get(pointer)?.deref() === undefined) this.#release(pointer, kind);
  });

  constructor(on: Thread) {
    this.#on = on;
  }

  /** A handle that this thread has from now on. */
  adopt<O extends SharedObject>(object: O): O {
    const { pointer, kind } = object;
    this.#known.set(pointer, new WeakRef(object));
    this.#collected.register(object, { pointer, kind }, object);
    return object;
  }

  /** This thread's handle will not be used any more. Goroutines that wait on it may do so to their end. */
  dispose(object: SharedObject): void {
    const { pointer, kind } = object;
    if (pointer === 0) return;
    object.pointer = 0;
    if (object.waiting > 0) return; // the collector sees to it
    this.#collected.unregister(object);
    this.#release(pointer, kind);
  }

  pack(value: object): Packed | undefined {
    const { on, pointer, kind } = value as Partial<SharedObject>;
    if (on === this.#on && pointer !== undefined && kind !== undefined) {
      if (pointer === 0) throw new TypeError("a shared object that has been disposed cannot leave its thread");
      this.#on.core.travel(pointer);
      return { kind, a: pointer, b: 0 };
    }
    for (const passport of passports) {
      const packed = passport.pack(value);
      if (packed !== undefined) return { kind: passport.kind, a: packed[0], b: packed[1] };
    }
    return undefined;
  }

  unpack(kind: number, a: number, b: number): object {
    const passport = passports.find((each) => each.kind === kind);
    if (passport !== undefined) return passport.unpack(a, b);
    return this.arrive(kind, a);
  }

  /** This thread's handle of an object that a message refers to, whose reference passes to it. */
  arrive(kind: number, pointer: number): SharedObject {
    this.#on.core.arrive(pointer);
    const known = this.#known.get(pointer)?.deref();
    if (known !== undefined) return known;
    this.#on.reach(pointer + 128);
    return this.adopt((kinds[kind] as Kind).make(this.#on, pointer));
  }

  /** A message referred to an object, and does not any more. */
  discard(kind: number, pointer: number): void {
    if (this.#on.core.discard(pointer) !== 0) this.destroy(pointer, kind);
  }

  drop(kind: number, a: number, b: number): void {
    const passport = passports.find((each) => each.kind === kind);
    if (passport !== undefined) passport.drop(a, b);
    else this.discard(kind, a);
  }

  canRepeat(kind: number): boolean {
    const passport = passports.find((each) => each.kind === kind);
    return passport === undefined || passport.repeat !== undefined;
  }

  repeat(kind: number, a: number, b: number): void {
    const passport = passports.find((each) => each.kind === kind);
    if (passport === undefined) this.#on.core.travel(a);
    else passport.repeat?.(a, b);
  }

  #release(pointer: number, kind: number): void {
    this.#known.delete(pointer);
    if (this.#on.core.drop(pointer) !== 0) this.destroy(pointer, kind);
  }

  /** Frees what a thread has left behind that was the last to refer to it. */
  destroyLost(): void {
    const { core } = this.#on;
    for (let pointer; (pointer = core.nextLost()) !== 0;) {
      this.#on.reach(pointer + 128);
      this.destroy(pointer, this.#on.i32[(pointer + TYPE) >> 2] as number);
    }
  }

  /** Frees an object that nobody refers to. */
  destroy(pointer: number, kind: number): void {
    this.#on.core.destroy(pointer);
    if (kinds[kind]?.destroy?.(this.#on, pointer) !== true) this.#on.free(pointer);
  }
}
