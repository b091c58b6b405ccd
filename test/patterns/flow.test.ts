// What each stage does with the values, how far it lets its source run ahead, and what it refuses.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chan, type Context, go, gosched, goexit, nil, type RecvChan } from "gort";
import * as context from "gort/context";
import * as patterns from "gort/patterns";
import * as time from "gort/time";
import { seeded } from "../support/seed.js";
import { isPending, settle } from "../support/settle.js";
import { rest, virtualClock } from "../support/virtual.js";

const ctx = context.background();

/** 1, 2, 3… and how many have been asked for. */
function counter(to = Infinity): { asked: number; [Symbol.iterator](): Iterator<number> } {
  return {
    asked: 0,
    *[Symbol.iterator]() {
      while (this.asked < to) yield ++this.asked;
    },
  };
}

describe("back-pressure: how far a source runs ahead of a consumer that takes nothing", () => {
  const cases: [name: string, ahead: number, stage: (ctx: Context, input: RecvChan<number>) => unknown][] = [
    ["from", 1, (_ctx, input) => input],
    ["map", 2, (own, input) => patterns.map(own, input, (n) => n)],
    ["map with a buffer of 3", 5, (own, input) => patterns.map(own, input, (n) => n, { buffer: 3 })],
    ["map with 4 workers", 5, (own, input) => patterns.map(own, input, (n) => n, { workers: 4 })],
    [
      "map with 4 workers in order",
      5,
      (own, input) => patterns.map(own, input, (n) => n, { workers: 4, ordered: true }),
    ],
    ["filter", 2, (own, input) => patterns.filter(own, input, () => true)],
    ["take", 2, (own, input) => patterns.take(own, input, 100)],
    ["batch of 3", 4, (own, input) => patterns.batch(own, input, { size: 3 })],
    ["fanOut to 3", 2, (own, input) => patterns.fanOut(own, input, 3)],
    ["fanIn", 2, (own, input) => patterns.fanIn(own, input)],
    ["orDone", 2, (own, input) => patterns.orDone(own, input)],
    ["tee", 2, (own, input) => patterns.tee(own, input)],
    ["broadcast to 3 with a buffer of 2", 4, (own, input) => patterns.broadcast(own, input, 3, { buffer: 2 })],
    ["toReadable", 1, (own, input) => patterns.toReadable(own, input)],
  ];
  for (const [name, ahead, stage] of cases) {
    test(`P2 ${name}: ${ahead}`, async () => {
      const [own, cancel] = context.withCancel(ctx);
      const source = counter();
      stage(own, patterns.from(own, source));
      await rest();
      assert.equal(source.asked, ahead);
      cancel();
      await rest();
    });
  }

  test("P2 a pipeline: one value a stage", async () => {
    const source = counter();
    const chain = patterns
      .pipeline(ctx, source)
      .map(String)
      .map(Number)
      .filter(() => true);
    const loop = chain[Symbol.asyncIterator]();
    assert.equal(source.asked, 0, "nothing runs before it is asked for");
    assert.deepEqual(await loop.next(), { value: 1, done: false });
    await rest();
    assert.equal(source.asked, 5);
    await loop.return();
  });

  for (const limit of [1, 2, 7]) {
    test(`P2 forEach with a limit of ${limit}: ${limit}`, async () => {
      const source = counter();
      const [own, cancel] = context.withCancel(ctx);
      const done = patterns.forEach(own, source, (_n, inner) => inner.done().recv(), { limit });
      await rest();
      assert.equal(source.asked, limit);
      cancel();
      await assert.rejects(done, (error) => error === context.canceled);
    });
  }
});

describe("map", () => {
  test("P2 with several workers in order: the order stays, and never more than `workers` are at work", () =>
    seeded(async (choice) => {
      for (const workers of [2, 3, 8]) {
        using clock = virtualClock();
        let atWork = 0;
        let most = 0;
        const slow = async (n: number) => {
          most = Math.max(most, ++atWork);
          await time.sleep(1 + choice.below(50));
          atWork--;
          return n;
        };
        const squares = patterns.map(ctx, patterns.from(ctx, counter(200)), slow, { workers, ordered: true });
        const all = patterns.collect(ctx, squares);
        await clock.advance(200 * 60);
        assert.deepEqual(await all, [...counter(200)]);
        assert.equal(most, workers);
      }
    }));

  test("P2 with several workers: as they come, and never more than `workers` are at work", async () => {
    using clock = virtualClock();
    let atWork = 0;
    let most = 0;
    const slowFirst = async (n: number) => {
      most = Math.max(most, ++atWork);
      await time.sleep(n === 1 ? 100 : 10);
      atWork--;
      return n;
    };
    const all = patterns.collect(
      ctx,
      patterns.map(ctx, patterns.from(ctx, [1, 2, 3, 4, 5]), slowFirst, { workers: 2 }),
    );
    await clock.advance(200);
    assert.deepEqual(await all, [2, 3, 4, 5, 1]);
    assert.equal(most, 2);
  });

  for (const ordered of [false, true]) {
    test(`P2 with ordered ${ordered}: the failure of one worker cancels the others, and its error alone is told`, async () => {
      const boom = new Error("boom");
      const told: unknown[] = [];
      const cancelled: number[] = [];
      const out = patterns.map(
        ctx,
        patterns.from(ctx, [1, 2, 3]),
        async (n, own) => {
          if (n === 3) throw boom;
          await own.done().recv();
          cancelled.push(n);
          throw new Error("because of that");
        },
        { workers: 3, ordered, onError: (error) => told.push(error) },
      );
      assert.deepEqual(await patterns.collect(ctx, out), []);
      assert.deepEqual(told, [boom]);
      assert.deepEqual(cancelled, [1, 2]);
    });
  }

  test("P2 goexit in the function ends the stage, quietly", async () => {
    const out = patterns.map(ctx, patterns.from(ctx, [1, 2, 3]), (n) => (n === 2 ? goexit() : n));
    assert.deepEqual(await patterns.collect(ctx, out), [1]);
  });

  test("CH-47 undefined is a value like others", async () => {
    const nothing = patterns.map(ctx, patterns.from(ctx, [1, 2]), () => undefined);
    assert.deepEqual(await patterns.collect(ctx, nothing), [undefined, undefined]);
  });
});

test("P8 a function that fails with the error or the cause of a context that is done ends its stage quietly", async () => {
  for (const which of ["err", "cause"] as const) {
    using clock = virtualClock();
    const [soon] = context.withTimeoutCause(ctx, 10, new Error("too slow"));
    const fails = async (_n: number, own: Context) => {
      await own.done().recv();
      throw which === "err" ? own.err() : context.cause(own);
    };
    const told: unknown[] = [];
    const out = patterns.map(soon, patterns.from(soon, [1]), fails, { onError: (error) => told.push(error) });
    await clock.advance(10);
    assert.deepEqual([await out.recvOk(), told], [[undefined, false], []]);
  }
});

test("P2 from: a ReadableStream is let go of, at its end and before", async () => {
  const whole = new Blob(["x"]).stream();
  await patterns.collect(ctx, patterns.from(ctx, whole));
  assert.equal(whole.locked, false);
  const [own, cancel] = context.withCancel(ctx);
  const endless = new ReadableStream<number>({ pull: (controller) => controller.enqueue(1) });
  const out = patterns.from(own, endless);
  cancel();
  assert.deepEqual(await out.recvOk(), [undefined, false]);
  assert.equal(endless.locked, false);
});

test("P2 generate: calls the function with 0, 1, 2… until it gives undefined", async () => {
  assert.deepEqual(
    await patterns.collect(
      ctx,
      patterns.generate(ctx, (i) => (i < 3 ? i * i : undefined)),
    ),
    [0, 1, 4],
  );
});

test("P2 from: any iterable, also one of promises of the async kind; a source's error is told", async () => {
  assert.deepEqual(await patterns.collect(ctx, patterns.from(ctx, "abc")), ["a", "b", "c"]);
  assert.deepEqual(await patterns.collect(ctx, patterns.from(ctx, new Set([1, 2]))), [1, 2]);
  const boom = new Error("boom");
  const told: unknown[] = [];
  const broken = async function* () {
    yield 1;
    throw boom;
  };
  assert.deepEqual(
    await patterns.collect(ctx, patterns.from(ctx, broken(), { onError: (error) => told.push(error) })),
    [1],
  );
  assert.deepEqual(told, [boom]);
});

test("P2 from: a generator that is released has run its finally before the output closes", async () => {
  const [own, cancel] = context.withCancel(ctx);
  let released = false;
  const source = async function* () {
    try {
      for (let n = 1; ; n++) yield n;
    } finally {
      await settle();
      released = true;
    }
  };
  const out = patterns.from(own, source());
  for await (const n of out) if (n === 3) break;
  await rest(); // the stage holds the next one
  cancel();
  for await (const _ of out);
  assert.equal(released, true);
});

test("P2 from: an async iterator that never answers is left when the context is done", async () => {
  const [own, cancel] = context.withCancel(ctx);
  let returned = 0;
  const silent: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => (returned++, new Promise(() => {})),
    }),
  };
  const out = patterns.from(own, silent);
  await rest();
  cancel();
  assert.deepEqual(await out.recvOk(), [undefined, false]);
  assert.equal(returned, 1);
});

test("P2 take: receives no more than it gives, and closes with the last", async () => {
  const input = chan<number>(10);
  for (let i = 1; i <= 5; i++) input.trySend(i);
  assert.deepEqual(await patterns.collect(ctx, patterns.take(ctx, input, 3)), [1, 2, 3]);
  assert.deepEqual(input.drain(), [4, 5]);
  input.trySend(6);
  assert.deepEqual(await patterns.collect(ctx, patterns.take(ctx, input, 0)), []);
  assert.equal(input.len, 1);
});

describe("batch", () => {
  test("P2 by size: full ones, and the rest in the end", async () => {
    assert.deepEqual(await patterns.collect(ctx, patterns.batch(ctx, patterns.from(ctx, counter(5)), { size: 2 })), [
      [1, 2],
      [3, 4],
      [5],
    ]);
    assert.deepEqual(await patterns.collect(ctx, patterns.batch(ctx, patterns.from(ctx, counter(4)), { size: 2 })), [
      [1, 2],
      [3, 4],
    ]);
  });

  test("P2 by time: so long after its first value, and never an empty one", async () => {
    using clock = virtualClock();
    const input = chan<number>();
    const out = patterns.batch(ctx, input, { size: 3, every: 100 });
    const got: [at: number, values: number[]][] = [];
    go(async () => {
      for await (const values of out) got.push([clock.now(), values]);
    });
    await clock.advance(1000);
    assert.equal(clock.next, Infinity, "a batch without values sets no timer");
    await input.send(1);
    await clock.advance(60);
    await input.send(2);
    await clock.advance(500);
    for (const n of [3, 4, 5, 6]) await input.send(n);
    await clock.advance(99);
    input.close();
    await rest();
    assert.deepEqual(got, [
      [1100, [1, 2]],
      [1560, [3, 4, 5]],
      [1659, [6]],
    ]);
  });
});

describe("fanOut and fanIn", () => {
  test("P2 fanOut: each value goes to one output; to those that take", async () => {
    const input = patterns.from(ctx, counter(6));
    const [a, b, idle] = patterns.fanOut(ctx, input, 3) as [RecvChan<number>, RecvChan<number>, RecvChan<number>];
    const [fromA, fromB] = await Promise.all([patterns.collect(ctx, a), patterns.collect(ctx, b)]);
    assert.deepEqual(
      [...fromA, ...fromB].sort((x, y) => x - y),
      [1, 2, 3, 4, 5, 6],
    );
    assert.deepEqual(await idle.recvOk(), [undefined, false]);
  });

  test("P2 fanIn: all values of all inputs; of none, a closed channel", async () => {
    const all = await patterns.collect(
      ctx,
      patterns.fanIn(ctx, patterns.from(ctx, [1, 2]), patterns.from(ctx, [3]), patterns.from(ctx, [])),
    );
    assert.deepEqual(
      all.sort((x, y) => x - y),
      [1, 2, 3],
    );
    assert.deepEqual(await patterns.fanIn(ctx).recvOk(), [undefined, false]);
  });
});

test("P3 bridge: the channels one after the other", async () => {
  const inputs = chan<RecvChan<number>>(3);
  const first = chan<number>();
  inputs.trySend(first);
  inputs.trySend(patterns.from(ctx, [3, 4]));
  inputs.close();
  const out = patterns.bridge(ctx, inputs);
  const third = out.recv();
  assert.equal(await isPending(third), true);
  go(async () => {
    await first.send(1);
    await first.send(2);
    first.close();
  });
  assert.equal(await third, 1);
  assert.deepEqual(await patterns.collect(ctx, out), [2, 3, 4]);
});

describe("tee and broadcast", () => {
  test("P3 each output gets every value, whoever reads first", async () => {
    const [a, b] = patterns.tee(ctx, patterns.from(ctx, [1, 2]));
    assert.equal(await b.recv(), 1);
    assert.equal(await isPending(b.recvOk()), true, "the next comes when both have the last");
    assert.equal(await a.recv(), 1);
    const outs = patterns.broadcast(ctx, patterns.from(ctx, [1, 2, 3]), 4, { buffer: 1 });
    const all = await Promise.all(outs.map((out) => patterns.collect(ctx, out)));
    assert.deepEqual(all, [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    await patterns.collect(ctx, a);
  });
});

describe("or", () => {
  test("P3 closes with the first that closes or sends", async () => {
    const dones = [chan<never>(), chan<never>(), chan<void>()] as const;
    const any = patterns.or(...dones);
    assert.equal(await isPending(any.recv()), true);
    dones[1].close();
    assert.deepEqual(await any.recvOk(), [undefined, false]);
    const sent = patterns.or(dones[0], dones[2]);
    await dones[2].send();
    assert.deepEqual(await sent.recvOk(), [undefined, false]);
  });

  test("P3 of one, of a context, of time; of none: nil", async () => {
    using clock = virtualClock();
    const [own, cancel] = context.withCancel(ctx);
    const any = patterns.or(own.done(), time.after(1000));
    await clock.advance(1000);
    assert.deepEqual(await any.recvOk(), [undefined, false]);
    const single = patterns.or(own.done());
    cancel();
    assert.deepEqual(await single.recvOk(), [undefined, false]);
    assert.equal(patterns.or(), nil);
  });
});

describe("heartbeat", () => {
  test("P3 beats until the work has ended; then the result, and both close", async () => {
    using clock = virtualClock();
    const [beat, result] = patterns.heartbeat(ctx, 100, async (own) => {
      await time.sleep(350, own);
      return "done";
    });
    const beats: number[] = [];
    go(async () => {
      for await (const _ of beat) beats.push(clock.now());
    });
    await clock.advance(1000);
    assert.deepEqual(beats, [100, 200, 300]);
    assert.deepEqual(await result.recvOk(), ["done", true]);
    assert.deepEqual(await result.recvOk(), [undefined, false]);
  });

  test("P3 a beat that nobody takes is kept, but one only; the work does not wait for whoever takes its result", async () => {
    using clock = virtualClock();
    const [beat, result] = patterns.heartbeat(ctx, 10, () => time.sleep(1000));
    await clock.advance(2000);
    assert.equal(beat.len, 1);
    assert.equal(result.len, 1);
  });
});

describe("queue", () => {
  test("P4 block: a sender waits for room, no longer than its context lets it", async () => {
    using clock = virtualClock();
    const q = patterns.queue<number>({ capacity: 1 });
    await q.send(1);
    const [soon] = context.withTimeout(ctx, 100);
    const late = assert.rejects(q.send(2, soon), (error) => error === context.deadlineExceeded);
    await clock.advance(100);
    await late;
    assert.deepEqual(q.drain(), [1]);
  });

  test("P4 dropNewest and dropOldest: a sender never waits, and what is dropped is told", async () => {
    for (const [onFull, kept, dropped] of [
      ["dropNewest", [1, 2], [3, 4, 5]],
      ["dropOldest", [4, 5], [1, 2, 3]],
    ] as const) {
      const gone: number[] = [];
      const q = patterns.queue<number>({ capacity: 2, onFull, onDrop: (n) => gone.push(n) });
      await q.send(1);
      await q.send(2);
      assert.equal(q.trySend(3), true);
      await q.send(4);
      const { select } = await import("gort");
      assert.equal((await select({ out: q.sending(5) })).case, "out");
      assert.deepEqual([q.len, q.cap], [2, 2]);
      q.close();
      assert.deepEqual(await patterns.collect(ctx, q), kept);
      assert.deepEqual(gone, dropped);
      await assert.rejects(q.send(6), { code: "ERR_SEND_ON_CLOSED_CHANNEL" });
      assert.throws(() => q.trySend(6), { code: "ERR_SEND_ON_CLOSED_CHANNEL" });
      assert.deepEqual(gone, dropped);
    }
  });

  test("P4 a receiver that waits is given the value, whatever the policy", async () => {
    for (const onFull of ["dropNewest", "dropOldest", "error"] as const) {
      const q = patterns.queue<number>({ capacity: 1, onFull });
      const received = q.recv();
      await q.send(1);
      assert.equal(await received, 1);
      assert.equal(q.len, 0);
    }
  });

  test("P4 error: a send to a full queue fails, a trySend is false, a select rejects", async () => {
    const q = patterns.queue<number>({ capacity: 1, onFull: "error" });
    await q.send(1);
    await assert.rejects(q.send(2), {
      name: "QueueFullError",
      code: "ERR_QUEUE_FULL",
      message: "queue is full: it holds 1",
    });
    assert.equal(q.trySend(2), false);
    const { select, trySelect } = await import("gort");
    await assert.rejects(select({ out: q.sending(2) }), patterns.QueueFullError);
    assert.throws(() => trySelect({ out: q.sending(2) }), patterns.QueueFullError);
    assert.deepEqual(q.drain(), [1]);
    await q.send(3);
    q.close();
    await assert.rejects(q.send(4), { code: "ERR_SEND_ON_CLOSED_CHANNEL" });
  });
});

describe("collect, forEach and mapAll", () => {
  test("P2 collect: the context's error, also when that is why the channel was closed", async () => {
    const [own, cancel] = context.withCancel(ctx);
    const slow = patterns.map(own, patterns.from(own, [1, 2, 3]), async (n, inner) =>
      n === 2 ? inner.done().recv() : n,
    );
    const all = patterns.collect(own, slow);
    await settle();
    cancel();
    await assert.rejects(all, (error) => error === context.canceled);
  });

  test("P7 forEach: rejects with the first error, after the rest has been cancelled and has ended", async () => {
    const boom = new Error("boom");
    const ended: number[] = [];
    const source = counter();
    const work = async (n: number, own: Context) => {
      if (n === 3) throw boom;
      await own.done().recv();
      assert.equal(context.cause(own), boom);
      await gosched();
      ended.push(n);
      throw new Error("another");
    };
    await assert.rejects(patterns.forEach(ctx, source, work, { limit: 3 }), (error) => error === boom);
    assert.deepEqual(ended, [1, 2]);
    assert.equal(source.asked, 3);
  });

  test("P8 forEach: a function that fails with the cause of the context: the context's error", async () => {
    for (const limit of [1, 3]) {
      const [own, cancel] = context.withCancelCause(ctx);
      const work = (_n: number, inner: Context) =>
        inner
          .done()
          .recv()
          .then(() => Promise.reject(context.cause(inner)));
      const done = patterns.forEach(own, [1, 2], work, { limit });
      await rest();
      cancel(new Error("enough"));
      await assert.rejects(done, (error) => error === context.canceled);
    }
  });

  test("P8 what has been done when the context ends is done", async () => {
    const [own, cancel] = context.withCancel(ctx);
    await patterns.forEach(own, [1], () => cancel());
    const [another, stop] = context.withCancel(ctx);
    assert.deepEqual(await patterns.mapAll(another, [1, 2], (n) => (n === 2 && stop(), n), { limit: 2 }), [1, 2]);
  });

  test("P7 forEach: one at a time, if no limit is given; the items' own error counts", async () => {
    let atWork = 0;
    const boom = new Error("boom");
    const items = async function* () {
      yield 1;
      yield 2;
      throw boom;
    };
    const done: number[] = [];
    const work = async (n: number) => {
      assert.equal(++atWork, 1);
      await gosched();
      atWork--;
      done.push(n);
    };
    await assert.rejects(patterns.forEach(ctx, items(), work), (error) => error === boom);
    assert.deepEqual(done, [1, 2]);
  });

  test("P2 mapAll: the results in the order of the items, whatever the order of ending", async () => {
    using clock = virtualClock();
    const delays = [30, 10, 20];
    const results = patterns.mapAll(ctx, delays, (ms) => time.sleep(ms).then(() => ms), { limit: Infinity });
    await clock.advance(30);
    assert.deepEqual(await results, delays);
    assert.deepEqual(await patterns.mapAll(ctx, [], () => 1), []);
    assert.deepEqual(await patterns.mapAll(ctx, patterns.from(ctx, [1, 2]), (n) => n * n, { limit: 1 }), [1, 4]);
  });

  test("P8 forEach and mapAll with a context that is done call nothing", async () => {
    const [done, cancel] = context.withCancel(ctx);
    cancel();
    const never = () => assert.fail("called");
    await assert.rejects(patterns.forEach(done, [1], never), (error) => error === context.canceled);
    await assert.rejects(patterns.mapAll(done, [1], never, { limit: 5 }), (error) => error === context.canceled);
    await assert.rejects(patterns.collect(done, [1]), (error) => error === context.canceled);
  });
});

describe("bad arguments are refused at the call, with the operation's name", () => {
  const input = chan<number>();
  const wrong = (x: unknown) => x as never;
  const cases: [call: () => unknown, message: RegExp][] = [
    [() => patterns.map(ctx, wrong([1]), (n) => n), /map: expected a channel, got an object \(Array\); from\(ctx, …\)/],
    [() => patterns.map(ctx, input, wrong(undefined)), /map: expected a function, got undefined/],
    [() => patterns.map(ctx, input, (n) => n, { workers: 0 }), /map: workers must be an integer >= 1, got 0/],
    [() => patterns.map(ctx, input, (n) => n, { buffer: -1 }), /capacity must be an integer >= 0, got -1/],
    [() => patterns.map(wrong(undefined), input, (n) => n), /nil parent/],
    [() => patterns.map(wrong(new AbortController().signal), input, (n) => n), /context\.fromSignal/],
    [() => patterns.filter(ctx, wrong(null), () => true), /filter: expected a channel, got null/],
    [() => patterns.take(ctx, input, 1.5), /take: n must be an integer >= 0, got 1\.5/],
    [() => patterns.batch(ctx, input, {}), /batch: expected a size, or every/],
    [() => patterns.batch(ctx, input, { size: 0 }), /size must be an integer >= 1, got 0/],
    [
      () => patterns.batch(ctx, input, { every: Number.NaN }),
      /every must be a number of milliseconds above 0, got NaN/,
    ],
    [() => patterns.fanOut(ctx, input, 0), /fanOut: n must be/],
    [() => patterns.fanIn(ctx, input, wrong({})), /fanIn: expected a channel/],
    [() => patterns.broadcast(ctx, input, -1), /broadcast: n must be/],
    [() => patterns.or(input, wrong(1)), /or: expected a channel, got number/],
    [() => patterns.heartbeat(ctx, 0, () => 1), /heartbeat: every must be/],
    [() => patterns.queue({ capacity: 0 }), /capacity must be an integer >= 1, got 0/],
    [() => patterns.queue({ capacity: Infinity }), /capacity must be finite/],
    [() => patterns.queue({ capacity: 1, onFull: wrong("drop") }), /onFull must be .* got drop/],
    [() => patterns.from(ctx, wrong(5)), /from: expected a channel, an iterable.* got number/],
    [() => patterns.pipeline(ctx, wrong(null)), /got null/],
    [() => patterns.generate(ctx, wrong(1)), /generate: expected a function/],
  ];
  for (const [call, message] of cases) {
    test(String(message), () => {
      assert.throws(call, message);
    });
  }
  test("those that give a promise reject", async () => {
    await assert.rejects(
      patterns.forEach(ctx, wrong(5), () => {}),
      /forEach: expected a channel, an iterable/,
    );
    await assert.rejects(patterns.mapAll(ctx, [1], wrong(undefined)), /mapAll: expected a function/);
    await assert.rejects(
      patterns.forEach(ctx, [1], () => {}, { limit: 0 }),
      /forEach: limit must be/,
    );
    await assert.rejects(patterns.collect(ctx, wrong(undefined)), /collect: expected/);
    await assert.rejects(patterns.collect(wrong(undefined), [1]), /nil parent/);
  });
});
