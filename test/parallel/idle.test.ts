// Tasks find a processor, also where processors sleep, block, or are one too many.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Chan } from "gort";
import { gomaxprocs, shared } from "gort/parallel";
import { holdTwo } from "../support/held.js";
import { untilAsleep, untilBlocked } from "../support/shared.js";
import { add } from "./tasks/work.js";
import { blockBeside, leaveBehind, receive, receiveSync, relay, waitThenBlock } from "./tasks/processors.js";

// The runner of Node 20 takes an event loop that is empty for a moment for the end.
const alive = setInterval(() => {}, 2 ** 30);
after(() => clearInterval(alive));

const turns = async (n: number) => {
  while (n-- > 0) await new Promise((resolve) => setImmediate(resolve));
};

test("when gomaxprocs is lowered and no processor can end, since goroutines wait on all of them, tasks still run", async () => {
  gomaxprocs(2);
  const end = await holdTwo();
  gomaxprocs(1);
  for (let i = 0; i < 10; i++) {
    await turns(10);
    assert.equal(await add.run(i, 1), i + 1);
  }
  await end();
});

test("a processor that is one too many has others run what its goroutines submit", async () => {
  gomaxprocs(2);
  const [here, to] = [shared.chan<number>(), shared.chan<number>()];
  const froms: Chan<number>[] = [];
  const ends: Promise<void>[] = [];
  for (const threads = new Set(); threads.size < 2;) {
    for (let i = 0; i < 2; i++) {
      const from = shared.chan<number>();
      froms.push(from);
      ends.push(relay.run(here, from, to));
    }
    for (let i = 0; i < 2; i++) threads.add(await here.recv());
    await turns(100);
  }
  gomaxprocs(1);
  for (let i = 0; i < 5; i++) {
    for (const from of froms) {
      await untilAsleep();
      await from.send(i);
      assert.equal(await to.recv(), i + 1);
    }
  }
  for (const from of froms) from.close();
  await Promise.all(ends);
});

test("a processor that sleeps takes over although another that counts as idle has blocked its thread", async () => {
  gomaxprocs(1);
  const [here, pin, first, then] = [shared.chan(), shared.chan(), shared.chan(), shared.chan()];
  const blocked = receiveSync.run(here as never, first as never);
  await here.recv();
  await untilBlocked();
  const waiting = receive.run(here as never, pin as never); // on the one that stands in
  const standIn = await here.recv();
  await first.send(1);
  await blocked;
  const late = waitThenBlock.run(here as never, first as never, then as never);
  assert.notEqual(await here.recv(), standIn);
  await untilAsleep();
  await first.send(1);
  await untilBlocked();
  assert.equal(await add.run(1, 2), 3);
  await then.send(1);
  await late;
  await pin.send(1);
  await waiting;
});

test("a thread that was blocked looks for what has come for its goroutines meanwhile", async () => {
  gomaxprocs(1);
  const [here, from, to, then] = [shared.chan(), shared.chan(), shared.chan(), shared.chan()];
  const done = blockBeside.run(here as never, from as never, to as never, then as never);
  await here.recv();
  await here.recv();
  await untilBlocked();
  await from.send(7);
  await then.send(1);
  assert.equal(await to.recv(), 7);
  await done;
});

test("a processor that is blocked by what is no task does not keep others from being woken", async () => {
  gomaxprocs(1);
  const [here, until] = [shared.chan(1), shared.chan()];
  for (let i = 0; i < 100; i++) await add.run(i, 1); // it has learnt to look out for more
  await leaveBehind.run(here as never, until as never);
  await here.recv();
  await untilBlocked();
  assert.equal(await add.run(1, 2), 3);
  await until.send(1);
});
