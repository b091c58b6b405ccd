// queue: a channel that does not let its senders wait when it is full, but does something else.

import type { Cancel, Chan } from "../internal/types.js";
import { Buffered } from "../internal/chan/buffered.js";
import { type blocked, type closed, given } from "../internal/chan/channel.js";
import { chan } from "../internal/chan/make.js";
import { checkCount } from "./check.js";

/** The error of a send to a full queue that is to fail. */
export class QueueFullError extends Error {
  readonly code = "ERR_QUEUE_FULL";

  constructor(capacity: number) {
    super(`queue is full: it holds ${capacity}`);
  }

  static {
    this.prototype.name = "QueueFullError";
  }
}

/** How a {@link queue} works. */
export interface QueueOptions<T> {
  /** How many values it holds: at least 1. */
  capacity: number;
  /**
   * What a send to a full queue does: wait for room (as every channel does; the default), drop its own value, drop
   * the value that has been there longest, or fail with a {@link QueueFullError}.
   */
  onFull?: "block" | "dropNewest" | "dropOldest" | "error" | undefined;
  /** Is given every value that is dropped. */
  onDrop?: ((value: T) => void) | undefined;
}

/**
 * A channel with room for `capacity` values and a policy for when it is full. To wait for a limited time, send with a
 * context.
 *
 * ```ts
 * const latest = patterns.queue<Reading>({ capacity: 1, onFull: "dropOldest" });
 * ```
 */
export function queue<T>({ capacity, onFull = "block", onDrop }: QueueOptions<T>): Chan<T> {
  if (capacity === Infinity) throw new RangeError("patterns: queue: capacity must be finite");
  checkCount("queue", "capacity", capacity, 1);
  switch (onFull) {
    case "block":
      return chan<T>(capacity);
    case "dropNewest":
      return new DropNewest<T>(capacity, onDrop);
    case "dropOldest":
      return new DropOldest<T>(capacity, onDrop);
    case "error":
      return new Refusing<T>(capacity, onDrop);
    default:
      throw new TypeError(
        `patterns: queue: onFull must be "block", "dropNewest", "dropOldest" or "error", got ${String(onFull)}`,
      );
  }
}

/** Never lets a sender wait: a select finds a send to it ready. */
abstract class Policy<T> extends Buffered<T> {
  protected readonly dropped: ((value: T) => void) | undefined;

  constructor(capacity: number, dropped: ((value: T) => void) | undefined) {
    super(capacity);
    this.dropped = dropped;
  }

  /** Whether a value has to give way for the next one. */
  protected get full(): boolean {
    return this.len === this.cap && !this.isClosed;
  }

  override canGive(): boolean {
    return true;
  }

  override send(value: T, ctx?: Cancel): Promise<void> {
    try {
      return super.send(value, ctx);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

class DropNewest<T> extends Policy<T> {
  override give(value: T): typeof given | typeof blocked | typeof closed {
    if (!this.full) return super.give(value);
    this.dropped?.(value);
    return given;
  }
}

class DropOldest<T> extends Policy<T> {
  override give(value: T): typeof given | typeof blocked | typeof closed {
    if (!this.full) return super.give(value);
    const oldest = this.take() as T;
    const done = super.give(value);
    this.dropped?.(oldest);
    return done;
  }
}

class Refusing<T> extends Policy<T> {
  override give(value: T): typeof given | typeof blocked | typeof closed {
    if (this.full) throw new QueueFullError(this.cap);
    return super.give(value);
  }

  override trySend(value: T): boolean {
    return !this.full && super.trySend(value);
  }
}
