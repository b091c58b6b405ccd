import assert from "node:assert/strict";
import { test } from "node:test";
import { type Context } from "gort";
import * as context from "gort/context";
import * as rate from "gort/rate";
import * as time from "gort/time";
import { isPending, settle } from "../support/settle.js";
import { numbers, stressSeed } from "../support/seed.js";
import { epoch, virtualClock } from "../support/virtual.js";

const bg = context.background();

/** The time in which one token comes at a limit of 10, and the times t0, t1, … in steps of that. */
const d = 100;
const t = (k: number) => epoch + k * d;

/** A test on a clock that stands still. */
function onClock(title: string, f: () => unknown): void {
  void test(title, async () => {
    using clock = virtualClock();
    await f();
    assert.equal(clock.next, Infinity);
  });
}

/** At a time (in steps), with so many tokens: may n events happen? */
type Allow = [k: number, tokens: number, n: number, ok: boolean];

function checkAllows(lim: rate.Limiter, table: readonly Allow[]): void {
  for (const [i, [k, tokens, n, ok]] of table.entries()) {
    assert.equal(lim.tokensAt(t(k)), tokens, `tokens at step ${i}`);
    assert.equal(lim.allowN(t(k), n), ok, `step ${i}`);
  }
}

/** Reserves n at a time, for another time (both in steps). */
function reserve(lim: rate.Limiter, at: number, n: number, actsAt: number): rate.Reservation {
  const r = lim.reserveN(t(at), n);
  assert.equal(r.ok, true);
  assert.equal(r.delayFrom(t(0)), actsAt * d);
  assert.equal(r.delayFrom(t(at)), (actsAt - at) * d);
  return r;
}

test("RL-1 every(ms) is the limit in events a second; nothing between events is no limit", () => {
  for (const [ms, limit] of [
    [0, rate.inf],
    [-1, rate.inf],
    [-Infinity, rate.inf],
    [time.nanosecond, 1e9],
    [time.microsecond, 1e6],
    [time.millisecond, 1000],
    [10 * time.millisecond, 100],
    [100 * time.millisecond, 10],
    [time.second, 1],
    [2 * time.second, 0.5],
    [2.5 * time.second, 0.4],
    [4 * time.second, 0.25],
    [10 * time.second, 0.1],
    [Infinity, 0],
  ] as const) {
    const got = rate.every(ms);
    assert.ok(got === limit || Math.abs(got - limit) / limit < 1e-12, `every(${ms}) is ${got}`);
  }
  assert.notEqual(10, rate.inf);
});

onClock("RL-2 with a burst of 1, one event a step; a refused request takes nothing", () => {
  checkAllows(new rate.Limiter(10, 1), [
    [0, 1, 2, false],
    [0, 1, 1, true],
    [0, 0, 1, false],
    [0, 0, 2, false],
    [1, 1, 2, false],
    [1, 1, 1, true],
    [1, 0, 1, false],
    [2, 1, 1, true],
    [2, 0, 1, false],
    [4, 1, 2, false],
    [4, 1, 1, true],
  ]);
});

onClock("RL-3 with a burst of 3, tokens gather up to 3; nothing may always happen", () => {
  checkAllows(new rate.Limiter(10, 3), [
    [0, 3, 2, true],
    [0, 1, 2, false],
    [0, 1, 1, true],
    [0, 0, 0, true],
    [0, 0, 1, false],
    [1, 1, 4, false],
    [1, 1, 1, true],
    [1, 0, 1, false],
    [2, 1, 1, true],
    [2, 0, 1, false],
    [5, 3, 4, false],
    [5, 3, 3, true],
    [5, 0, 0, true],
    [5, 0, 1, false],
    [99, 3, 1, true],
  ]);
});

onClock("RL-4 time that goes back brings no tokens and takes none", () => {
  checkAllows(new rate.Limiter(10, 3), [
    [1, 3, 1, true],
    [0, 2, 1, true],
    [0, 1, 1, true],
    [0, 0, 1, false],
    [1, 1, 1, true],
    [1, 0, 1, false],
    [2, 1, 1, true],
    [2, 0, 1, false],
  ]);
});

onClock("RL-5 fractions are not cut off: a full bucket always allows what it holds", () => {
  assert.equal(new rate.Limiter(0.7692307692307693, 1).allow(), true);
});

test("RL-5 after exactly the delay that was told, the event may happen, however odd the limit", () => {
  const seed = stressSeed();
  const random = numbers(seed);
  for (const limit of [0.7692307692307693, 3, 7, 1e-3, 1 / 3, 999.9, 1e5, 1 + random(1e6) / 997]) {
    using clock = virtualClock();
    clock.skip(random(1e9) + random(1000) / 997);
    const lim = new rate.Limiter(limit, 1);
    assert.equal(lim.allow(), true);
    for (let i = 0; i < 500; i++) {
      const r = lim.reserve();
      const delay = r.delay();
      assert.ok(Math.abs(delay - 1000 / limit) < 1e-3, `${delay} ms at ${limit}, round ${i}, seed ${seed}`);
      r.cancel();
      clock.skip(delay);
      assert.equal(lim.allow(), true, `${limit} a second, round ${i}, seed ${seed}`);
      assert.equal(lim.allow(), false);
    }
  }
});

onClock("RL-6 of fifteen requests at once, as many as the burst may happen", () => {
  const lim = new rate.Limiter(10, 5);
  assert.equal(Array.from({ length: 15 }, () => lim.allow()).filter(Boolean).length, 5);
});

test("RL-7 over five seconds at 100 a second, tried every 2 ms, it is the burst and what has come, exactly", () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(100, 100);
  let allowed = 0;
  for (; clock.now() < 5000; clock.skip(2)) if (lim.allow()) allowed++;
  assert.equal(allowed, 599); // at 4,998 ms, 100 + 499.8 tokens have been there
});

onClock("RL-8 reserve takes tokens from the future, and tells when they will have come", () => {
  const lim = new rate.Limiter(10, 2);
  reserve(lim, 0, 2, 0);
  reserve(lim, 0, 2, 2);
  assert.equal(lim.tokensAt(t(0)), -2);
  reserve(lim, 3, 2, 4);
  assert.equal(lim.tokensAt(t(3)), -1);
});

onClock(
  "RL-9 a reservation of more than the burst is not ok and changes nothing; nothing is allowed before debts are paid",
  () => {
    const lim = new rate.Limiter(10, 2);
    assert.equal(lim.reserveN(t(1), 3).ok, false);
    reserve(lim, 0, 2, 0);
    reserve(lim, 1, 2, 2);
    checkAllows(lim, [
      [1, -1, 1, false],
      [1, -1, 2, false],
    ]);
    reserve(lim, 1, 1, 3);
    checkAllows(lim, [
      [3, 0, 1, false],
      [4, 1, 1, true],
    ]);
  },
);

onClock("RL-10 cancelling a reservation that is not ok does nothing", () => {
  const lim = new rate.Limiter(10, 2);
  reserve(lim, 0, 2, 0);
  const r = lim.reserveN(t(1), 3);
  assert.equal(r.ok, false);
  r.cancelAt(t(1));
  r.cancel();
  assert.equal(lim.tokensAt(t(1)), 1);
  reserve(lim, 1, 2, 2);
});

onClock("RL-11 cancelling the last reservation gives all its tokens back", () => {
  const lim = new rate.Limiter(10, 2);
  reserve(lim, 0, 2, 0);
  const r = reserve(lim, 1, 2, 2);
  r.cancelAt(t(1));
  assert.equal(lim.tokensAt(t(1)), 1);
  reserve(lim, 1, 2, 2);
});

onClock("RL-12 cancelling after the time to act has no effect; at that time it still has", () => {
  const late = new rate.Limiter(10, 2);
  reserve(late, 0, 2, 0);
  reserve(late, 1, 2, 2).cancelAt(t(3));
  assert.equal(late.tokensAt(t(3)), 1);

  const inTime = new rate.Limiter(10, 2);
  reserve(inTime, 0, 2, 0);
  reserve(inTime, 1, 2, 2).cancelAt(t(2));
  assert.equal(inTime.tokensAt(t(2)), 2);
});

onClock("RL-13 cancelling gives back nothing if as much has been reserved after it", () => {
  const lim = new rate.Limiter(10, 2);
  reserve(lim, 0, 2, 0);
  const r = reserve(lim, 1, 1, 1);
  reserve(lim, 1, 1, 2);
  r.cancelAt(t(1));
  assert.equal(lim.tokensAt(t(1)), -1);
  reserve(lim, 1, 1, 3);
});

onClock("RL-13 cancelling gives back what has not been reserved after it", () => {
  const lim = new rate.Limiter(10, 2);
  reserve(lim, 0, 2, 0);
  const r = reserve(lim, 1, 2, 2);
  reserve(lim, 2, 1, 3);
  r.cancelAt(t(2));
  assert.equal(lim.tokensAt(t(2)), 0);
  reserve(lim, 2, 2, 4);
});

onClock("RL-13 of several, the last cancelled first gives back more than the other way round", () => {
  const three = () => {
    const lim = new rate.Limiter(10, 4);
    reserve(lim, 0, 4, 0);
    const [a, , c] = [reserve(lim, 0, 3, 3), reserve(lim, 0, 1, 4), reserve(lim, 0, 1, 5)];
    return { lim, a, c };
  };
  const last = three();
  last.c.cancelAt(t(1)); // 1 back; the last event is at t4 now
  assert.equal(last.lim.tokensAt(t(1)), -3);
  last.a.cancelAt(t(1)); // 3, less the 1 of b
  assert.equal(last.lim.tokensAt(t(1)), -1);
  reserve(last.lim, 1, 1, 3);

  const first = three();
  first.a.cancelAt(t(1)); // 3, less those of b and c
  assert.equal(first.lim.tokensAt(t(1)), -3);
  first.c.cancelAt(t(1));
  assert.equal(first.lim.tokensAt(t(1)), -2);
  reserve(first.lim, 1, 1, 4);
});

onClock("RL-13 what has been given back is not given back again", () => {
  const lim = new rate.Limiter(10, 5);
  reserve(lim, 0, 5, 0);
  const r = reserve(lim, 0, 2, 2);
  r.cancelAt(t(0));
  r.cancelAt(t(0));
  assert.equal(lim.tokensAt(t(0)), 0);
  const early = reserve(lim, 0, 2, 2);
  const later = reserve(lim, 0, 2, 4);
  early.cancelAt(t(0)); // nothing yet: all of it is relied upon
  assert.equal(lim.tokensAt(t(0)), -4);
  later.cancelAt(t(0));
  early.cancelAt(t(0));
  assert.equal(lim.tokensAt(t(0)), 0);
});

onClock("RL-14 a reservation at an earlier time may break the limit, and the state stays sane", () => {
  const lim = new rate.Limiter(10, 2);
  reserve(lim, 1, 2, 1);
  reserve(lim, 0, 1, 1);
  reserve(lim, 2, 2, 3);
  assert.equal(lim.tokensAt(t(2)), -1);
});

onClock("RL-14 a request at an earlier time that fails leaves everything as it was", () => {
  const lim = new rate.Limiter(10, 2);
  reserve(lim, 1, 2, 1);
  assert.equal(lim.reserveN(t(0), 3).ok, false);
  assert.equal(lim.allowN(t(0), 1), false);
  assert.equal(lim.tokensAt(t(1)), 0);
  assert.equal(lim.tokensAt(t(2)), 1);
  reserve(lim, 2, 2, 3);
});

onClock("RL-15 cancelling at an earlier time gives back what is due, and the next keeps to it", () => {
  const lim = new rate.Limiter(10, 2);
  reserve(lim, 1, 2, 1);
  const r = reserve(lim, 1, 2, 3);
  reserve(lim, 1, 1, 4);
  r.cancelAt(t(0)); // 1 back, and the time goes back: a token comes by t1 once more
  assert.equal(lim.tokensAt(t(0)), -2);
  reserve(lim, 1, 2, 4);
});

onClock("RL-16 a new limit counts from its time on: what came before has come, what is reserved keeps its time", () => {
  const lim = new rate.Limiter(5, 2);
  reserve(lim, 0, 2, 0);
  const r = reserve(lim, 0, 2, 4);
  lim.setLimitAt(t(2), 10);
  assert.equal(lim.limit(), 10);
  assert.equal(lim.tokensAt(t(2)), -1);
  assert.equal(r.delayFrom(t(2)), 2 * d);
  reserve(lim, 2, 1, 4);
});

onClock("RL-16 a new burst counts from its time on", () => {
  const lim = new rate.Limiter(5, 2);
  reserve(lim, 0, 2, 0);
  reserve(lim, 0, 2, 4);
  lim.setBurstAt(t(3), 4);
  assert.equal(lim.burst(), 4);
  assert.equal(lim.tokensAt(t(3)), -0.5);
  reserve(lim, 0, 4, 9);
});

onClock("RL-16 a smaller burst spills what does not fit", () => {
  const lim = new rate.Limiter(10, 5);
  lim.setBurst(2);
  assert.equal(lim.tokens(), 2);
  assert.equal(lim.reserveN(t(0), 3).ok, false);
});

onClock("RL-16 cancelling after a change of the limit gives back by the limit of the reservation", () => {
  const lim = new rate.Limiter(5, 2);
  reserve(lim, 0, 2, 0);
  const r = reserve(lim, 0, 2, 4);
  lim.setLimitAt(t(2), 10);
  r.cancelAt(t(2));
  assert.equal(lim.tokensAt(t(2)), 1);
  reserve(lim, 2, 2, 3);
});

/** Waits, and gives how long that took on the virtual clock, or the error. */
async function waited(clock: { now(): number }, wait: Promise<void>): Promise<unknown> {
  const began = clock.now();
  try {
    await wait;
    return clock.now() - began;
  } catch (error) {
    return error;
  }
}

test("RL-18 wait waits until the tokens have come", async () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(10, 3);
  assert.equal(await waited(clock, lim.waitN(bg, 2)), 0);
  assert.equal(await waited(clock, lim.wait(bg)), 0);
  const two = waited(clock, lim.waitN(bg, 2));
  await clock.advance(2 * d - 0.001);
  assert.equal(await isPending(two), true);
  await clock.advance(0.001);
  assert.equal(await two, 2 * d);
});

test("RL-18 those who wait go one after the other, a step apart", async () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(10, 1);
  const went: number[] = [];
  const all = Array.from({ length: 5 }, () => lim.wait(bg).then(() => went.push(clock.now())));
  await clock.advance(4 * d);
  await Promise.all(all);
  assert.deepEqual(went, [0, d, 2 * d, 3 * d, 4 * d]);
});

onClock("RL-18 wait fails at once if its context is done, and takes nothing", async () => {
  const lim = new rate.Limiter(10, 3);
  const [ctx, cancel] = context.withCancel(bg);
  cancel();
  await assert.rejects(lim.wait(ctx), (e) => e === context.canceled);
  await assert.rejects(lim.wait(AbortSignal.abort("stop")), (e) => e === "stop");
  assert.equal(lim.tokens(), 3);
});

onClock("RL-18 wait for more than the burst fails at once", async () => {
  const lim = new rate.Limiter(10, 3);
  await assert.rejects(lim.waitN(bg, 4), { name: "Error", message: "rate: Wait(n=4) exceeds limiter's burst 3" });
  assert.equal(lim.tokens(), 3);
});

test("RL-19 a wait that is cancelled gives its tokens back", async () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(10, 3);
  const [ctx, cancel] = context.withCancel(bg);
  await lim.waitN(ctx, 2);
  const three = lim.waitN(ctx, 3);
  await clock.advance(d);
  assert.equal(await isPending(three), true);
  assert.equal(lim.tokens(), -1);
  cancel();
  await assert.rejects(three, (e) => e === context.canceled);
  assert.equal(lim.tokens(), 2);

  const stop = new AbortController();
  await lim.waitN(bg, 2);
  const one = lim.wait(stop.signal);
  await settle();
  stop.abort("stop");
  await assert.rejects(one, (e) => e === "stop");
  assert.equal(lim.tokens(), 0);
});

test("RL-17 RL-20 a wait that would go beyond the deadline fails at once, and takes nothing", async () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(10, 3);
  const [ctx, cancel] = context.withTimeout(bg, 1.5 * d);
  await lim.waitN(ctx, 2);
  await assert.rejects(lim.waitN(ctx, 3), { name: "Error", message: "rate: Wait(n=3) would exceed context deadline" });
  assert.equal(lim.tokens(), 1);
  const two = lim.waitN(ctx, 2);
  await clock.advance(d);
  await two;
  cancel();
  const [never, stop] = context.withTimeout(bg, Infinity);
  const next = lim.waitN(never, 3);
  await clock.advance(3 * d);
  await next;
  stop();
});

test("RL-21 without a limit everything may happen, whatever the burst", async () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(rate.inf, 0);
  for (let i = 0; i < 100; i++) assert.equal(lim.allowN(t(0), 1e9), true);
  assert.equal(lim.reserve().delay(), 0);
  assert.equal(await waited(clock, lim.waitN(bg, 1e9)), 0);
  assert.equal(lim.tokens(), 0);
  const [ctx, cancel] = context.withCancel(bg);
  cancel();
  await assert.rejects(lim.wait(ctx), (e) => e === context.canceled);
});

test("RL-21 a limit set where there was none begins with what the burst holds", () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(rate.inf, 2);
  assert.equal(lim.tokens(), 2);
  const free = lim.reserveN(t(0), 2);
  lim.setLimit(10);
  assert.equal(lim.allowN(t(0), 2), true);
  assert.equal(lim.allow(), false);
  free.cancel(); // has taken nothing
  assert.equal(lim.tokens(), 0);
  clock.skip(d);
  assert.equal(lim.allow(), true);
  lim.setLimit(rate.inf);
  assert.equal(lim.tokens(), 0);
  clock.skip(1);
  assert.equal(lim.tokens(), 2);
});

test("RL-22 with a limit of 0, what the burst holds and never again", async () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(0, 1);
  assert.equal(lim.allow(), true);
  clock.skip(365 * 24 * time.hour);
  assert.equal(lim.allow(), false);
  const [ctx, cancel] = context.withTimeout(bg, 1000 * time.hour);
  await assert.rejects(lim.wait(ctx), { message: "rate: Wait(n=1) would exceed context deadline" });
  cancel();
});

test("RL-22 a limit set after 0 counts from then on", () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(0, 1);
  assert.equal(lim.allow(), true);
  clock.skip(time.hour);
  lim.setLimit(10);
  assert.equal(lim.allow(), false);
  clock.skip(d);
  assert.equal(lim.allow(), true);
});

test("RL-23 a tiny limit means a wait for ages, and leaves no nonsense behind", () => {
  for (const limit of [0, 1e-10, 1e-300, Number.MIN_VALUE]) {
    using clock = virtualClock();
    const lim = new rate.Limiter(limit, 1);
    assert.equal(lim.allow(), true);
    const r = lim.reserve();
    assert.equal(r.ok, true);
    assert.ok(r.delay() > 300 * 365 * 24 * time.hour, `${r.delay()} at ${limit}`);
    assert.equal(lim.allow(), false);
    const next = lim.reserve();
    r.cancel();
    next.cancel();
    assert.ok(lim.tokens() <= 1, `${lim.tokens()} tokens at ${limit}`);
    lim.setLimit(10);
    clock.skip(10 * d);
    assert.equal(lim.tokens(), 1);
  }
});

onClock("RL-23 a wait that will never end ends with its context, and gives its token back", async () => {
  const lim = new rate.Limiter(0, 1);
  await lim.wait(bg);
  const [ctx, cancel] = context.withCancel(bg);
  const waiting = lim.wait(ctx);
  assert.equal(await isPending(waiting), true);
  cancel();
  await assert.rejects(waiting, (e) => e === context.canceled);
  assert.equal(lim.tokens(), 0);
});

onClock("RL-24 a limiter of nothing rejects everything but nothing", async () => {
  const lim = new rate.Limiter(0, 0);
  assert.equal(lim.allow(), false);
  assert.equal(lim.reserve().ok, false);
  assert.equal(lim.allowN(t(0), 0), true);
  await assert.rejects(lim.wait(bg), { message: "rate: Wait(n=1) exceeds limiter's burst 0" });
});

test("RL-25 a reservation tells its delay: Infinity if it is not ok, 0 when it is due; cancel cancels as from now", () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(10, 2);
  const no = lim.reserveN(t(0), 3);
  assert.deepEqual([no.ok, no.delay(), no.delayFrom(t(9))], [false, Infinity, Infinity]);
  assert.equal(lim.reserve().delay(), 0);
  lim.reserve();
  const r = lim.reserve();
  assert.equal(r.delay(), d);
  assert.equal(r.delayFrom(new Date(t(-1))), 2 * d);
  clock.skip(0.75 * d);
  assert.equal(r.delay(), 0.25 * d);
  r.cancel();
  assert.equal(lim.tokens(), 0.75);
  clock.skip(d);
  assert.equal(r.delay(), 0);
});

test("the methods without a time look at the clock; those with one take a date or milliseconds of the wall clock", () => {
  using clock = virtualClock();
  const lim = new rate.Limiter(10, 1);
  assert.equal(lim.allowN(new Date(t(0)), 1), true);
  assert.equal(lim.allow(), false);
  clock.skip(d);
  assert.equal(lim.tokens(), 1);
  assert.equal(lim.tokensAt(new Date(t(0.5))), 0.5);
  assert.equal(lim.allow(), true);
  assert.equal(lim.reserveN(new Date(t(1)), 1).delayFrom(t(1)), d);
  assert.equal(lim.limit(), 10);
  assert.equal(lim.burst(), 1);
});

onClock(
  "limits, bursts, amounts and times that make no sense are refused with place and value, and change nothing",
  async () => {
    const range = (message: string) => ({ name: "RangeError", message });
    const lim = new rate.Limiter(10, 1);
    for (const bad of [-1, NaN, -Infinity, "1" as unknown as number]) {
      const limit = range(`rate: limit must be a number >= 0, got ${bad}`);
      assert.throws(() => new rate.Limiter(bad, 1), limit);
      assert.throws(() => lim.setLimit(bad), limit);
      assert.throws(() => lim.setLimitAt(t(0), bad), limit);
    }
    for (const bad of [-1, 0.5, NaN, Infinity, "1" as unknown as number]) {
      const burst = range(`rate: burst must be an integer >= 0, got ${bad}`);
      assert.throws(() => new rate.Limiter(1, bad), burst);
      assert.throws(() => lim.setBurst(bad), burst);
      assert.throws(() => lim.setBurstAt(t(0), bad), burst);
      const n = range(`rate: n must be an integer >= 0, got ${bad}`);
      assert.throws(() => lim.allowN(t(0), bad), n);
      assert.throws(() => lim.reserveN(t(0), bad), n);
      await assert.rejects(lim.waitN(bg, bad), n);
    }
    const r = lim.reserveN(t(0), 0);
    for (const bad of [NaN, Infinity, new Date(NaN), undefined as unknown as Date, "now" as unknown as Date]) {
      const when = { name: "TypeError", message: `rate: a time must be a valid Date or a number, got ${String(bad)}` };
      assert.throws(() => lim.allowN(bad, 1), when);
      assert.throws(() => lim.reserveN(bad, 1), when);
      assert.throws(() => lim.setLimitAt(bad, 1), when);
      assert.throws(() => lim.setBurstAt(bad, 1), when);
      assert.throws(() => lim.tokensAt(bad), when);
      assert.throws(() => r.delayFrom(bad), when);
      assert.throws(() => r.cancelAt(bad), when);
    }
    await assert.rejects(lim.wait(undefined as unknown as Context), {
      name: "TypeError",
      message: /ctx must be a Context/,
    });
    assert.throws(() => rate.every(NaN), range("rate: every: expected a number of milliseconds, got NaN"));
    assert.deepEqual([lim.limit(), lim.burst(), lim.tokens()], [10, 1, 1]);
  },
);
