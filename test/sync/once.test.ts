import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, goexit, gosched } from "gort";
import * as sync from "gort/sync";
import { isPending, settle } from "../support/settle.js";

test("ON-1 however many call, the function runs once, and every call returns after that run", async () => {
  const once = new sync.Once();
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
    const once = new sync.Once();
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
  const once = new sync.Once();
  const waiting = once.do(() => once.do(() => {}));
  assert.equal(await isPending(waiting), true);
});

test("ON-5 another function of the same once is not run", async () => {
  const once = new sync.Once();
  const runs: string[] = [];
  await once.do(() => runs.push("first"));
  await once.do(() => runs.push("second"));
  assert.deepEqual(runs, ["first"]);
});

test("a goexit within do ends the goroutine, and counts as done", async () => {
  const once = new sync.Once();
  go(async () => {
    await once.do(() => goexit());
    assert.fail("went on");
  });
  await settle();
  await once.do(() => assert.fail("ran again"));
});

test("ON-6 ON-7 a once function is not called until it is asked, then once, and gives the same every time", () => {
  let calls = 0;
  const value = sync.onceValue(() => ({ n: ++calls }));
  assert.equal(calls, 0);
  const first = value();
  assert.equal(value(), first);
  assert.equal(calls, 1);
  const func = sync.onceFunc(() => void calls++);
  assert.equal(calls, 1);
  func();
  assert.equal(func(), undefined);
  assert.equal(calls, 2);
  let undefinedCalls = 0;
  const nothing = sync.onceValue(() => void undefinedCalls++);
  nothing();
  nothing();
  assert.equal(undefinedCalls, 1);
});

test("ON-8 ON-9 ON-11 it throws the same value every time, whatever that is, and runs once", () => {
  for (const thrown of [new Error("broken"), undefined, null, 0]) {
    for (const make of [sync.onceValue, sync.onceFunc] as ((f: () => void) => () => void)[]) {
      let runs = 0;
      const f = make(() => {
        runs++;
        throw thrown;
      });
      for (let i = 0; i < 3; i++) {
        let caught: { value: unknown } | undefined;
        try {
          f();
        } catch (value) {
          caught = { value };
        }
        assert.deepEqual(caught, { value: thrown });
        assert.equal(caught?.value, thrown);
      }
      assert.equal(runs, 1);
    }
  }
});

test("ON-10 a goexit inside does not make it run twice", async () => {
  let runs = 0;
  const f = sync.onceFunc(() => {
    runs++;
    goexit();
  });
  for (let i = 0; i < 2; i++) go(() => f());
  await settle();
  assert.equal(runs, 1);
});

test("ON-12 after the first call the function can be collected, though the wrapper lives", async () => {
  const collected = chan<void>(1);
  const registry = new FinalizationRegistry<void>(() => void collected.trySend());
  const wrapper = (() => {
    const big = { data: new Array(1000).fill(0) };
    registry.register(big, undefined);
    return sync.onceValue(() => big.data.length);
  })();
  assert.equal(wrapper(), 1000);
  while (collected.len === 0) {
    await settle();
    globalThis.gc?.();
  }
  assert.equal(wrapper(), 1000);
});

test("a once function that needs its own result fails rather than giving none", () => {
  const f: () => number = sync.onceValue(() => f() + 1);
  assert.throws(() => f(), { name: "GoPanic" });
});
