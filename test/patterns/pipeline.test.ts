// Pipeline: one context, one error, one end.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Context, gosched, type RecvChan } from "gort";
import * as context from "gort/context";
import * as patterns from "gort/patterns";
import * as runtime from "gort/runtime";
import * as time from "gort/time";
import { rest, virtualClock } from "../support/virtual.js";

const ctx = context.background();

async function* naturals(): AsyncGenerator<number> {
  for (let n = 1; ; n++) yield n;
}

/** The count of goroutines must be the same after `f` has been awaited: a pipeline's end waits for all of them. */
async function leavingNothing(f: () => Promise<void>): Promise<void> {
  const base = runtime.numGoroutine();
  await f();
  assert.equal(runtime.numGoroutine(), base);
}

describe("Pipeline", () => {
  test("P2 chains the stages; collect gives what comes out", () =>
    leavingNothing(async () => {
      const batches = await patterns
        .pipeline(ctx, naturals())
        .map((n) => n * n, { workers: 3, ordered: true })
        .filter((n) => n % 2 === 1)
        .take(5)
        .batch({ size: 2 })
        .collect();
      assert.deepEqual(batches, [[1, 9], [25, 49], [81]]);
    }));

  test("P2 can be run again, and each step is a pipeline of its own", async () => {
    const base = patterns.pipeline(ctx, [1, 2, 3]);
    const doubled = base.map((n) => n * 2);
    assert.deepEqual(await doubled.collect(), [2, 4, 6]);
    assert.deepEqual(await doubled.collect(), [2, 4, 6]);
    assert.deepEqual(await base.collect(), [1, 2, 3]);
  });

  test("P2 the first error of a stage rejects the end, after all other work has been cancelled and has ended", () =>
    leavingNothing(async () => {
      const boom = new Error("boom");
      const causes: unknown[] = [];
      const slow = async (n: number, own: Context) => {
        await own.done().recv();
        causes.push(context.cause(own));
        await gosched();
        if (n > 0) throw new Error("another");
        return n;
      };
      const broken = (n: number) => {
        if (n === 2) throw boom;
        return n;
      };
      const source = { [Symbol.asyncIterator]: naturals };
      const chain = patterns.pipeline(ctx, source).map(broken).map(slow, { workers: 2 });
      for (const end of [() => chain.run(), () => chain.collect(), () => chain.forEach(() => {})]) {
        await assert.rejects(end(), (error) => error === boom);
      }
      assert.deepEqual(causes, [boom, boom, boom]);
      await assert.rejects(
        (async () => {
          for await (const _ of chain) assert.fail("a value");
        })(),
        (error) => error === boom,
      );
    }));

  test("P2 an error of the end's own function rejects it, and ends the stages; one that is no Error as well", () =>
    leavingNothing(async () => {
      let released = false;
      const source = async function* () {
        try {
          yield* naturals();
        } finally {
          released = true;
        }
      };
      await assert.rejects(
        patterns.pipeline(ctx, source()).forEach(
          (n) => {
            if (n === 5) throw "five";
          },
          { limit: 2 },
        ),
        (error) => error === "five",
      );
      assert.equal(released, true);
      await assert.rejects(
        patterns
          .pipeline(ctx, [1])
          .map(() => Promise.reject(1))
          .run(),
        (error) => error === 1,
      );
    }));

  test("P8 when the context is done the end rejects with its error", () =>
    leavingNothing(async () => {
      using clock = virtualClock();
      const [soon] = context.withTimeout(ctx, 100);
      const sleeper = (_n: number, own: Context) => time.sleep(1000, own);
      const ends = [
        patterns.pipeline(soon, naturals()).map(sleeper).run(),
        patterns.pipeline(soon, naturals()).map(sleeper, { workers: 3, ordered: true }).collect(),
        patterns.pipeline(soon, [1, 2]).forEach(sleeper),
      ].map((end) => assert.rejects(end, (error) => error === context.deadlineExceeded));
      await clock.advance(100);
      await Promise.all(ends);
    }));

  test("P2 leaving a loop over it ends it, and waits until it has ended", () =>
    leavingNothing(async () => {
      const seen: string[] = [];
      for await (const n of patterns
        .pipeline(ctx, naturals())
        .map(String, { workers: 4 })
        .filter(() => true)) {
        seen.push(n);
        if (seen.length === 3) break;
      }
      assert.deepEqual(seen.sort(), ["1", "2", "3"]);
    }));

  test("P2 an iterator that has ended stays so; return before the first value starts nothing", async () => {
    const iterator = patterns.pipeline(ctx, [1])[Symbol.asyncIterator]();
    assert.deepEqual(await iterator.next(), { value: 1, done: false });
    for (let i = 0; i < 2; i++) assert.deepEqual(await iterator.next(), { value: undefined, done: true });
    const unused = patterns.pipeline(ctx, [1])[Symbol.asyncIterator]();
    await unused.return();
    assert.deepEqual(await unused.next(), { value: undefined, done: true });
    const thrown = patterns.pipeline(ctx, [1])[Symbol.asyncIterator]();
    await assert.rejects(thrown.throw(new Error("x")), /x/);
    assert.deepEqual(await thrown.next(), { value: undefined, done: true });
  });

  test("P2 through takes a stage of one's own, and its errors", async () => {
    const boom = new Error("boom");
    const pairs = (own: Context, input: RecvChan<number>) => patterns.batch(own, input, { size: 2 });
    assert.deepEqual(await patterns.pipeline(ctx, [1, 2, 3]).through(pairs).collect(), [[1, 2], [3]]);
    const failing = patterns
      .pipeline(ctx, naturals())
      .through((own, input, onError) =>
        patterns.map(own, input, (n) => (n === 3 ? Promise.reject(boom) : n), { onError }),
      );
    await assert.rejects(failing.run(), (error) => error === boom);
    await rest();
  });

  test("P2 as a ReadableStream: runs with the first read, ends when it is cancelled, fails as it fails", () =>
    leavingNothing(async () => {
      const stream = patterns
        .pipeline(ctx, naturals())
        .map((n) => n * 2)
        .toReadable();
      const reader = stream.getReader();
      assert.deepEqual(await reader.read(), { value: 2, done: false });
      await reader.cancel();
      await rest();
      const whole = patterns.pipeline(ctx, [1, 2]).toReadable();
      assert.deepEqual(await patterns.collect(ctx, whole), [1, 2]);
      const broken = patterns
        .pipeline(ctx, [1])
        .map(() => Promise.reject(new Error("boom")))
        .toReadable();
      await assert.rejects(broken.getReader().read(), /boom/);
    }));
});
