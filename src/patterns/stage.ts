// stage: what every stage is. A goroutine that works for a context and closes its outputs in the end.
//
// Invariants: the outputs are closed once, after all that the stage started has ended, whatever ended it. An error is
// told before they are closed: who sees the end of an output can know why.

import type { Chan, Context, RecvChan } from "../internal/types.js";
import { cause } from "../context/cause.js";
import { checkParent } from "../context/derived.js";
import { chan } from "../internal/chan/make.js";
import { go, isExit } from "../internal/rt/goroutine.js";
import { GoPanic, panic } from "../internal/rt/panic.js";
import type { WaitGroup } from "../sync/waitgroup.js";

/** What every stage that calls a function of yours may be told. */
export interface StageOptions {
  /** How many values the output holds ready; 0 if not given. */
  buffer?: number | undefined;
  /**
   * Is given the error that ended the stage, before its output closes. Without it, such an error is a panic of the
   * program.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** Those who are waited for before a pipeline ends. */
export const members: unique symbol = Symbol("members");

/** The options as a pipeline gives them to its stages. */
export interface Membership extends StageOptions {
  readonly [members]?: WaitGroup;
}

/** Makes an output, and runs `body` in a goroutine until it returns, fails, or the context is done. */
export function stage<R>(ctx: Context, options: StageOptions, body: (out: Chan<R>) => Promise<void>): RecvChan<R> {
  const out = chan<R>(options.buffer);
  start(ctx, [out], options, () => body(out));
  return out;
}

/** {@link stage}, for outputs that are there already: they are closed when `body` has ended. */
export function start(
  ctx: Context,
  outs: readonly { close(): void }[],
  options: Membership,
  body: () => unknown,
): void {
  checkParent(ctx);
  const whole = async () => {
    try {
      await body();
    } catch (error) {
      tell(ctx, options, error);
    }
    for (const out of outs) out.close();
  };
  const group = options[members];
  if (group === undefined) go(whole);
  else group.go(whole);
}

function tell(ctx: Context, { onError }: StageOptions, error: unknown): void {
  if (isExit(error) || isEnd(ctx, error)) return;
  if (onError === undefined || error instanceof GoPanic) panic(error);
  else onError(error);
}

/** Whether an operation failed just because `ctx` is done: with its error or its cause, or as the platform puts it. */
export function isEnd(ctx: Context, error: unknown): boolean {
  const err = ctx.err();
  if (err === undefined) return false;
  return error === err || error === cause(ctx) || (error instanceof Error && error.name === "AbortError");
}

/** Calls `f` with every value, one after the other, until the input closes. Rejects when the context is done. */
export async function each<T>(ctx: Context, input: RecvChan<T>, f: (value: T) => unknown): Promise<void> {
  for (;;) {
    const [value, ok] = await input.recvOk(ctx);
    if (!ok) return;
    const done = f(value);
    if (done !== undefined) await (done as Promise<unknown>);
  }
}

/** Calls `next` with what a function gave: at once, unless that is a promise. */
export function passOn<R>(result: R | Promise<R>, next: (value: R) => Promise<void>): Promise<void> {
  return result instanceof Promise ? result.then(next) : next(result);
}
