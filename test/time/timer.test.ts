import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, nil, select, trySelect } from "gort";
import * as time from "gort/time";
import { seeded } from "../support/seed.js";
import { isPending } from "../support/settle.js";
import { epoch, rest, virtualClock } from "../support/virtual.js";

test("TM-3 a timer sends the date of its deadline, once", async () => {
  using clock = virtualClock();
  const timer = new time.Timer(10);
  const read = timer.c.recv();
  await clock.advance(10);
  assert.equal((await read)?.getTime(), epoch + 10);
  await clock.advance(1000);
  assert.equal(timer.c.tryRecv(), undefined);
});

test("TM-5 stop of a pending timer is true and it never fires; a second stop is false", async () => {
  using clock = virtualClock();
  let called = 0;
  const timer = new time.Timer(100);
  const func = time.afterFunc(100, () => called++);
  time.afterFunc(50, () => called++);
  await clock.advance(60);
  assert.equal(timer.stop(), true);
  assert.equal(func.stop(), true);
  assert.equal(timer.stop(), false);
  assert.equal(func.stop(), false);
  await clock.advance(1000);
  assert.equal(called, 1);
  assert.equal(timer.c.tryRecv(), undefined);
});

test("TM-16 reset of a pending timer is true and the old deadline is void", async () => {
  using clock = virtualClock();
  const timer = new time.Timer(100);
  await clock.advance(50);
  assert.equal(timer.reset(100), true);
  await clock.advance(99);
  assert.equal(timer.c.tryRecv(), undefined);
  await clock.advance(1);
  assert.equal(timer.c.tryRecv()?.[0]?.getTime(), epoch + 150);
  assert.equal(timer.reset(50), false);
  await clock.advance(50);
  assert.equal(timer.c.tryRecv()?.[1], true);
});

test("TM-17 the channel of a timer and of a ticker has len 0 and cap 0, fired or not", async () => {
  using clock = virtualClock();
  const timer = new time.Timer(10);
  const ticker = new time.Ticker(10);
  for (let i = 0; i < 3; i++) {
    for (const c of [timer.c, ticker.c]) assert.deepEqual([c.len, c.cap], [0, 0]);
    await clock.advance(10);
  }
});

test("TM-18 TM-19 stop and reset of a timer that is due but not received are true, and leave nothing to receive", async () => {
  using clock = virtualClock();
  const timer = new time.Timer(10);
  await clock.advance(20);
  assert.equal(timer.stop(), true);
  assert.equal(timer.c.tryRecv(), undefined);
  assert.equal(trySelect({ c: timer.c }), undefined);
  assert.equal(timer.reset(10), false);
  await clock.advance(20);
  assert.equal(timer.reset(time.hour), true);
  assert.equal(timer.c.tryRecv(), undefined);
  assert.equal(timer.stop(), true);
});

test("TM-20 stop and reset after the value was received are false; of a ticker, whose next tick is to come, that is no matter", async () => {
  using clock = virtualClock();
  const timer = new time.Timer(10);
  await clock.advance(10);
  await timer.c.recv();
  assert.equal(timer.stop(), false);
  assert.equal(timer.reset(10), false);
  await clock.advance(10);
  await timer.c.recv();
  assert.equal(timer.reset(10), false);
  assert.equal(timer.stop(), true);
});

test("TM-21 if stop says false the value has been received, and if it says true nothing is left", () =>
  seeded(async ({ below: random }) => {
    using clock = virtualClock();
    for (let i = 0; i < 2000; i++) {
      const timer = new time.Timer(random(3));
      let received = 0;
      const quit = chan<never>();
      go(async () => {
        const s = await select({ c: timer.c, quit });
        if (s.case === "c") received++;
      });
      await clock.advance(random(3));
      const stopped = timer.stop();
      await rest();
      assert.equal(received, stopped ? 0 : 1, `round ${i}`);
      quit.close();
      await rest();
      assert.equal(received, stopped ? 0 : 1, `round ${i}`);
    }
  }));

test("TM-22 reset to a later time keeps those blocked who wait; to an earlier one, it wakes them then", async () => {
  using clock = virtualClock();
  const timer = new time.Timer(100);
  const read = timer.c.recv();
  await clock.advance(90);
  assert.equal(timer.reset(100), true);
  await clock.advance(99);
  assert.equal(await isPending(read), true);
  assert.equal(timer.reset(time.hour), true);
  assert.equal(timer.reset(1), true);
  await clock.advance(1);
  assert.equal((await read)?.getTime(), epoch + 190);
});

test("TM-24 those who wait on a stopped timer get nothing, until a reset", async () => {
  using clock = virtualClock();
  const timer = new time.Timer(10);
  const read = timer.c.recv();
  assert.equal(timer.stop(), true);
  assert.equal(clock.next, Infinity);
  await clock.advance(100);
  assert.equal(await isPending(read), true);
  assert.equal(timer.reset(5), false);
  await clock.advance(5);
  assert.ok((await read) instanceof Date);
});

test("TM-27 a timer of zero fires at once, new or re-used, a channel or a function, again and again", async () => {
  using clock = virtualClock();
  const reused = new time.Timer(0);
  let called = 0;
  const func = time.afterFunc(0, () => called++);
  for (let i = 0; i < 10_000; i++) {
    assert.equal((await new time.Timer(0).c.recv())?.getTime(), epoch);
    await reused.c.recv();
    assert.equal(reused.reset(0), false);
  }
  for (let i = 1; i <= 1000; i++) {
    clock.jump();
    await rest();
    assert.equal(called, i);
    assert.equal(func.reset(0), false);
  }
  func.stop();
});

test("TM-28 a timer that is set to an earlier time, or to the past, rings then and not at its old place", async () => {
  using clock = virtualClock();
  const others = Array.from({ length: 100 }, (_, i) => time.afterFunc(1000 + i, () => {}));
  for (let i = 0; i < 1000; i++) {
    const timer = new time.Timer(time.hour);
    const read = timer.c.recv();
    timer.reset(i % 3 === 0 ? -time.hour : 0);
    clock.jump();
    await read;
    assert.equal(clock.now(), 0);
  }
  for (const other of others) assert.equal(other.stop(), true);
});

test("TM-29 stop and reset tell the truth in every state of a hundred timers under random orders", () =>
  seeded(async ({ below: random }) => {
    using clock = virtualClock();
    // A model of each timer: when it is due, if at all.
    const timers = Array.from({ length: 100 }, () => ({ timer: new time.Timer(50), at: 50, read: false }));
    for (let round = 0; round < 10_000; round++) {
      const of = timers[random(timers.length)] as (typeof timers)[number];
      const { timer } = of;
      const active = of.at !== Infinity;
      const hint = `round ${round}`;
      switch (random(4)) {
        case 0:
          assert.equal(timer.stop(), active, hint);
          of.at = Infinity;
          break;
        case 1: {
          const ms = random(100) - 10;
          assert.equal(timer.reset(ms), active, hint);
          of.at = clock.now() + ms;
          break;
        }
        case 2: {
          const due = of.at <= clock.now();
          assert.equal(timer.c.tryRecv()?.[0]?.getTime(), due ? epoch + of.at : undefined, hint);
          if (due) of.at = Infinity;
          break;
        }
        default:
          clock.skip(random(5));
      }
    }
    assert.equal(clock.next, Infinity);
  }));

test("TM-29 a timer that somebody waits on tells the truth in every state, too", () =>
  seeded(async ({ below: random }) => {
    using clock = virtualClock();
    const timer = new time.Timer(10);
    let at = clock.now() + 10;
    const received: number[] = [];
    go(async () => {
      for await (const date of timer.c) received.push(date.getTime() - epoch);
    });
    await rest();
    const expected: number[] = [];
    for (let round = 0; round < 2000; round++) {
      const hint = `round ${round}`;
      const ms = random(20);
      if (at <= clock.now() + ms) {
        expected.push(at);
        await clock.advance(ms);
        at = Infinity;
      } else await clock.advance(ms);
      assert.deepEqual(received, expected, hint);
      if (random(3) === 0) {
        assert.equal(timer.stop(), at !== Infinity, hint);
        at = Infinity;
      } else {
        const next = random(20) + 1;
        assert.equal(timer.reset(next), at !== Infinity, hint);
        at = clock.now() + next;
      }
      assert.equal(clock.next, at, hint);
    }
    timer.stop();
  }));

test("TM-13 functions of timers may make, reset and stop timers", async () => {
  using clock = virtualClock();
  const timers: time.Timer[] = [];
  let calls = 0;
  for (let i = 0; i < 100; i++) {
    timers.push(
      time.afterFunc(i % 10, () => {
        calls++;
        timers[(i * 7) % 100]?.stop();
        if (calls >= 500) return;
        timers[(i * 13) % 100]?.reset(i % 5);
        time.afterFunc(1, () => calls++);
      }),
    );
  }
  await clock.advance(200);
  assert.ok(calls > 100);
  for (const timer of timers) timer.stop();
  await clock.advance(1000);
});

test("TM-34 the timer of afterFunc has no channel; after it has fired stop is false, and reset arms it again", async () => {
  using clock = virtualClock();
  const fired: number[] = [];
  const timer = time.afterFunc(10, () => fired.push(clock.now()));
  assert.equal(timer.c, nil);
  await clock.advance(10);
  assert.equal(timer.stop(), false);
  assert.equal(timer.reset(10), false);
  assert.equal(timer.reset(20), true);
  await clock.advance(100);
  assert.deepEqual(fired, [10, 30]);
});

test("TM-35 stop of an afterFunc that is running neither waits for it nor ends it", async () => {
  using clock = virtualClock();
  const gate = chan<void>();
  let ended = false;
  const timer = time.afterFunc(10, async () => {
    await gate.recv();
    ended = true;
  });
  await clock.advance(10);
  assert.equal(timer.stop(), false);
  assert.equal(ended, false);
  await gate.send();
  await rest();
  assert.equal(ended, true);
});

test("TM-33 a timer that nobody waits on sets nothing, and is set only while somebody does; afterFunc's is", async () => {
  using clock = virtualClock();
  const timer = new time.Timer(time.hour);
  const ticker = new time.Ticker(time.hour);
  assert.equal(clock.next, Infinity);
  const quit = chan<never>();
  const s = select({ timer: timer.c, ticker: ticker.c, quit });
  assert.equal(clock.next, time.hour);
  quit.close();
  await s;
  assert.equal(clock.next, Infinity);
  const func = time.afterFunc(time.hour, () => {});
  assert.equal(clock.next, time.hour);
  func.stop();
});

test("TM-9 timers with one deadline fire in the order in which they were set", async () => {
  using clock = virtualClock();
  const fired: number[] = [];
  for (let i = 0; i < 50; i++) time.afterFunc(10, () => fired.push(i));
  await clock.advance(10);
  assert.deepEqual(
    fired,
    Array.from({ length: 50 }, (_, i) => i),
  );
});

test("TM-8 afterFunc fires in the order of the deadlines, for any order of setting and clearing", () =>
  seeded(async ({ below: random }) => {
    using clock = virtualClock();
    const fired: number[] = [];
    const expected: number[] = [];
    for (let i = 0; i < 1000; i++) {
      const ms = random(500);
      const timer = time.afterFunc(ms, () => {
        assert.equal(clock.now(), ms);
        fired.push(ms);
      });
      if (random(3) === 0) timer.stop();
      else expected.push(ms);
    }
    await clock.advance(500);
    assert.deepEqual(
      fired,
      expected.sort((a, b) => a - b),
    );
  }));

test("a timer is disposable: it is stopped then", async () => {
  using clock = virtualClock();
  let called = false;
  {
    using timer = time.afterFunc(10, () => (called = true));
    assert.equal(clock.next, 10);
    void timer;
  }
  await clock.advance(20);
  assert.equal(called, false);
});

test("a timer refuses what is not a duration", () => {
  for (const bad of [Number.NaN, "1", undefined, null, 1n]) {
    assert.throws(() => new time.Timer(bad as number), TypeError);
    assert.throws(() => new time.Timer(1).reset(bad as number), TypeError);
  }
});

test("TM-32 a timer that nobody refers to is collected though it was not stopped", async () => {
  const gc = globalThis.gc as () => void;
  const refs = [new WeakRef(new time.Timer(time.hour)), new WeakRef(new time.Ticker(time.hour))];
  await rest(); // a WeakRef keeps its target for the rest of the turn
  gc();
  assert.deepEqual(
    refs.map((ref) => ref.deref()),
    [undefined, undefined],
  );
});
