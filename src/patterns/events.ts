// fromEvents: a channel with the events of an EventTarget.

import type { Context, RecvChan } from "../internal/types.js";
import { checkParent } from "../context/derived.js";
import { chan } from "../internal/chan/make.js";
import { select } from "../internal/chan/select.js";
import { queue, QueueFullError, type QueueOptions } from "./queue.js";
import { type StageOptions, start } from "./stage.js";

/** How {@link fromEvents} works. Events do not wait, so there is no policy that blocks. */
export interface EventsOptions<E> extends Pick<StageOptions, "onError"> {
  /** How many events are kept for a slow receiver; 16 if not given. */
  capacity?: number | undefined;
  /**
   * What happens to an event when so many are kept: drop the oldest of them (the default), drop the event, or end
   * with an error.
   */
  onFull?: Exclude<QueueOptions<E>["onFull"], "block">;
  /** Is given every event that is dropped. */
  onDrop?: ((event: E) => void) | undefined;
}

/**
 * A channel with the events of one type, until the context is done; the listener is removed then.
 *
 * ```ts
 * for await (const event of patterns.fromEvents<MessageEvent>(ctx, socket, "message")) handle(event.data);
 * ```
 */
export function fromEvents<E extends Event = Event>(
  ctx: Context,
  target: EventTarget,
  type: string,
  options: EventsOptions<E> = {},
): RecvChan<E> {
  checkParent(ctx);
  if (typeof target?.addEventListener !== "function") {
    throw new TypeError(
      `patterns: fromEvents: expected an EventTarget, got ${target === null ? "null" : typeof target}`,
    );
  }
  const { capacity = 16, onFull = "dropOldest", onDrop } = options;
  if ((onFull as string) === "block") {
    throw new TypeError('patterns: fromEvents: onFull cannot be "block": events do not wait');
  }
  const out = queue<E>({ capacity, onFull, onDrop });
  const full = chan<QueueFullError>(1);
  const listener = (event: Event) => {
    if (!out.trySend(event as E)) full.trySend(new QueueFullError(capacity));
  };
  if (ctx.err() === undefined) target.addEventListener(type, listener);
  start(ctx, [out], options, async () => {
    const s = await select({ full, done: ctx.done() });
    target.removeEventListener(type, listener);
    if (s.case === "full" && s.ok) throw s.value;
  });
  return out;
}
