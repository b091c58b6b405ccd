// The one timer of the host behind all alarms.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type * as HostModule from "../../../dist/internal/host/host.js";
import { node } from "../../support/child.js";
import { internal } from "../../support/internal.js";

/** The host's module, loaded anew, with the platform's timers in the hands of the test. */
async function fakeHost(): Promise<{
  HostTimer: typeof HostModule.HostTimer;
  armed: { ms: number; ref: boolean; fire(): void }[];
}> {
  const armed: { ms: number; ref: boolean; fire(): void }[] = [];
  mock.method(globalThis, "setTimeout", (fire: () => void, ms: number) => {
    const timer = {
      ms,
      ref: true,
      fire: () => {
        armed.splice(armed.indexOf(entry), 1);
        fire();
      },
    };
    const entry = timer;
    armed.push(timer);
    return { ref: () => (timer.ref = true), unref: () => (timer.ref = false), timer };
  });
  mock.method(globalThis, "clearTimeout", (handle: { timer: (typeof armed)[number] }) =>
    armed.splice(armed.indexOf(handle.timer), 1),
  );
  const { HostTimer } = await internal<typeof HostModule>("host/host.js?fake");
  return { HostTimer, armed };
}

test("TM-11 a delay over 2^31 ms is given to the platform as one that it can count, and looked at again then", async (t) => {
  const { HostTimer, armed } = await fakeHost();
  t.after(() => mock.restoreAll());
  let fired = 0;
  const timer = new HostTimer(() => fired++);
  timer.aim(performance.now() + 2 ** 40);
  assert.equal(armed.length, 1);
  assert.ok((armed[0]?.ms as number) <= 2 ** 31 - 1);
  armed[0]?.fire();
  assert.equal(fired, 1);
  timer.aim(performance.now() + 2 ** 40);
  assert.equal(armed.length, 1);
});

test("TM-33 one timer of the platform serves all; it keeps the program alive only while something is aimed at", async (t) => {
  const { HostTimer, armed } = await fakeHost();
  t.after(() => mock.restoreAll());
  const timer = new HostTimer(() => {});
  const now = performance.now();
  timer.aim(now + 1000);
  timer.aim(now + 2000); // later: the first look will do
  assert.equal(armed.length, 1);
  timer.aim(now + 500); // earlier: aimed anew
  assert.equal(armed.length, 1);
  assert.ok((armed[0]?.ms as number) <= 500);
  timer.aim(Infinity);
  assert.deepEqual(
    armed.map(({ ref }) => ref),
    [false],
  );
  timer.aim(now + 700);
  assert.deepEqual(
    armed.map(({ ref }) => ref),
    [true],
  );
  timer.aim(Infinity);
  timer.aim(now + 100);
  assert.deepEqual(
    armed.map(({ ref }) => ref),
    [true],
  );
  assert.ok((armed[0]?.ms as number) <= 100);
});

test("TM-10 an aim in the past, or at less than a millisecond from now, fires soon and not too soon", async (t) => {
  const { HostTimer, armed } = await fakeHost();
  t.after(() => mock.restoreAll());
  new HostTimer(() => {}).aim(performance.now() - 1e9);
  assert.equal(armed[0]?.ms, 0);
  new HostTimer(() => {}).aim(performance.now() + 7.5);
  assert.ok([7, 8].includes(armed[1]?.ms as number), `${armed[1]?.ms}`); // rounded up, less the time that has passed
});

test("TM-33 without main, a program ends when no goroutine can be woken, and not before", async () => {
  assert.deepEqual(await node("alive.mjs"), { code: 0, stdout: "slept\nafterFunc\nselected quit\n", stderr: "" });
});
