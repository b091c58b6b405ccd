import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, GoPanic, select } from "gort";
import * as time from "gort/time";
import { isPending } from "../support/settle.js";
import { epoch, virtualClock } from "../support/virtual.js";

test("TM-37 a ticker ticks at its interval, reset changes it, and after stop nothing comes", async () => {
  using clock = virtualClock();
  const ticker = new time.Ticker(10);
  const ticks: number[] = [];
  go(async () => {
    for await (const at of ticker.c) {
      assert.equal(at.getTime(), epoch + clock.now());
      ticks.push(clock.now());
    }
  });
  await clock.advance(50);
  ticker.reset(20);
  await clock.advance(60);
  ticker.stop();
  await clock.advance(1000);
  assert.deepEqual(ticks, [10, 20, 30, 40, 50, 70, 90, 110]);
});

test("TM-38 stop does not close the channel", async () => {
  using clock = virtualClock();
  const ticker = new time.Ticker(10);
  const read = ticker.c.recvOk();
  ticker.stop();
  await clock.advance(100);
  assert.equal(await isPending(read), true);
  assert.equal(ticker.c.tryRecv(), undefined);
});

test("TM-39 a slow receiver finds one tick, not those it missed, and the phase is kept", async () => {
  using clock = virtualClock();
  const ticker = new time.Ticker(10);
  await clock.advance(35);
  assert.equal((await ticker.c.recv())?.getTime(), epoch + 10);
  assert.equal(ticker.c.tryRecv(), undefined);
  await clock.advance(4);
  assert.equal(ticker.c.tryRecv(), undefined);
  await clock.advance(1);
  assert.equal((await ticker.c.recv())?.getTime(), epoch + 40);
});

test("TM-39 a thread that was busy for long does not shift the phase", async () => {
  using clock = virtualClock();
  const ticker = new time.Ticker(10);
  const ticks: number[] = [];
  go(async () => {
    for await (const at of ticker.c) ticks.push(at.getTime() - epoch);
  });
  await clock.advance(10);
  clock.skip(27); // now 37
  await clock.advance(13);
  ticker.stop();
  assert.deepEqual(ticks, [10, 20, 40, 50]);
});

test("TM-40 an interval of zero or less panics, in the constructor and in reset", () => {
  for (const ms of [0, -1, -Infinity]) {
    assert.throws(
      () => new time.Ticker(ms),
      (e) => e instanceof GoPanic && e.message === "non-positive interval for NewTicker",
    );
    const ticker = new time.Ticker(1);
    assert.throws(
      () => ticker.reset(ms),
      (e) => e instanceof GoPanic && e.message === "non-positive interval for Ticker.Reset",
    );
  }
  for (const bad of [Number.NaN, "1", undefined]) assert.throws(() => new time.Ticker(bad as number), TypeError);
});

test("TM-25 a ticker of a nanosecond has a tick at once after reset; after a reset far into the future it has none", async () => {
  using clock = virtualClock();
  const ticker = new time.Ticker(time.hour);
  ticker.reset(time.nanosecond);
  clock.skip(1);
  assert.ok(ticker.c.tryRecv()?.[0] instanceof Date);
  clock.skip(1);
  ticker.reset(time.hour);
  assert.equal(ticker.c.tryRecv(), undefined);
  const read = ticker.c.recv();
  await clock.advance(time.hour);
  await read;
});

test("TM-12 an interval whose next tick is past all numbers does not disturb other timers", async () => {
  using clock = virtualClock();
  const [huge, endless] = [new time.Ticker(Number.MAX_VALUE), new time.Ticker(Infinity)];
  const quit = chan<never>();
  const blocked = select({ huge: huge.c, endless: endless.c, quit });
  await time.sleep(0);
  const slept = time.sleep(10);
  await clock.advance(10);
  await slept;
  huge.reset(Infinity);
  quit.close();
  assert.equal((await blocked).case, "quit");
});

test("TM-42 tickers made and stopped in great numbers leave nothing set", async () => {
  using clock = virtualClock();
  for (let i = 0; i < 1000; i++) {
    const ticker = new time.Ticker(time.hour);
    const quit = chan<never>();
    const s = select({ tick: ticker.c, quit });
    ticker.stop();
    quit.close();
    await s;
  }
  assert.equal(clock.next, Infinity);
});

test("TM-43 ten goroutines with many short tickers and timers finish", async () => {
  using clock = virtualClock();
  let finished = 0;
  for (let g = 0; g < 10; g++) {
    go(async () => {
      for (let i = 0; i < 100; i++) {
        using ticker = new time.Ticker(0.001 * (g + 1));
        await ticker.c.recv();
        await ticker.c.recv();
        await new time.Timer(0.01).c.recv();
      }
      finished++;
    });
  }
  await clock.advance(1000);
  assert.equal(finished, 10);
});

test("TM-37 on the host's clock, n ticks take at least n intervals, and keep the phase", async () => {
  const began = performance.now();
  using ticker = new time.Ticker(3);
  let first: number | undefined;
  for (let n = 1; n <= 10; n++) {
    const at = (await ticker.c.recv())?.getTime() as number;
    first ??= at;
    assert.ok(performance.now() - began >= 3 * n, `tick ${n} after ${performance.now() - began}`);
  }
});

test("a ticker is disposable: it is stopped then", async () => {
  using clock = virtualClock();
  let c;
  {
    using ticker = new time.Ticker(10);
    c = ticker.c;
  }
  await clock.advance(100);
  assert.equal(c.tryRecv(), undefined);
});
