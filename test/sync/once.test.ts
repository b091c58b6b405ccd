import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, goexit } from "gort";
import * as sync from "gort/sync";
import { settle } from "../support/settle.js";
import { onces } from "../suites/once.js";
import { own } from "../suites/primitives.js";

onces(own);

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
