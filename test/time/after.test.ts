import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, nil, select, trySelect } from "gort";
import { numGoroutine } from "gort/runtime";
import * as time from "gort/time";
import { isPending } from "../support/settle.js";
import { epoch, rest, virtualClock } from "../support/virtual.js";

test("TM-3 TM-14 after gives the date at which it was due, however late it is read", async () => {
  using clock = virtualClock();
  const c = time.after(100);
  await clock.advance(99);
  assert.equal(c.tryRecv(), undefined);
  await clock.advance(401);
  const date = await c.recv();
  assert.equal(date?.getTime(), epoch + 100);
  assert.equal(await isPending(c.recv()), true); // once only, and the channel is not closed
});

test("TM-14 a date that is waited for is that of the deadline, though the thread was busy then", async () => {
  using clock = virtualClock();
  const c = time.after(10);
  const read = c.recv();
  clock.skip(500);
  await clock.advance(0);
  assert.equal((await read)?.getTime(), epoch + 10);
});

test("TM-4 after in a loop takes the sum of its delays", async () => {
  using clock = virtualClock();
  const ends: number[] = [];
  go(async () => {
    for (let i = 0; i < 10; i++) {
      await time.after(50).recv();
      ends.push(clock.now());
    }
  });
  await clock.advance(1000);
  assert.deepEqual(ends, [50, 100, 150, 200, 250, 300, 350, 400, 450, 500]);
});

test("TM-10 after of zero or less is ready at once", async () => {
  using clock = virtualClock();
  for (const ms of [0, -1, -Infinity]) {
    assert.deepEqual(trySelect({ now: time.after(ms) })?.case, "now", `${ms}`);
    assert.ok((await time.after(ms).recv()) instanceof Date);
  }
  assert.equal(clock.now(), 0);
});

test("TM-11 after(Infinity) never fires", async () => {
  using clock = virtualClock();
  const c = time.after(Infinity);
  const read = c.recv();
  await clock.advance(1e12);
  assert.equal(await isPending(read), true);
  assert.equal(clock.next, Infinity);
});

test("TM-33 after sets a timer while somebody waits, and only then", async () => {
  using clock = virtualClock();
  const quit = chan<never>();
  const c = time.after(100);
  assert.equal(clock.next, Infinity);
  const s = select({ c, quit });
  assert.equal(clock.next, 100);
  quit.close();
  assert.equal((await s).case, "quit");
  assert.equal(clock.next, Infinity);
});

test("TM-30 abandoned after() in 20 x 1,000 selects leave no timer behind", async () => {
  using clock = virtualClock();
  const ch = chan<number>();
  let received = 0;
  for (let i = 0; i < 20; i++) {
    go(async () => {
      for (let n = 0; n < 1000; n++) {
        const s = await select({ ch, late: time.after(5 * time.second) });
        if (s.case === "ch" && s.ok) received++;
      }
    });
  }
  for (let n = 0; n < 20_000; n++) await ch.send(n);
  await rest();
  assert.equal(received, 20_000);
  assert.equal(clock.next, Infinity);
  assert.equal(clock.now(), 0);
});

test("TM-23 of several that wait on one timer, one gets the value", async () => {
  using clock = virtualClock();
  const c = time.after(10);
  const quit = chan<never>();
  const got = [select({ c, quit }), select({ c, quit }), select({ c, quit })];
  await clock.advance(10);
  quit.close();
  const cases = (await Promise.all(got)).map((s) => s.case);
  assert.deepEqual(cases.sort(), ["c", "quit", "quit"]);
});

test("after in a select makes a time limit per operation, and one for a whole loop", async () => {
  using clock = virtualClock();
  const ch = chan<number>();
  const log: string[] = [];
  go(async () => {
    for (let i = 0; i < 3; i++) {
      await time.sleep(40);
      await ch.send(i);
    }
  });
  go(async () => {
    const all = time.after(150);
    for (;;) {
      const s = await select({ ch, slow: time.after(50), all });
      log.push(`${s.case} ${clock.now()}`);
      if (s.case === "all") return;
    }
  });
  await clock.advance(1000);
  assert.deepEqual(log, ["ch 40", "ch 80", "ch 120", "all 150"]);
});

test("TM-40 tick of zero or less is the nil channel, and its ticks arrive otherwise", async () => {
  using clock = virtualClock();
  assert.equal(time.tick(0), nil);
  assert.equal(time.tick(-1), nil);
  const c = time.tick(10);
  const read = c.recv();
  await clock.advance(10);
  assert.equal((await read)?.getTime(), epoch + 10);
});

test("the channel of a timer is receive-only", async () => {
  using clock = virtualClock();
  const c = time.after(10) as unknown as ReturnType<typeof chan<Date>>;
  assert.throws(() => c.close(), TypeError);
  assert.throws(() => c.trySend(new Date()), TypeError);
  await clock.advance(10);
  assert.ok((await c.recv()) instanceof Date);
});

test("TM-2 afterFunc calls its function in a goroutine of its own, once, not within the ring", async () => {
  using clock = virtualClock();
  let calls = 0;
  let goroutines = 0;
  const before = numGoroutine();
  time.afterFunc(100, async () => {
    calls++;
    await Promise.resolve();
    goroutines = numGoroutine();
  });
  assert.equal(numGoroutine(), before);
  await clock.advance(99);
  assert.equal(calls, 0);
  clock.skip(1);
  clock.jump();
  assert.equal(calls, 0); // it has been started, and runs when its turn comes
  await rest();
  assert.equal(calls, 1);
  assert.equal(goroutines, before + 1);
  await clock.advance(1000);
  assert.equal(calls, 1);
});

test("TM-2 a chain of afterFunc that arm each other ends", async () => {
  using clock = virtualClock();
  let i = 10;
  const fired: number[] = [];
  const next = () => {
    fired.push(clock.now());
    if (i-- > 0) time.afterFunc(5, next);
  };
  time.afterFunc(0, next);
  await clock.advance(100);
  assert.deepEqual(fired, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
});

test("after, afterFunc and tick refuse what is not a duration, and afterFunc what is not a function", () => {
  for (const bad of [Number.NaN, "1", undefined, null]) {
    assert.throws(() => time.after(bad as number), TypeError);
    assert.throws(() => time.tick(bad as number), TypeError);
    assert.throws(() => time.afterFunc(bad as number, () => {}), TypeError);
  }
  assert.throws(() => time.afterFunc(1, undefined as never), TypeError);
});
