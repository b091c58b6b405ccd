// A suite for every kind of wait group.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, gosched, GoPanic } from "gort";
import { cancellers } from "../support/context.js";
import { order } from "../support/order.js";
import { isPending } from "../support/settle.js";
import { rest, simulate } from "../support/virtual.js";
import type { Primitives } from "./primitives.js";

export function waitGroups({ WaitGroup }: Primitives): void {
  test("WG-1 wait returns only when the counter is 0: two groups as barriers for 16 goroutines, used 8 times", async () => {
    const [first, second] = [new WaitGroup(), new WaitGroup()];
    for (let round = 0; round < 8; round++) {
      const n = 16;
      first.add(n);
      second.add(n);
      let exited = 0;
      for (let i = 0; i < n; i++) {
        go(async () => {
          first.done();
          await second.wait();
          exited++;
        });
      }
      await first.wait();
      for (let i = 0; i < n; i++) {
        assert.equal(exited, 0, "the second group let somebody go too soon");
        second.done();
        if (i < n - 1) await gosched();
      }
      await rest();
      assert.equal(exited, n);
    }
  });

  test("WG-2 a counter below zero panics, and stays as it was", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    wg.done();
    const negative = (e: unknown) => e instanceof GoPanic && e.message === "sync: negative WaitGroup counter";
    assert.throws(() => wg.done(), negative);
    assert.throws(() => wg.add(-2), negative);
    await wg.wait();
    wg.add(2);
    assert.throws(() => wg.add(-3), negative);
    const waits = wg.wait();
    assert.equal(await isPending(waits), true);
    wg.add(-2);
    await waits;
  });

  test("WG-3 wait returns after both of two goroutines are done, under every order of them", async () => {
    for (let seed = 1; seed <= 200; seed++) {
      using sim = simulate(seed);
      const wg = new WaitGroup();
      let n = 0;
      let seen = -1;
      wg.add(1);
      go(async () => {
        await gosched();
        n++;
        wg.done();
      });
      wg.add(1);
      go(async () => {
        n++;
        await gosched();
        wg.done();
      });
      go(async () => {
        await wg.wait();
        seen = n;
      });
      await sim.idle();
      assert.equal(seen, 2, `seed ${seed}`);
    }
  });

  test("WG-4 wait on a counter of zero does not block, and of many that wait all are released", async () => {
    const wg = new WaitGroup();
    await wg.wait();
    wg.add(1);
    const waits = Array.from({ length: 100 }, () => wg.wait());
    assert.equal(await isPending(Promise.race(waits)), true);
    wg.done();
    await Promise.all(waits);
    await wg.wait();
  });

  test("WG-5 an add after the counter has been zero does not hold those who had waited", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    const first = wg.wait();
    wg.done();
    wg.add(1);
    const second = wg.wait();
    await first;
    assert.equal(await isPending(second), true);
    wg.done();
    await second;
  });

  test("WG-7 done in a finally block counts also when the goroutine throws and catches", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    go(async () => {
      try {
        try {
          await gosched();
          throw new Error("boom");
        } finally {
          wg.done();
        }
      } catch {
        // recovered
      }
    });
    await wg.wait();
  });

  test("WG-8 a group can be used again after wait, and a goroutine that holds a count may add", async () => {
    const wg = new WaitGroup();
    let leaves = 0;
    const grow = async (depth: number): Promise<void> => {
      await gosched();
      if (depth === 0) leaves++;
      else for (let i = 0; i < 2; i++) wg.go(grow, depth - 1);
    };
    for (let round = 1; round <= 3; round++) {
      wg.go(grow, 6);
      await wg.wait();
      assert.equal(leaves, 64 * round);
    }
  });

  test("WG-9 go counts at the call, starts fn with its arguments, and is done when that has ended", async () => {
    const { step, reached } = order();
    const wg = new WaitGroup();
    const gate = chan<void>();
    wg.go(
      async (text: string, n: number) => {
        assert.deepEqual([text, n], ["x", 1]);
        step(2);
        await gate.recv();
        step(3);
      },
      "x",
      1,
    );
    step(1);
    const waits = wg.wait();
    assert.equal(await isPending(waits), true);
    await gate.send();
    await waits;
    step(4);
    await reached(4);
    wg.go(() => {});
    await wg.wait();
  });

  for (const [kind, make] of Object.entries(cancellers)) {
    test(`wait with a ${kind} that is done first rejects with its reason, and counts no more`, async () => {
      const wg = new WaitGroup();
      wg.add(1);
      const { ctx, reason, cancel } = make();
      const [given, stays] = [wg.wait(ctx), wg.wait()];
      cancel();
      await assert.rejects(given, (e) => e === reason);
      await assert.rejects(wg.wait(ctx), (e) => e === reason);
      assert.equal(await isPending(stays), true);
      wg.done();
      await stays;
      await assert.rejects(wg.wait(ctx), (e) => e === reason); // what is done at the call wins
    });

    test(`wait whose group is done before its ${kind} resolves, and a later cancel does nothing`, async () => {
      const wg = new WaitGroup();
      wg.add(1);
      const { ctx, cancel } = make();
      const waits = wg.wait(ctx);
      wg.done();
      cancel();
      await waits;
    });
  }

  test("add refuses what is not an integer", () => {
    const wg = new WaitGroup();
    for (const bad of [0.5, Number.NaN, Infinity, "1", undefined]) {
      assert.throws(() => wg.add(bad as number), RangeError);
    }
    wg.add(0);
  });
}
