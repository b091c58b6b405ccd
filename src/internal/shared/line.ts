// Where goroutines of this thread wait for a lock or its like, among those of other threads.

import { fail, ready, type Waiter } from "../rt/park.js";
import { resolved } from "../rt/slice.js";
import type { SharedObject } from "./object.js";
import { SharedQueue } from "./queue.js";
import { AUX, DIED, OBJECT, OK } from "./wasm/layout.js";

/** What a line is for. Nothing of it is called with a lock held. */
export interface Purpose {
  /** Takes it, or parks the waiter. `value` is what the goroutine has brought along. */
  enter(waiter: number, value: unknown): number;
  /** What the wait gives. `got`: that it is ours now; `aux` is what AUX of the waiter says. */
  gives(got: boolean, aux: number): unknown;
  /** Somebody has left: lets those in who only waited for them. */
  admit?(pointer: number): void;
  /** What they wait for, in an error. */
  readonly name: string;
}

export class Line extends SharedQueue {
  readonly #purpose: Purpose;
  #value: unknown; // of the one who is coming
  #last: Waiter | undefined;

  constructor(of: SharedObject, queue: number, flags: number, purpose: Purpose) {
    super(of, queue, flags);
    this.#purpose = purpose;
  }

  override push(w: Waiter): void {
    this.#value = w.value;
    this.#last = w;
    super.push(w);
    this.#value = undefined;
  }

  /** Who was the last to come is woken by its own goroutine. False if somebody else has woken it. */
  withdrawLast(): boolean {
    return this.withdraw(this.#last as Waiter);
  }

  enter(waiter: number): number {
    return this.#purpose.enter(waiter, this.#value);
  }

  settle(w: Waiter, waiter: number, result: number): void {
    if (result === DIED) fail(w, ownerDied(this.#purpose.name));
    else ready(w, this.#purpose.gives(result === OK, this.on.i32[(waiter + AUX) >> 2] as number));
  }

  /** Lets others in when all who leave for the same reason have left: none of them shall be let in by the going of another. */
  override left(waiter: number): void {
    const purpose = this.#purpose;
    if (purpose.admit === undefined) return;
    const { on, of } = this;
    const pointer = on.i32[(waiter + OBJECT) >> 2] as number;
    of.waiting++; // it must not be freed before
    void resolved.then(() => {
      of.waiting--;
      purpose.admit?.(pointer);
      on.nudge();
    });
  }
}

/** Whoever comes next learns of it, and holds nothing; the one after gets the lock. */
export function ownerDied(name: string): Error {
  const error = new Error(`${name}: the thread that held it has died; what it guards may be half changed`);
  return Object.assign(error, { code: "ERR_OWNER_DIED" });
}
