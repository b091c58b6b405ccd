import assert from "node:assert/strict";
import { test } from "node:test";
import { go, goexit, gosched } from "gort";
import * as context from "gort/context";
import * as sync from "gort/sync";
import { order } from "../support/order.js";
import { isPending } from "../support/settle.js";

const bg = context.background();
const negative = {
  name: "GoPanic",
  message: "sync: negative WaitGroup counter",
  code: "ERR_NEGATIVE_WAIT_GROUP_COUNTER",
};

test("WG-1 WG-8 two wait groups are barriers for 16 goroutines, eight times over", async () => {
  const [first, second] = [new sync.WaitGroup(), new sync.WaitGroup()];
  for (let round = 0; round < 8; round++) {
    const n = 16;
    let exited = 0;
    first.add(n);
    second.add(n);
    for (let i = 0; i < n; i++) {
      go(async () => {
        first.done();
        await second.wait();
        exited++;
      });
    }
    await first.wait();
    for (let i = 0; i < n; i++) {
      assert.equal(exited, 0);
      second.done();
    }
    await second.wait();
    while (exited < n) await gosched();
  }
});

test("WG-2 a counter below zero is a GoPanic that can be caught, and the counter stays", async () => {
  const wg = new sync.WaitGroup();
  assert.throws(() => wg.done(), negative);
  wg.add(1);
  assert.throws(() => wg.add(-2), negative);
  const waiting = wg.wait();
  assert.equal(await isPending(waiting), true);
  wg.done();
  await waiting;
  for (const n of [1.5, NaN, Infinity, "1" as never]) {
    assert.throws(() => wg.add(n), { name: "RangeError", message: /expected an integer, got/ });
  }
});

test("WG-3 wait returns only once both goroutines are done", async () => {
  for (let i = 0; i < 1000; i++) {
    const wg = new sync.WaitGroup();
    let done = 0;
    wg.add(1);
    go(() => {
      done++;
      wg.done();
    });
    wg.add(1);
    go(async () => {
      await gosched();
      done++;
      wg.done();
    });
    await wg.wait();
    assert.equal(done, 2);
  }
});

test("WG-4 waiting for nothing returns; all who wait are released together", async () => {
  const wg = new sync.WaitGroup();
  await wg.wait();
  wg.add(2);
  const waits = Array.from({ length: 5 }, () => wg.wait());
  wg.done();
  assert.equal(await isPending(Promise.race(waits)), true);
  wg.done();
  await Promise.all(waits);
});

test("WG-5 WG-8 a group may be used again before those it released have run: they return all the same", async () => {
  const wg = new sync.WaitGroup();
  wg.add(1);
  const waiting = wg.wait();
  wg.done();
  wg.add(1);
  await waiting;
  assert.equal(await isPending(wg.wait()), true);
});

test("WG-7 done in a finally block counts a goroutine that fails and is caught", async () => {
  const wg = new sync.WaitGroup();
  wg.add(1);
  go(async () => {
    try {
      await gosched();
      throw new Error("caught");
    } catch {
      // recovered
    } finally {
      wg.done();
    }
  });
  await wg.wait();
});

test("WG-8 a goroutine that is counted may count others", async () => {
  const wg = new sync.WaitGroup();
  let ended = 0;
  const grow = async (depth: number) => {
    if (depth > 0) for (let i = 0; i < 2; i++) wg.go(grow, depth - 1);
    await gosched();
    ended++;
  };
  wg.go(grow, 5);
  await wg.wait();
  assert.equal(ended, 63);
});

test("WG-9 go counts at once, starts later, passes the arguments, and counts until the function ends", async () => {
  const wg = new sync.WaitGroup();
  const { step, reached } = order();
  wg.go(
    async (a: number, b: number) => {
      step(a);
      await gosched();
      step(b);
    },
    2,
    3,
  );
  step(1);
  await wg.wait();
  step(4);
  await reached(4);
  assert.throws(() => wg.go(undefined as never), TypeError);
  await wg.wait();
});

test("WG-10 goexit in a function that go started counts as its end", async () => {
  const wg = new sync.WaitGroup();
  wg.go(() => goexit());
  wg.go(async () => {
    await gosched();
    goexit();
  });
  await wg.wait();
});

test("a wait that its ctx ends leaves the group as it is; a ctx that is done wins over a counter of zero", async () => {
  const wg = new sync.WaitGroup();
  const [ctx, cancel] = context.withCancel(bg);
  wg.add(1);
  const [cancelled, waiting] = [wg.wait(ctx), wg.wait()];
  cancel();
  await assert.rejects(cancelled, (error) => error === context.canceled);
  assert.equal(await isPending(waiting), true);
  wg.done();
  await waiting;
  await assert.rejects(wg.wait(ctx), (error) => error === context.canceled);
  await assert.rejects(wg.wait(AbortSignal.abort("stop")), (error) => error === "stop");
});

test("cancel and grant in one tick: whichever comes first counts", async () => {
  for (const grantFirst of [true, false]) {
    const wg = new sync.WaitGroup();
    const controller = new AbortController();
    wg.add(1);
    const [waiting, other] = [wg.wait(controller.signal), wg.wait()];
    if (grantFirst) wg.done();
    controller.abort("stop");
    if (!grantFirst) wg.done();
    if (grantFirst) await waiting;
    else await assert.rejects(waiting, (error) => error === "stop");
    await other;
  }
});
