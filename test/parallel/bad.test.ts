// What is too much, and what only one may do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, select } from "gort";
import { withCancel, background } from "gort/context";
import { gomaxprocs, shared } from "gort/parallel";
import { liveBlocks, starved } from "../support/blocks.js";
import { lives } from "../support/shared.js";
import { closeAll, length, sendOn } from "./tasks/bad.js";

gomaxprocs(2);

test("CH-20 of two threads that close a channel one does, and the other panics", async () => {
  const channels = Array.from({ length: 2000 }, () => shared.chan<number>(1));
  const spread = { come: new Int32Array(new SharedArrayBuffer(4)), threads: 2 };
  const outcomes = await Promise.all([closeAll.run(channels, spread), closeAll.run(channels, spread)]);
  channels.forEach((_, i) => {
    const pair = outcomes.map((outcome) => outcome[i]);
    assert.ok(pair.join("") === "-c" || pair.join("") === "c-", `channel ${i}`);
  });
});

test("a message of 100 MB goes to another thread and comes back", async () => {
  const [there, back] = [shared.chan<unknown>(), shared.chan<unknown>(1)];
  const on = sendOn.run(there, back);
  const bytes = new Uint8Array(100_000_000);
  for (let i = 0; i < bytes.length; i += 999_983) bytes[i] = i;
  await there.send({ bytes });
  there.close();
  const got = (await back.recv()) as { bytes: Uint8Array };
  assert.equal(Buffer.compare(got.bytes, bytes), 0);
  assert.deepEqual(await back.recvOk(), [undefined, false]);
  await on;
});

const text = "a text that needs a block of its own ".repeat(20);
const full = { name: "RangeError", message: /^gort: the memory that threads share is exhausted/ };

test("when the memory is exhausted, what needs more says so, and changes nothing", async () => {
  const ch = shared.chan<string>(1);
  assert.equal(await length.run(text), text.length);
  const before = liveBlocks();
  const pending: Promise<unknown>[] = [];
  starved(() => {
    assert.throws(() => shared.chan(1), full);
    assert.throws(() => new shared.Mutex(), full);
    assert.throws(() => new shared.Map(), full);
    assert.throws(() => ch.trySend(text), full);
    assert.throws(() => go(length, text), full);
    pending.push(
      assert.rejects(ch.send(text), full),
      assert.rejects(length.run(text), full),
      assert.rejects(length.runWith(withCancel(background())[0], text), full),
    );
    assert.equal(ch.trySend(""), true);
  });
  await Promise.all(pending);
  assert.equal(await ch.recv(), "");
  assert.equal(await length.run(text), text.length);
  assert.equal(liveBlocks(), before);
});

test("a select of so many cases that there is no memory for their list lets go of what it would have sent", async () => {
  const [ch, sent] = [shared.chan<unknown>(), shared.chan<never>()];
  const { pointer } = sent as unknown as { pointer: number };
  const cases = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`case ${i}`, ch]));
  let outcome: Promise<unknown> = Promise.resolve();
  starved(() => {
    outcome = select({ ...cases, out: ch.sending(sent) });
  });
  await assert.rejects(outcome, full);
  sent[Symbol.dispose]();
  assert.ok(!lives(pointer));
});

test("a wait for which there is no memory rejects, leaves no queue entered, and what it would have sent is let go of", async () => {
  const [empty, taken] = [shared.chan<string>(), shared.chan<number | string>()];
  const [mu, rw, wg, sem] = [new shared.Mutex(), new shared.RWMutex(), new shared.WaitGroup(), new shared.Semaphore(1)];
  const quit = chan<never>();
  const [ctx, cancel] = withCancel(background());
  const waits: (() => Promise<unknown>)[] = [
    () => empty.recv(),
    () => empty.recv(ctx),
    () => empty.recvMany(2),
    () => taken.send(1),
    () => taken.send(1, ctx),
    () => mu.lock(),
    () => mu.lock(ctx),
    () => rw.rlock(ctx),
    () => rw.lock(),
    () => wg.wait(),
    () => wg.wait(ctx),
    () => sem.acquire(ctx),
    () => select({ empty, quit, done: ctx.done() }),
    () => select({ empty, out: taken.sending(2), quit }),
  ];
  await mu.lock();
  await rw.lock();
  await sem.acquire(background());
  wg.add(1);
  const idle = shared.chan<never>();
  const idles = idle.recv(); // with the waiter that was at hand
  const before = liveBlocks();
  const outcomes: Promise<unknown>[] = [];
  starved(() => {
    for (const wait of [...waits, ...waits]) outcomes.push(wait());
  });
  const failed = await Promise.allSettled(outcomes.map((outcome) => assert.rejects(outcome, full)));
  assert.deepEqual(
    failed.flatMap(({ status }, i) => (status === "rejected" ? [i] : [])),
    [],
  );
  cancel();
  quit.close();
  assert.equal(liveBlocks(), before);

  mu.unlock();
  rw.unlock();
  sem.release();
  wg.done();
  assert.deepEqual([empty.trySend(text), taken.tryRecv()], [false, undefined]);
  assert.deepEqual([mu.tryLock(), rw.tryLock(), sem.tryAcquire()], [true, true, true]);
  await wg.wait();
  idle.close();
  await idles;
});

test("a wait on a cond for which there is no memory rejects with the lock held, and takes no signal from another", async () => {
  const cond = new shared.Cond(new shared.Mutex());
  await cond.l.lock();
  const other = cond.wait();
  await cond.l.lock();
  const before = liveBlocks();
  let outcome: Promise<void> | undefined;
  starved(() => {
    outcome = cond.wait();
  });
  await assert.rejects(outcome as Promise<void>, full);
  assert.equal((cond.l as shared.Mutex).tryLock(), false, "the lock is not held");
  assert.equal(liveBlocks(), before);
  cond.signal();
  cond.l.unlock();
  await other;
  cond.l.unlock();
});
