// What a thread that has died was given by others, and had not seen. The thread is one of this very thread's making.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chan } from "gort";
import { shared } from "gort/parallel";
import { internal } from "../../support/internal.js";

const { thread } = await internal<typeof import("../../../dist/internal/shared/thread.js")>("shared/thread.js");
const { instantiate } = await internal<typeof import("../../../dist/internal/shared/core.js")>("shared/core.js");
const { OK, PARKED, RECORD, RETIRED, THREADS } =
  await internal<Readonly<Record<"OK" | "PARKED" | "RECORD" | "RETIRED" | "THREADS", number>>>("shared/wasm/layout.js");

/** Has another thread wait on a channel by `waits`, does `then`, and lets the other thread die. Gives the channel. */
function dies(
  waits: (core: ReturnType<typeof instantiate>, channel: number) => number,
  then: (ch: Chan<number>, core: ReturnType<typeof instantiate>) => void,
): Chan<number> {
  const { commons, core } = thread();
  const other = instantiate(commons, () => false);
  const number = core.claimThread(RETIRED);
  other.become(number, THREADS + number * RECORD, 0);
  const ch = shared.chan<number>(0);
  assert.equal(waits(other, (ch as unknown as { pointer: number }).pointer), PARKED);
  then(ch, other);
  core.declareDead(number);
  core.sweep(number, 1, 0);
  core.bury(number);
  return ch;
}

const ways = {
  "that it was blocked for": (core: ReturnType<typeof instantiate>, channel: number) =>
    core.recv(channel, core.blockingWaiter()),
  "that it looked out for": (core: ReturnType<typeof instantiate>, channel: number) =>
    core.recv(channel, core.waiter(0, 0) | 1),
  "in its mailbox": (core: ReturnType<typeof instantiate>, channel: number) => core.recv(channel, core.waiter(0, 0)),
};

for (const [which, waits] of Object.entries(ways)) {
  test(`a value ${which} goes back to the channel`, () => {
    const ch = dies(waits, (own) => assert.ok(own.trySend(5)));
    assert.deepEqual(ch.tryRecv(), [5, true]);
    assert.equal(ch.tryRecv(), undefined);
  });

  test(`a value ${which}, but nobody sent, is none, and nobody is handed one any more`, () => {
    const ch = dies(waits, () => {});
    assert.equal(ch.trySend(5), false);
  });

  test(`an end of the channel ${which} is no value`, () => {
    assert.deepEqual(dies(waits, (own) => own.close()).tryRecv(), [undefined, false]);
  });
}

test("a value that the blocked thread has seen is its own", () => {
  const ch = dies(ways["that it was blocked for"], (own, core) => {
    own.trySend(5);
    assert.equal(core.look(), OK);
  });
  assert.equal(ch.tryRecv(), undefined);
});
