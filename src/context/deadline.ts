// Contexts that end by time.

import type { CancelFunc, Context } from "../internal/types.js";
import type { Queue } from "../internal/ds/queue.js";
import { formatDuration } from "../time/duration.js";
import { Alarm, now, wall } from "../internal/rt/alarm.js";
import { canceller, withCancel } from "./cancel.js";
import { checkParent } from "./derived.js";
import { deadlineExceeded } from "./errors.js";
import { type Branch, CancelContext, hang } from "./tree.js";

/** The last moment that a Date can show; the first is its negative. */
const lastDate = 8.64e15;

export class DeadlineContext extends CancelContext {
  private readonly at: number; // on the wall clock
  private readonly alarm: Bell | undefined;

  constructor(parent: Context, at: number, left: number, cause: Error) {
    super(parent);
    this.at = at;
    hang(this, parent);
    if (this.err() !== undefined) return;
    if (left <= 0) {
      this.cancel(deadlineExceeded, cause);
      return;
    }
    this.alarm = new Bell(this, cause);
    this.alarm.set(now() + left);
  }

  override deadline(): Date {
    return new Date(this.at);
  }

  /** The cause, should the deadline end it. */
  get late(): Error | undefined {
    return this.alarm?.cause;
  }

  override fall(err: Error, cause: Error): Queue<Branch> | undefined {
    this.alarm?.clear();
    return super.fall(err, cause);
  }

  protected override print(parent: string): string {
    return `${parent}.WithDeadline(${this.deadline().toISOString()} [${formatDuration(this.at - wall())}])`;
  }
}

class Bell extends Alarm {
  readonly cause: Error;
  private readonly ctx: CancelContext;

  constructor(ctx: CancelContext, cause: Error) {
    super();
    this.ctx = ctx;
    this.cause = cause;
  }

  protected override ring(): void {
    this.ctx.cancel(deadlineExceeded, this.cause);
  }
}

/**
 * A child of `parent` that ends at `at` (a date, or milliseconds since 1970), when `cancel` is called, or with the
 * parent. If the parent's deadline is earlier, that counts. A deadline that has passed: the child is done at once;
 * Infinity: it has none. Go: `context.WithDeadline`.
 */
export function withDeadline(parent: Context, at: Date | number): [Context, CancelFunc] {
  return withDeadlineCause(parent, at, deadlineExceeded);
}

/**
 * {@link withDeadline} with the cause that `context.cause` gives if the deadline ends it. Go:
 * `context.WithDeadlineCause`.
 */
export function withDeadlineCause(parent: Context, at: Date | number, cause: Error): [Context, CancelFunc] {
  checkParent(parent);
  const time = typeof at === "number" ? at : at?.getTime?.();
  if (typeof time !== "number" || Number.isNaN(time)) {
    throw new TypeError(`context: a deadline must be a valid Date or a number, got ${String(at)}`);
  }
  return child(parent, time, time - wall(), cause);
}

/** `at` on the wall clock, `left` on the clock that no one sets. What no Date can show is never, or long ago. */
function child(parent: Context, at: number, left: number, cause: Error): [Context, CancelFunc] {
  const earlier = parent.deadline();
  if (at > lastDate || (earlier !== undefined && earlier.getTime() <= at)) return withCancel(parent);
  const ctx = new DeadlineContext(parent, Math.max(at, -lastDate), left, cause ?? deadlineExceeded);
  return [ctx, canceller(ctx)];
}

/**
 * A child of `parent` that ends after `ms` milliseconds, when `cancel` is called, or with the parent. Infinity is no
 * time-out. Go: `context.WithTimeout`.
 *
 * ```ts
 * const [ctx, cancel] = context.withTimeout(parent, 2 * time.second);
 * ```
 */
export function withTimeout(parent: Context, ms: number): [Context, CancelFunc] {
  return withTimeoutCause(parent, ms, deadlineExceeded);
}

/**
 * {@link withTimeout} with the cause that `context.cause` gives if the time-out ends it. Go:
 * `context.WithTimeoutCause`.
 */
export function withTimeoutCause(parent: Context, ms: number, cause: Error): [Context, CancelFunc] {
  if (typeof ms !== "number" || Number.isNaN(ms)) {
    throw new TypeError(`context: a time-out must be a number of milliseconds, got ${String(ms)}`);
  }
  checkParent(parent);
  return child(parent, wall() + ms, ms, cause);
}
