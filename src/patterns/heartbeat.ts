// heartbeat: work that lets others see that it is alive.

import type { Context, RecvChan } from "../internal/types.js";
import { withCancel } from "../context/cancel.js";
import { chan } from "../internal/chan/make.js";
import { Ticker } from "../time/ticker.js";
import { checkFunction, checkMillis } from "./check.js";
import { type StageOptions, start } from "./stage.js";

/**
 * Runs `work(ctx)` in a goroutine that beats every `every` milliseconds until it has ended. A beat that nobody takes
 * is kept, but one only. The result arrives on the second channel; both close when there is no more to come.
 *
 * ```ts
 * const [beat, result] = patterns.heartbeat(ctx, time.second, work);
 * for (;;) {
 *   const s = await select({ beat, result, silence: time.after(3 * time.second) });
 *   if (s.case !== "beat" || !s.ok) break;
 * }
 * ```
 */
export function heartbeat<R>(
  ctx: Context,
  every: number,
  work: (ctx: Context) => R | Promise<R>,
  options: Pick<StageOptions, "onError"> = {},
): [beat: RecvChan<void>, result: RecvChan<R>] {
  checkMillis("heartbeat", "every", every);
  checkFunction("heartbeat", work);
  const beat = chan<void>(1);
  const result = chan<R>(1);
  const [beating, stop] = withCancel(ctx);
  start(beating, [beat], {}, async () => {
    const ticker = new Ticker(every);
    for (;;) {
      await ticker.c.recv(beating);
      beat.trySend();
    }
  });
  start(ctx, [result], options, async () => {
    try {
      await result.send(await work(ctx));
    } finally {
      stop();
    }
  });
  return [beat, result];
}
