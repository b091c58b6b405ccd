// CircuitBreaker: spares a service that fails.
//
// Invariants: `era` is counted on at every change of state; the outcome of a call counts only in the era that it
// began in. In the half-open state at most `halfOpen` calls are under way or have succeeded. No timer runs: whoever
// asks looks at the clock.

import type { Context } from "../internal/types.js";
import { canceled } from "../context/errors.js";
import { checkParent } from "../context/derived.js";
import { now } from "../internal/rt/alarm.js";
import { checkCount, checkFunction, checkMillis } from "./check.js";
import { isEnd } from "./stage.js";

/** The error of a call that an open {@link CircuitBreaker} has refused. */
export class CircuitOpenError extends Error {
  readonly code = "ERR_CIRCUIT_OPEN";
  /** In how many milliseconds a call may be let through; 0 if that depends on one that is under way. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super("circuit is open");
    this.retryAfter = retryAfter;
  }

  static {
    this.prototype.name = "CircuitOpenError";
  }
}

/** How a {@link CircuitBreaker} works. */
export interface CircuitBreakerOptions {
  /** How many failures in a row open it; 5 if not given. */
  failures?: number | undefined;
  /** After how many milliseconds an open one lets calls through to see whether they succeed; 30 s if not given. */
  resetAfter?: number | undefined;
  /** How many such calls there may be, and must succeed to close it; 1 if not given. */
  halfOpen?: number | undefined;
}

/**
 * Lets calls through until too many have failed in a row; then refuses them for a while, and tries again with a few.
 *
 * ```ts
 * const breaker = new patterns.CircuitBreaker({ failures: 5, resetAfter: 10 * time.second });
 * const page = await breaker.run(ctx, (ctx) => fetchPage(ctx, url));
 * ```
 */
export class CircuitBreaker {
  readonly #failures: number;
  readonly #resetAfter: number;
  readonly #halfOpen: number;
  #era = 0;
  #failed = 0; // in a row
  #openedAt: number | undefined; // undefined while closed
  #trials: { started: number; succeeded: number } | undefined; // while half-open

  constructor({ failures = 5, resetAfter = 30_000, halfOpen = 1 }: CircuitBreakerOptions = {}) {
    this.#failures = checkCount("CircuitBreaker", "failures", failures, 1);
    this.#resetAfter = checkMillis("CircuitBreaker", "resetAfter", resetAfter);
    this.#halfOpen = checkCount("CircuitBreaker", "halfOpen", halfOpen, 1);
  }

  /**
   * Whether calls are let through ("closed"), refused ("open"), or let through to see whether they succeed ("half-
   * open").
   */
  get state(): "closed" | "open" | "half-open" {
    if (this.#openedAt === undefined) return "closed";
    return this.#trials !== undefined || this.#left() <= 0 ? "half-open" : "open";
  }

  /**
   * Calls `fn(ctx)`, and gives what it gives. Rejects with a {@link CircuitOpenError}, and calls nothing, while the
   * breaker is open. A call that was cancelled counts neither way; one that ran out of its context's time has failed.
   */
  async run<R>(ctx: Context, fn: (ctx: Context) => R | Promise<R>): Promise<R> {
    checkParent(ctx);
    checkFunction("CircuitBreaker.run", fn);
    const err = ctx.err();
    if (err !== undefined) throw err;
    this.#admit();
    const era = this.#era;
    try {
      const result = await fn(ctx);
      if (era === this.#era) this.#succeeded();
      return result;
    } catch (error) {
      const cancelled = ctx.err() === canceled && isEnd(ctx, error);
      if (era === this.#era) {
        if (!cancelled) this.#hasFailed();
        else if (this.#trials !== undefined) this.#trials.started--;
      }
      throw error;
    }
  }

  #admit(): void {
    if (this.#openedAt === undefined) return;
    if (this.#trials === undefined) {
      const left = this.#left();
      if (left > 0) throw new CircuitOpenError(left);
      this.#trials = { started: 0, succeeded: 0 };
      this.#era++;
    }
    if (this.#trials.started >= this.#halfOpen) throw new CircuitOpenError(0);
    this.#trials.started++;
  }

  #succeeded(): void {
    this.#failed = 0;
    if (this.#trials === undefined || ++this.#trials.succeeded < this.#halfOpen) return;
    this.#trials = this.#openedAt = undefined;
    this.#era++;
  }

  #hasFailed(): void {
    this.#failed++;
    if (this.#trials === undefined && this.#failed < this.#failures) return;
    this.#trials = undefined;
    this.#openedAt = now();
    this.#era++;
  }

  /** Milliseconds until calls are let through again. */
  #left(): number {
    return (this.#openedAt ?? -Infinity) + this.#resetAfter - now();
  }
}
