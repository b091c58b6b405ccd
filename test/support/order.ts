// Steps of a test in their order, across goroutines.

import assert from "node:assert/strict";

/** `step(n)` asserts that it is the nth step; `reached(n)` resolves once n steps have been taken. */
export function order(): { step(n: number): void; reached(n: number): Promise<void> } {
  let taken = 0;
  let last = 0;
  let all = () => {};
  return {
    step(n) {
      taken++;
      assert.equal(taken, n, `step ${n} came as number ${taken}`);
      if (taken === last) all();
    },
    reached(n) {
      if (taken >= n) return Promise.resolve();
      last = n;
      return new Promise<void>((resolve) => (all = resolve));
    },
  };
}
