// What the processors do, in figures, read from the shared memory in passing: each is true, all together are of no one moment.

import type { Fleet } from "../internal/rt/procs.js";
import type { Thread } from "../internal/shared/thread.js";
import {
  ALIVE,
  ASKED,
  BLOCKED_THREADS,
  BORN,
  DEAD,
  FREE,
  GOROUTINES,
  IDLE,
  PROCESSORS,
  QUEUE_LENGTH,
  RECORD,
  SPINNING,
  TASKS,
  THREAD_LIMIT,
  THREADS,
} from "../internal/shared/wasm/layout.js";

export class Figures implements Fleet {
  readonly #on: Thread;

  constructor(on: Thread) {
    this.#on = on;
  }

  get goroutines(): number {
    this.#on.say();
    return this.#threads().reduce((sum, i) => sum + this.#word(THREADS + RECORD * i + GOROUTINES), this.tasks);
  }

  get tasks(): number {
    return this.#word(TASKS);
  }

  get threads(): number {
    return 1 + this.#word(ALIVE);
  }

  get idle(): number {
    let bits = 0;
    for (let i = 0; i < 4; i++) for (let word = this.#word(IDLE + 4 * i); word !== 0; word &= word - 1) bits++;
    return bits;
  }

  get idleProcessors(): number {
    const busy = this.#word(ALIVE) - this.idle - this.#word(BLOCKED_THREADS);
    return Math.max(this.#word(PROCESSORS) - busy, 0);
  }

  get spinning(): number {
    return this.#word(SPINNING);
  }

  get isWanting(): boolean {
    return this.#word(ASKED) !== 0;
  }

  get queued(): number {
    return this.#word(QUEUE_LENGTH);
  }

  get queues(): number[] {
    return this.#threads().flatMap((i) => (i === 0 ? [] : [this.#on.core.ringLength(i)]));
  }

  /** The numbers of the threads that live. */
  #threads(): number[] {
    const all = Array.from({ length: this.#word(THREAD_LIMIT) }, (_, i) => i);
    return all.filter((i) => ![FREE, DEAD, BORN].includes(this.#on.core.stateOf(i)));
  }

  #word(at: number): number {
    return Atomics.load(this.#on.i32, at >> 2);
  }
}
