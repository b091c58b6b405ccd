// What Group and Collector share: goroutines that are counted, at most so many at once, and waited for.
//
// Invariants: `running` goroutines have been started and not ended, of at most `limit`. Who wants to start one more
// stands in `starters`, only while there is no slot, and is counted as a member already: `wait` does not end before it,
// whether anybody awaits its start or not.

import { wait } from "../internal/chan/cancel.js";
import { go, isExit } from "../internal/rt/goroutine.js";
import { GoPanic } from "../internal/rt/panic.js";
import { type Form, ready, WaitQueue } from "../internal/rt/park.js";
import { pass } from "../internal/rt/slice.js";
import { WaitGroup } from "../sync/waitgroup.js";

const starting: Form = { state: "errgroup.Group.Go", result: () => undefined };

export class Limiter {
  readonly #failed: (error: unknown) => void;
  #limit = Infinity;
  #running = 0;
  readonly #starters = new WaitQueue();
  readonly #members = new WaitGroup();

  /** `failed` is told every error, before the slot of its goroutine is free again. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  setLimit(n: number): void {
    if (!Number.isSafeInteger(n) && n !== Infinity) {
      throw new RangeError(`errgroup: setLimit: the limit must be an integer, got ${String(n)}`);
    }
    if (this.#running > 0) {
      throw new GoPanic(
        `errgroup: modify limit while ${this.#running} goroutines in the group are still active`,
        "ERR_ERRGROUP_ACTIVE",
      );
    }
    this.#limit = n < 0 ? Infinity : n;
    this.#admit(); // who came while the limit was 0
  }

  tryStart(f: () => unknown): boolean {
    if (typeof f !== "function") throw refused("tryGo", f);
    if (this.#running >= this.#limit) return false;
    this.#members.add(1);
    this.#begin(f);
    return true;
  }

  start(f: () => unknown): Promise<void> {
    if (typeof f !== "function") return Promise.reject(refused("go", f));
    this.#members.add(1);
    if (this.#running >= this.#limit) return wait(this.#starters, starting, f, undefined);
    this.#begin(f);
    return pass();
  }

  /** Resolves when all members have ended. */
  wait(): Promise<void> {
    return this.#members.wait();
  }

  #begin(f: () => unknown): void {
    this.#running++;
    go(() => this.#run(f));
  }

  /** Runs `f` to its end. Not an async function: that would cost every task a promise more. */
  #run(f: () => unknown): unknown {
    let result: unknown;
    try {
      result = f();
    } catch (error) {
      return this.#threw(error);
    }
    if (typeof result === "object" && result !== null) return Promise.resolve(result).then(this.#ended, this.#threw);
    return this.#ended();
  }

  readonly #threw = (error: unknown): void => {
    if (error instanceof GoPanic) throw error; // the end of the program: nobody shall go on before that
    if (!isExit(error)) this.#failed(error);
    this.#ended();
  };

  readonly #ended = (): void => {
    this.#running--;
    this.#admit();
    this.#members.done();
  };

  /** Starts who waits, while there are slots. */
  #admit(): void {
    while (this.#running < this.#limit) {
      const next = this.#starters.shift();
      if (next === undefined) return;
      this.#begin(next.value as () => unknown);
      ready(next, undefined);
    }
  }
}

function refused(operation: string, f: unknown): TypeError {
  const got = f instanceof Promise ? "a promise; write () => …" : String(f === null ? f : typeof f);
  return new TypeError(`errgroup: ${operation}: expected a function, got ${got}`);
}
