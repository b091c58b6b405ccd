// A suite for every kind of once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { go, goexit, gosched } from "gort";
import * as sync from "gort/sync";
import { isPending, settle } from "../support/settle.js";
import type { Primitives } from "./primitives.js";

export function onces({ Once }: Primitives): void {
  test("ON-1 however many call, the function runs once, and every call returns after that run", async () => {
    const once = new Once();
    let state = 0;
    let runs = 0;
    const seen: number[] = [];
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 10; i++) {
      wg.go(async () => {
        await once.do(async () => {
          runs++;
          await gosched();
          state = 1;
        });
        seen.push(state);
      });
    }
    await wg.wait();
    assert.equal(runs, 1);
    assert.deepEqual(seen, Array(10).fill(1));
  });

  test("ON-2 ON-3 a failure counts as done: the first call gets it, those who waited and all later ones return", async () => {
    for (const late of [false, true]) {
      const once = new Once();
      const broken = new Error("broken");
      const first = once.do(async () => {
        if (late) await gosched();
        throw broken;
      });
      const waiting = once.do(() => assert.fail("ran again"));
      await assert.rejects(first, (error) => error === broken);
      await waiting;
      await once.do(() => assert.fail("ran again"));
    }
  });

  test("ON-4 do within its own function waits for ever", async () => {
    const once = new Once();
    const waiting = once.do(() => once.do(() => {}));
    assert.equal(await isPending(waiting), true);
  });

  test("ON-5 another function of the same once is not run", async () => {
    const once = new Once();
    const runs: string[] = [];
    await once.do(() => runs.push("first"));
    await once.do(() => runs.push("second"));
    assert.deepEqual(runs, ["first"]);
  });

  test("a goexit within do ends the goroutine, and counts as done", async () => {
    const once = new Once();
    go(async () => {
      await once.do(() => goexit());
      assert.fail("went on");
    });
    await settle();
    await once.do(() => assert.fail("ran again"));
  });
}
