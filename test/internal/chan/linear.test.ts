// A waiter leaves its queue in constant time: twice as many waiters are twice the work, and not four times.
//
// The work is counted, not timed: every link of every waiter that stands in a queue reports when it is read or written.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, select } from "gort";
import type { Linked } from "../../../dist/internal/ds/queue.js";
import { internal } from "../../support/internal.js";

interface Node extends Linked<Node> {}

const { Queue } = await internal<typeof import("../../../dist/internal/ds/queue.js")>("ds/queue.js");

let touched = 0;

/** Makes the links of a node count who touches them. */
function watch(node: Node): void {
  for (const link of ["next", "prev"] as const) {
    let to = node[link];
    Object.defineProperty(node, link, {
      get() {
        touched++;
        return to;
      },
      set(other: Node) {
        touched++;
        to = other;
      },
    });
  }
}

const { push } = Queue.prototype;
Queue.prototype.push = function (this: InstanceType<typeof Queue>, node) {
  watch(node as Node);
  push.call(this, node);
};

async function count(work: (n: number) => Promise<void>, n: number): Promise<number> {
  const before = touched;
  await work(n);
  return touched - before;
}

const patterns: Record<string, (n: number) => Promise<void>> = {
  "many selects wait on one channel, and lose in the order in which they came": async (n) => {
    const common = chan<number>();
    const own = Array.from({ length: n }, () => chan<number>());
    const waits = own.map((ch) => select({ common, ch }));
    for (const ch of own) ch.trySend(1);
    await Promise.all(waits);
  },
  "many selects wait on one channel, and lose in the opposite order": async (n) => {
    const common = chan<number>();
    const own = Array.from({ length: n }, () => chan<number>());
    const waits = own.map((ch) => select({ ch, common }));
    for (let i = n; i-- > 0;) own[i]?.trySend(1);
    await Promise.all(waits);
  },
  "one select waits on many channels": async (n) => {
    const channels = Array.from({ length: n }, () => chan<number>());
    const cases = Object.fromEntries(channels.map((ch, i) => [`c${i}`, ch]));
    const wait = select(cases);
    channels[n >> 1]?.trySend(1);
    await wait;
  },
  "messages pass amid goroutines that wait in selects": async (n) => {
    const [common, stop] = [chan<number>(), chan<never>()];
    const waits = Array.from({ length: n }, () => select({ common, stop }));
    const messages = chan<number>();
    go(async () => {
      for (let i = 0; i < n; i++) await select({ out: messages.sending(i), stop });
    });
    for (let i = 0; i < n; i++) await select({ messages, stop });
    stop.close();
    await Promise.all(waits);
  },
};

for (const [name, work] of Object.entries(patterns)) {
  test(`CH-38 ${name}: twice as many are twice the work`, async () => {
    const [once, twice] = [await count(work, 500), await count(work, 1_000)];
    assert.ok(once >= 500, `only ${once} links were touched; are waiters still in queues of nodes?`);
    assert.ok(once <= 500 * 50, `${once} links were touched for 500 waiters`);
    assert.ok(Math.abs(twice / once - 2) < 0.1, `${twice} links for 1,000 waiters, ${once} for 500`);
  });
}
