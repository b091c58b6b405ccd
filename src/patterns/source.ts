// Where values come from: channels, iterables, async iterables, and the streams of the platform, all read in one way.

import type { Context, RecvChan } from "../internal/types.js";
import { pass } from "../internal/rt/slice.js";
import { isChannel, nameOf } from "./check.js";
import { foreign, ignore } from "./foreign.js";
import { each } from "./stage.js";

/** What values can be read from, one at a time. A Node `Readable` is an async iterable. */
export type Source<T> = RecvChan<T> | ReadableStream<T> | AsyncIterable<T> | Iterable<T>;

/**
 * Calls `f` with every value, one after the other, until there are no more; the next value is asked for when `f` has
 * done with the last. Rejects when the context is done or `f` fails, after it has let the source know that no more is
 * wanted.
 */
export async function iterate<T>(ctx: Context, source: Source<T>, f: (value: T) => unknown): Promise<void> {
  if (isChannel(source)) await each(ctx, source, f);
  else if (isStream(source)) await eachRead(ctx, source, f);
  else if (isAsync(source)) await eachNext(ctx, source, f);
  else await eachOf(ctx, source as Iterable<T>, f);
}

/** Throws a `TypeError` unless `source` is a {@link Source}. */
export function checkSource(operation: string, source: Source<unknown>): void {
  const s = source as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined;
  if (typeof s?.[Symbol.iterator] === "function" || typeof s?.[Symbol.asyncIterator] === "function") return;
  if (isChannel(source) || (typeof source === "object" && source !== null && isStream(source))) return;
  throw new TypeError(
    `patterns: ${operation}: expected a channel, an iterable, an async iterable or a stream, got ${nameOf(source)}`,
  );
}

function isStream<T>(source: Source<T>): source is ReadableStream<T> {
  return typeof (source as ReadableStream<T>).getReader === "function";
}

function isAsync<T>(source: Source<T>): source is AsyncIterable<T> {
  return typeof (source as AsyncIterable<T>)[Symbol.asyncIterator] === "function";
}

function check(ctx: Context): void {
  const err = ctx.err();
  if (err !== undefined) throw err;
}

async function eachOf<T>(ctx: Context, source: Iterable<T>, f: (value: T) => unknown): Promise<void> {
  for (const value of source) {
    check(ctx);
    const done = f(value);
    await (done instanceof Promise ? done : pass());
  }
}

async function eachNext<T>(ctx: Context, source: AsyncIterable<T>, f: (value: T) => unknown): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  let asked = false;
  try {
    for (;;) {
      check(ctx);
      asked = true;
      const next = await foreign(ctx, iterator.next());
      asked = false;
      if (next.done === true) return;
      await f(next.value);
    }
  } catch (error) {
    if (asked && ctx.err() === undefined) throw error; // the source's own: it has ended
    destroy(source);
    const returned = Promise.resolve(iterator.return?.()).catch(ignore);
    if (!asked) await returned; // a generator that has been asked for a value returns only after that
    throw error;
  }
}

/** A stream of Node's that is waiting for data does not hear its iterator's return. */
function destroy(source: object): void {
  const stream = source as { pipe?: unknown; destroy?: () => void };
  if (typeof stream.pipe === "function" && typeof stream.destroy === "function") stream.destroy();
}

async function eachRead<T>(ctx: Context, source: ReadableStream<T>, f: (value: T) => unknown): Promise<void> {
  const reader = source.getReader();
  try {
    for (;;) {
      check(ctx);
      const next = await foreign(ctx, reader.read());
      if (next.done) break;
      await f(next.value);
    }
  } catch (error) {
    void reader.cancel(error).catch(ignore); // of a stream that has failed itself, that does nothing
    throw error;
  } finally {
    reader.releaseLock();
  }
}
