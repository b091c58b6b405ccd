// The context that a task has of its own: that of runWith, on its way with the task, and made when the task asks for it.

import type { Context } from "../internal/types.js";
import { canceled } from "../context/errors.js";
import { fromSignal } from "../context/signals.js";
import { CancelContext, hang } from "../context/tree.js";
import type { Thread } from "../internal/shared/thread.js";
import { CONTEXT } from "../internal/shared/wasm/layout.js";
import { alreadyCanceled, isSignal, pack, received } from "./crossing.js";

/** What a task is to have as its context, on the way there; 0 for one that never ends. */
export function carry(ctx: Context | AbortSignal): number {
  return pack(ctx)?.[0] ?? 0;
}

/** Takes what {@link carry} gave out of the word at `place`: from here on the caller has its reference. */
function take(on: Thread, place: number): number {
  const pointer = on.i32[place >> 2] as number;
  on.i32[place >> 2] = 0; // now: should this thread die, then whoever has the task drops what is there
  return pointer;
}

/** Nobody needs the context that is at `place`. */
export function dropContext(on: Thread, place: number): void {
  const pointer = take(on, place);
  if (pointer !== 0) on.registry.discard(CONTEXT, pointer);
}

/** A context that a task has of its own. Ends with it. Does not wait for news from its parent to know it. */
class TaskContext extends CancelContext {
  constructor(parent: Context) {
    super(parent);
    hang(this, parent);
  }

  override err(): Error | undefined {
    this.parent.err();
    return super.err();
  }
}

/** A task's context, which is made when the task asks for it. */
export class Own {
  readonly #on: Thread;
  /** Where the object is that stands for what it is made from. */
  readonly #place: number;
  #ctx: Context | undefined = undefined;
  #end: (() => void) | undefined = undefined;
  #over = false;

  constructor(on: Thread, place: number) {
    this.#on = on;
    this.#place = place;
  }

  get(): Context {
    return (this.#ctx ??= this.#make());
  }

  /** The task has ended. */
  end(): void {
    this.#over = true;
    if (this.#end !== undefined) this.#end();
    else if (this.#ctx === undefined) dropContext(this.#on, this.#place);
  }

  #make(): Context {
    if (this.#over) return alreadyCanceled();
    const pointer = take(this.#on, this.#place);
    const parent = received(pointer);
    if (isSignal(parent)) {
      const [ctx, cancel] = fromSignal(parent);
      this.#end = cancel;
      return ctx;
    }
    const ctx = new TaskContext(parent);
    this.#end = () => ctx.cancel(canceled, canceled);
    return ctx;
  }
}
