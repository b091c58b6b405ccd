// map: a function applied to every value, by one worker or by several.

import type { Chan, Context, RecvChan } from "../internal/types.js";
import { withContext } from "../errgroup/group.js";
import { chan } from "../internal/chan/make.js";
import { checkChannel, checkCount, checkFunction } from "./check.js";
import { each, passOn, stage, type StageOptions } from "./stage.js";

/** How {@link map} works. */
export interface MapOptions extends StageOptions {
  /** How many values are worked on at once; 1 if not given. */
  workers?: number | undefined;
  /** Whether the results come in the order of the values, and not in that of their completion. */
  ordered?: boolean | undefined;
}

type Fn<T, R> = (value: T, ctx: Context) => R | Promise<R>;

/**
 * A channel with `fn(value, ctx)` for every value of `input`. At most `workers` values are between input and output
 * at any time, the one that waits to be taken included. The context that `fn` gets ends when another worker fails.
 *
 * With `ordered`, a slow value holds up those behind it, but no more than `workers` of them.
 *
 * ```ts
 * const pages = patterns.map(ctx, urls, (url, ctx) => fetchPage(ctx, url), { workers: 8 });
 * ```
 */
export function map<T, R>(ctx: Context, input: RecvChan<T>, fn: Fn<T, R>, options: MapOptions = {}): RecvChan<R> {
  checkChannel("map", input);
  checkFunction("map", fn);
  const workers = checkCount("map", "workers", options.workers ?? 1, 1);
  return stage<R>(ctx, options, (out) => {
    if (workers === 1) return work(ctx, input, fn, out);
    return options.ordered === true ? inOrder(ctx, input, fn, out, workers) : inAnyOrder(ctx, input, fn, out, workers);
  });
}

function work<T, R>(ctx: Context, input: RecvChan<T>, fn: Fn<T, R>, out: Chan<R>): Promise<void> {
  const send = (result: R) => out.send(result, ctx);
  return each(ctx, input, (value) => passOn(fn(value, ctx), send));
}

async function inAnyOrder<T, R>(
  ctx: Context,
  input: RecvChan<T>,
  fn: Fn<T, R>,
  out: Chan<R>,
  workers: number,
): Promise<void> {
  const [g, own] = withContext(ctx);
  for (let i = 0; i < workers; i++) void g.go(() => work(own, input, fn, out));
  await g.wait();
}

/** The results go through one cell each; the cells stand in the order of the values. */
async function inOrder<T, R>(
  ctx: Context,
  input: RecvChan<T>,
  fn: Fn<T, R>,
  out: Chan<R>,
  workers: number,
): Promise<void> {
  const [g, own] = withContext(ctx);
  const places = chan<void>(workers); // one is taken before a value is, and given back when its result has been
  const cells = chan<RecvChan<R>>(workers);

  void g.go(async () => {
    for (;;) {
      await places.send(undefined, own);
      const [value, ok] = await input.recvOk(own);
      if (!ok) break;
      const cell = chan<R>(1);
      await cells.send(cell);
      void g.go(async () => {
        try {
          await cell.send(await fn(value, own));
        } finally {
          cell.close();
        }
      });
    }
    cells.close();
  });
  void g.go(() =>
    each(own, cells, async (cell) => {
      const [result, ok] = await cell.recvOk(own);
      if (ok) await out.send(result, own);
      await places.recv();
    }),
  );
  await g.wait();
}
