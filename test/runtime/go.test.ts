import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, goexit, gosched, GoPanic } from "gort";
import { numGoroutine, onFatal } from "gort/runtime";
import { order } from "../support/order.js";

test("R1 go never runs the goroutine within the call, and the caller goes on at once", async () => {
  const { step, reached } = order();
  go(() => step(3));
  step(1);
  go(async () => {
    step(4);
    await gosched();
    step(5);
  });
  step(2);
  await reached(5);
});

test("RT-15 go's arguments are evaluated at the call", async () => {
  const seen: unknown[] = [];
  const box = { n: 1 };
  let n = 1;
  go((a: number, b: number, c: { n: number }) => seen.push(a, b, c.n), n, box.n, box);
  n = box.n = 2;
  go((...rest: string[]) => seen.push(...rest), "x", "y", "z");
  while (seen.length < 6) await gosched();
  assert.deepEqual(seen, [1, 1, 2, "x", "y", "z"]);
});

test("RT-13 goroutines start in the order in which they were started", async () => {
  const started: number[] = [];
  for (let i = 0; i < 1000; i++) go((n: number) => started.push(n), i);
  while (started.length < 1000) await gosched();
  assert.deepEqual(
    started,
    Array.from({ length: 1000 }, (_, i) => i),
  );
});

test("R1 go returns nothing, and takes a function whatever it returns", async () => {
  const base = numGoroutine();
  assert.equal(
    go(() => 1),
    undefined,
  );
  assert.equal(
    go(async () => 1),
    undefined,
  );
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is about
  go(() => ({ then: (resolve: (value: unknown) => void) => resolve(1) }));
  go(() => null);
  while (numGoroutine() > base) await gosched();
});

test("RT-14 go of no function at all is fatal, and of something else a TypeError", () => {
  const told: Error[] = [];
  const watch = onFatal((error) => told.push(error));
  for (const bad of [undefined, null]) {
    const before = numGoroutine();
    assert.throws(
      () => go(bad as unknown as () => void),
      (e) => e instanceof GoPanic && e.message === "go of nil func value" && e === told.at(-1),
    );
    assert.equal(numGoroutine(), before);
  }
  assert.equal(told.length, 2);
  watch[Symbol.dispose]();
  watch[Symbol.dispose]();
  for (const bad of ["x", 1, {}, Symbol("s"), Promise.resolve()]) {
    assert.throws(() => go(bad as unknown as () => void), {
      name: "TypeError",
      message: /^go: expected a function, got /,
    });
  }
});

test("every handler of onFatal is told", () => {
  const told: string[] = [];
  const watches = ["a", "b"].map((name) => onFatal(() => told.push(name)));
  assert.throws(() => go(undefined as never), GoPanic);
  for (const watch of watches) watch[Symbol.dispose]();
  assert.deepEqual(told, ["a", "b"]);
});

test("RT-47 goexit runs finally blocks from the inside out, and what it throws is no Error", async () => {
  const { step, reached } = order();
  const inner = async () => {
    try {
      await gosched();
      goexit();
    } finally {
      step(1);
    }
  };
  go(async () => {
    try {
      await inner();
      step(99);
    } catch (thrown) {
      assert.equal(thrown instanceof Error, false);
      step(2);
      throw thrown;
    } finally {
      step(3);
    }
  });
  await reached(3);
});

test("RT-47 goexit in one goroutine leaves all others alone", async () => {
  const results = chan<number>(10);
  for (let i = 0; i < 10; i++) {
    go(async () => {
      await gosched();
      if (i % 2 === 0) goexit();
      await results.send(i);
    });
  }
  const got: (number | undefined)[] = [];
  for (let i = 0; i < 5; i++) got.push(await results.recv());
  assert.deepEqual(new Set(got), new Set([1, 3, 5, 7, 9]));
});

test("R2 gosched lets every goroutine that can run have a turn", async () => {
  const turns = [0, 0, 0];
  for (const i of turns.keys()) {
    go(async () => {
      while ((turns[i] as number) < 100) {
        turns[i] = (turns[i] as number) + 1;
        const spread = Math.max(...turns) - Math.min(...turns);
        assert.ok(spread <= 2, turns.join());
        await gosched();
      }
    });
  }
  while (turns.some((n) => n < 100)) await gosched();
});
