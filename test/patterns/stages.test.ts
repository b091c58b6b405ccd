// Every stage through the four ways out: its input closes, its context is done, its consumer breaks and cancels, its
// function throws.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { chan, type Chan, type Context, go, type RecvChan } from "gort";
import * as context from "gort/context";
import * as patterns from "gort/patterns";
import * as runtime from "gort/runtime";
import { isPending, settle } from "../support/settle.js";
import { rest, virtualClock } from "../support/virtual.js";

type Fn = (n: number) => number | Promise<number>;
type Stage = (ctx: Context, input: RecvChan<number>, fn: Fn, onError?: (error: unknown) => void) => RecvChan<unknown>[];

/** What reads a channel as a generator of the user's would: it does not know of the context. */
async function* generator(input: RecvChan<number>, fn: Fn): AsyncGenerator<number> {
  for await (const n of input) yield await fn(n);
}

function readableStream(input: RecvChan<number>, fn: Fn): ReadableStream<number> {
  const given = generator(input, fn);
  const stop = new AbortController();
  return new ReadableStream<number>(
    {
      async pull(controller) {
        const [n, ok] = await input.recvOk(stop.signal);
        if (ok) controller.enqueue(await fn(n));
        else controller.close();
      },
      cancel: () => (stop.abort(), void given.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}

function fail(x: unknown): never {
  throw new assert.AssertionError({ message: `not to be called; with ${String(x)}` });
}

const one = (out: RecvChan<unknown>) => [out];

/** Stages that call a function of the user's. */
const calling: Record<string, Stage> = {
  "from (async iterable)": (ctx, input, fn, onError) =>
    one(patterns.from(ctx, generator(patterns.orDone(ctx, input), fn), { onError })),
  "from (ReadableStream)": (ctx, input, fn, onError) => one(patterns.from(ctx, readableStream(input, fn), { onError })),
  "from (Node stream)": (ctx, input, fn, onError) =>
    one(
      patterns.from(ctx, Readable.from(generator(patterns.orDone(ctx, input), fn)) as AsyncIterable<number>, {
        onError,
      }),
    ),
  generate: (ctx, input, fn, onError) =>
    one(
      patterns.generate(
        ctx,
        async (_i, own) => {
          const [n, ok] = await input.recvOk(own);
          return ok ? await fn(n) : undefined;
        },
        { onError },
      ),
    ),
  map: (ctx, input, fn, onError) => one(patterns.map(ctx, input, fn, { onError })),
  "map (buffer)": (ctx, input, fn, onError) => one(patterns.map(ctx, input, fn, { onError, buffer: 3 })),
  "map (workers)": (ctx, input, fn, onError) => one(patterns.map(ctx, input, fn, { onError, workers: 3 })),
  "map (workers, ordered)": (ctx, input, fn, onError) =>
    one(patterns.map(ctx, input, fn, { onError, workers: 3, ordered: true })),
  filter: (ctx, input, fn, onError) => one(patterns.filter(ctx, input, (n) => Number(fn(n)) >= 0, { onError })),
  "filter (async)": (ctx, input, fn, onError) =>
    one(patterns.filter(ctx, input, async (n) => (await fn(n)) >= 0, { onError })),
  heartbeat: (ctx, input, fn, onError) => {
    const work = async (own: Context) => {
      for (;;) {
        const [n, ok] = await input.recvOk(own);
        if (!ok) return;
        await fn(n);
      }
    };
    return patterns.heartbeat(ctx, 1000, work, { onError });
  },
};

/** Stages that only pass values on. */
const passing: Record<string, Stage> = {
  "from (channel)": (ctx, input) => one(patterns.from(ctx, input)),
  take: (ctx, input) => one(patterns.take(ctx, input, 5)),
  "batch (size)": (ctx, input) => one(patterns.batch(ctx, input, { size: 2 })),
  "batch (every)": (ctx, input) => one(patterns.batch(ctx, input, { every: 1000 })),
  fanOut: (ctx, input) => patterns.fanOut(ctx, input, 3),
  fanIn: (ctx, input) => one(patterns.fanIn(ctx, input, input, input)),
  orDone: (ctx, input) => one(patterns.orDone(ctx, input)),
  tee: (ctx, input) => patterns.tee(ctx, input),
  broadcast: (ctx, input) => patterns.broadcast(ctx, input, 4),
  bridge: (ctx, input) =>
    one(
      patterns.bridge(
        ctx,
        patterns.map(ctx, input, (n) => patterns.from(ctx, [n])),
      ),
    ),
  "pipeline of bare stages": (ctx, input) =>
    one(
      patterns.batch(
        ctx,
        patterns.filter(
          ctx,
          patterns.map(ctx, input, (n) => n, { workers: 2 }),
          (n) => n > 0,
        ),
        { size: 2, every: 100 },
      ),
    ),
};

const stages = { ...calling, ...passing };

/** Runs a test, and proves that it leaves no goroutine, no timer and no listener behind. */
async function leavingNothing(f: (ctx: Context, cancel: () => void) => Promise<void>): Promise<void> {
  using clock = virtualClock();
  await rest();
  const base = runtime.numGoroutine();
  const controller = new AbortController();
  const [ctx, cancel] = context.fromSignal(controller.signal);
  try {
    await f(ctx, cancel);
    await rest();
    assert.equal(runtime.numGoroutine(), base, "goroutines are left");
  } finally {
    cancel();
    await rest();
  }
  assert.equal(getEventListeners(controller.signal, "abort").length, 0, "a listener is left");
  assert.equal(clock.next, Infinity, "a timer is left");
}

async function sendAll(input: Chan<number>, n: number): Promise<void> {
  for (let i = 1; i <= n; i++) await input.send(i);
  input.close();
}

/** Receives from all channels until they are closed; resolves then. */
async function drain(outs: RecvChan<unknown>[]): Promise<unknown[]> {
  const all: unknown[] = [];
  await Promise.all(
    outs.map(async (out) => {
      for await (const value of out) all.push(value);
    }),
  );
  return all;
}

describe("every stage", () => {
  for (const [name, stage] of Object.entries(stages)) {
    test(`P2 ${name}: the input closes: the output closes, and nothing is left`, () =>
      leavingNothing(async (ctx) => {
        const input = chan<number>();
        go(sendAll, input, 5);
        const all = await drain(stage(ctx, input, (n) => n));
        const values = all.flat().filter((value) => value !== undefined);
        const sorted = [...new Set(values)].sort((x, y) => Number(x) - Number(y));
        if (name !== "heartbeat") assert.deepEqual(sorted, [1, 2, 3, 4, 5]);
      }));

    test(`P2 ${name}: the input is closed from the beginning`, () =>
      leavingNothing(async (ctx) => {
        const input = chan<number>();
        input.close();
        const all = await drain(stage(ctx, input, (n) => n));
        assert.deepEqual(all, name === "heartbeat" ? [undefined] : []);
      }));

    test(`P2 ${name}: the context is done while it waits for input: the output closes, and nothing is left`, () =>
      leavingNothing(async (ctx, cancel) => {
        const input = chan<number>();
        const ended = drain(stage(ctx, input, (n) => n, fail));
        await input.send(1, ctx);
        await input.send(2, ctx);
        assert.equal(await isPending(ended), true);
        cancel();
        await ended;
      }));

    test(`P2 ${name}: the context is done before it begins: nothing is taken from the input`, () =>
      leavingNothing(async (ctx, cancel) => {
        const input = chan<number>(1);
        await input.send(1);
        cancel();
        assert.deepEqual(await drain(stage(ctx, input, fail, fail)), []);
        assert.equal(input.len, 1);
      }));

    test(`P2 ${name}: the consumer breaks and cancels: the stage lets go of what it holds, and nothing is left`, () =>
      leavingNothing(async (ctx, cancel) => {
        const input = chan<number>();
        go(async () => {
          for (let i = 1; ctx.err() === undefined; i++) await input.send(i, ctx).catch(() => {});
        });
        const outs = stage(ctx, input, (n) => n, fail);
        if (name !== "heartbeat" && name !== "batch (every)") for await (const _ of outs[0] as RecvChan<unknown>) break;
        await settle(); // by now, the stage holds the next one
        cancel();
        await drain(outs);
      }));
  }

  for (const [name, stage] of Object.entries(calling)) {
    test(`P2 ${name}: its function throws: onError is told once, the output closes, and nothing is left`, () =>
      leavingNothing(async (ctx, cancel) => {
        const input = chan<number>(10);
        void sendAll(input, 10);
        const boom = new Error("boom");
        const told: unknown[] = [];
        const throws = (n: number) => {
          if (n === 3) throw boom;
          return n;
        };
        await drain(stage(ctx, input, throws, (error) => told.push(error)));
        assert.deepEqual(told, [boom]);
        assert.equal(told[0], boom);
        if (name.endsWith("iterable)") || name.endsWith("Node stream)")) cancel(); // the test's own stage before it
      }));

    if (name === "filter") continue; // its function cannot reject
    test(`P2 ${name}: its function rejects with the context's error when that is done: a quiet end`, () =>
      leavingNothing(async (ctx, cancel) => {
        const input = chan<number>(1);
        await input.send(1);
        const started = chan<void>(1);
        const waits = async (): Promise<number> => {
          await started.send();
          await ctx.done().recv();
          throw ctx.signal.reason;
        };
        const ended = drain(stage(ctx, input, waits, fail));
        await started.recv();
        cancel();
        await ended;
      }));
  }
});
