// How the handles of locks are made, and looked after.

import { addKind, type SharedObject } from "../../internal/shared/object.js";
import { type Thread, thread } from "../../internal/shared/thread.js";
import { GATE_SIZE } from "../../internal/shared/wasm/layout.js";

/** Something in the shared memory that this thread is to have a handle of. */
export class Place {
  readonly on: Thread;
  readonly pointer: number;

  constructor(on: Thread, pointer: number) {
    this.on = on;
    this.pointer = pointer;
  }
}

/** What has just been made, if there was memory. */
export function made(make: (on: Thread) => number): Place {
  const on = thread();
  return new Place(on, on.made(make(on), GATE_SIZE));
}

/** A new lock of this kind. */
export function create(kind: number): Place {
  return made((on) => on.core.createGate(kind));
}

/** Where a lock is that is being used. */
export function at({ pointer }: SharedObject, name: string): number {
  if (pointer === 0) throw disposed(name);
  return pointer;
}

/** A rejected promise if the lock that is being used has been disposed. */
export function refuse({ pointer }: SharedObject, name: string): Promise<never> | undefined {
  return pointer === 0 ? Promise.reject(disposed(name)) : undefined;
}

function disposed(name: string): TypeError {
  return new TypeError(`${name} has been disposed, and is used`);
}

/** This thread does not use it any more. While goroutines of this thread wait for it, the collector sees to that. */
export function dispose(object: SharedObject): void {
  if (object.waiting === 0) object.on.registry.dispose(object);
}

/** Lets locks of a kind pass between threads. `destroy`: what is to be done before the memory of one is free. */
export function passes(kind: number, make: (at: Place) => SharedObject, destroy?: (at: Place) => void): void {
  addKind(kind, {
    make: (on, pointer) => make(new Place(on, pointer)),
    destroy: (on, pointer) => destroy?.(new Place(on, pointer)),
  });
}
