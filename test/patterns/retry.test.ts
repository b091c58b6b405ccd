// retry and CircuitBreaker, on a clock that stands still.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { GoPanic } from "gort";
import * as context from "gort/context";
import * as patterns from "gort/patterns";
import { rest, virtualClock } from "../support/virtual.js";

const ctx = context.background();
const boom = new Error("boom");

describe("retry", () => {
  test("P10 calls until it succeeds; each wait is twice the one before", async () => {
    using clock = virtualClock();
    const calls: [attempt: number, at: number][] = [];
    const result = patterns.retry(
      ctx,
      (own, attempt) => {
        assert.equal(own, ctx);
        calls.push([attempt, clock.now()]);
        if (attempt < 4) throw boom;
        return "done";
      },
      { attempts: 5, backoff: 10 },
    );
    await clock.advance(1000);
    assert.equal(await result, "done");
    assert.deepEqual(calls, [
      [1, 0],
      [2, 10],
      [3, 30],
      [4, 70],
    ]);
  });

  test("P10 rejects with the last error when the attempts are used up: three, if not given", async () => {
    using clock = virtualClock();
    let calls = 0;
    const result = patterns.retry(ctx, () => Promise.reject(new Error(`call ${++calls}`)));
    const rejected = assert.rejects(result, /^Error: call 3$/);
    await clock.advance(300);
    await rejected;
  });

  test("P10 a function says how long to wait; jitter takes off at most its part", async () => {
    using clock = virtualClock();
    const times: number[] = [];
    const options = { attempts: 4, backoff: (failed: number) => failed * 100, jitter: 0.5 };
    const rejected = assert.rejects(
      patterns.retry(ctx, () => (times.push(clock.now()), Promise.reject(boom)), options),
    );
    await clock.advance(1000);
    await rejected;
    const waits = times.slice(1).map((t, i) => t - (times[i] as number));
    waits.forEach((wait, i) => assert.ok(wait > (i + 1) * 50 && wait <= (i + 1) * 100, String(waits)));
    assert.ok(
      waits.some((wait, i) => wait < (i + 1) * 100),
      "chance had its part",
    );
  });

  test("P10 retryIf says no, or a GoPanic: no other attempt", async () => {
    let calls = 0;
    await assert.rejects(
      patterns.retry(ctx, () => (calls++, Promise.reject(boom)), { retryIf: (error) => error !== boom }),
      boom,
    );
    await assert.rejects(
      patterns.retry(ctx, () => (calls++, Promise.reject(new GoPanic("oops", "ERR_OOPS")))),
      /oops/,
    );
    assert.equal(calls, 2);
  });

  test("P8 the context is done: rejects with its error, before, during and between the calls", async () => {
    using clock = virtualClock();
    const isDeadline = (error: unknown) => error === context.deadlineExceeded;
    const [soon] = context.withTimeout(ctx, 50);
    let calls = 0;
    const between = assert.rejects(
      patterns.retry(soon, () => (calls++, Promise.reject(boom)), { backoff: 1000 }),
      isDeadline,
    );
    const during = assert.rejects(
      patterns.retry(soon, (own) =>
        own
          .done()
          .recv()
          .then(() => Promise.reject(own.signal.reason)),
      ),
      isDeadline,
    );
    await clock.advance(50);
    await Promise.all([between, during]);
    await assert.rejects(
      patterns.retry(soon, () => calls++),
      isDeadline,
    );
    assert.equal(calls, 1);
    const [own, cancel] = context.withCancelCause(ctx);
    const untilDone = (inner: context.Context) =>
      inner
        .done()
        .recv()
        .then(() => Promise.reject(context.cause(inner)));
    const last = patterns.retry(own, untilDone, { attempts: 1 });
    cancel(boom);
    await assert.rejects(last, (error) => error === context.canceled);
  });

  test("P10 bad options are refused", async () => {
    await assert.rejects(
      patterns.retry(ctx, () => 1, { attempts: 0 }),
      /attempts must be an integer >= 1, got 0/,
    );
    await assert.rejects(
      patterns.retry(ctx, () => 1, { jitter: 2 }),
      /jitter must be from 0 to 1, got 2/,
    );
    await assert.rejects(
      patterns.retry(ctx, () => 1, { backoff: -1 }),
      /backoff must be/,
    );
  });
});

describe("CircuitBreaker", () => {
  const fails = () => Promise.reject(boom);
  const works = () => "ok";
  const isBoom = (error: unknown) => error === boom;

  test("P10 opens after so many failures in a row, refuses, and tries again after a while", async () => {
    using clock = virtualClock();
    const breaker = new patterns.CircuitBreaker({ failures: 2, resetAfter: 100 });
    await assert.rejects(breaker.run(ctx, fails), isBoom);
    assert.equal(await breaker.run(ctx, works), "ok"); // not in a row any more
    await assert.rejects(breaker.run(ctx, fails), isBoom);
    assert.equal(breaker.state, "closed");
    await assert.rejects(breaker.run(ctx, fails), isBoom);
    assert.equal(breaker.state, "open");
    clock.skip(40);
    const refused = { name: "CircuitOpenError", code: "ERR_CIRCUIT_OPEN", retryAfter: 60 };
    await assert.rejects(
      breaker.run(ctx, () => assert.fail("called")),
      refused,
    );
    clock.skip(60);
    assert.equal(breaker.state, "half-open");
    await assert.rejects(breaker.run(ctx, fails), isBoom);
    assert.equal(breaker.state, "open");
    clock.skip(100);
    assert.equal(await breaker.run(ctx, works), "ok");
    assert.equal(breaker.state, "closed");
  });

  test("P10 half open, it lets so many calls through, and closes when all of them have succeeded", async () => {
    using clock = virtualClock();
    const breaker = new patterns.CircuitBreaker({ failures: 1, resetAfter: 100, halfOpen: 2 });
    await assert.rejects(breaker.run(ctx, fails), isBoom);
    clock.skip(100);
    const { chan } = await import("gort");
    const gate = chan<void>();
    const trials = [breaker.run(ctx, () => gate.recv()), breaker.run(ctx, () => gate.recv())];
    await assert.rejects(breaker.run(ctx, works), { code: "ERR_CIRCUIT_OPEN", retryAfter: 0 });
    await gate.send();
    await trials[0];
    assert.equal(breaker.state, "half-open");
    await gate.send();
    await trials[1];
    assert.equal(breaker.state, "closed");
  });

  test("P10 a call counts only in the state that it began in", async () => {
    using clock = virtualClock();
    const breaker = new patterns.CircuitBreaker({ failures: 1, resetAfter: 100 });
    const { chan } = await import("gort");
    const gate = chan<void>();
    const slowSuccess = breaker.run(ctx, () => gate.recv());
    const slowToo = breaker.run(ctx, () => gate.recv());
    const another = chan<void>();
    const slowFailure = breaker.run(ctx, () => gate.recv().then(fails));
    await assert.rejects(breaker.run(ctx, fails), isBoom);
    await gate.send();
    await slowSuccess;
    assert.equal(breaker.state, "open");
    clock.skip(100);
    const trial = breaker.run(ctx, () => another.recv());
    await gate.send(); // the second of the slow ones succeeds, but is not the trial
    await slowToo;
    assert.equal(breaker.state, "half-open");
    await another.send();
    await trial;
    assert.equal(breaker.state, "closed");
    const failed = assert.rejects(slowFailure, isBoom);
    await gate.send();
    await failed;
    assert.equal(breaker.state, "closed");
  });

  test("P10 a cancelled call counts neither way and gives its place back; one that ran out of time has failed", async () => {
    using clock = virtualClock();
    const breaker = new patterns.CircuitBreaker({ failures: 1, resetAfter: 100 });
    const untilDone = (own: context.Context) =>
      own
        .done()
        .recv()
        .then(() => Promise.reject(own.err()));
    const [own, cancel] = context.withCancel(ctx);
    const cancelled = assert.rejects(breaker.run(own, untilDone), (error) => error === context.canceled);
    cancel();
    await cancelled;
    assert.equal(breaker.state, "closed");
    await assert.rejects(
      breaker.run(own, () => assert.fail("called")),
      (error) => error === context.canceled,
    );

    const [soon] = context.withTimeout(ctx, 10);
    const late = assert.rejects(breaker.run(soon, untilDone), (error) => error === context.deadlineExceeded);
    await clock.advance(10);
    await late;
    assert.equal(breaker.state, "open");

    clock.skip(100);
    const [again, stop] = context.withCancel(ctx);
    const trial = assert.rejects(breaker.run(again, untilDone));
    stop();
    await trial;
    assert.equal(await breaker.run(ctx, works), "ok");
    await rest();
  });

  test("P10 bad options are refused", () => {
    assert.throws(() => new patterns.CircuitBreaker({ failures: 0 }), /failures must be an integer >= 1, got 0/);
    assert.throws(() => new patterns.CircuitBreaker({ resetAfter: -1 }), /resetAfter must be/);
    assert.throws(() => new patterns.CircuitBreaker({ halfOpen: 0 }), /halfOpen must be/);
  });
});
