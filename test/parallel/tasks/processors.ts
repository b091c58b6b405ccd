// Tasks that keep processors busy, blocked or waiting, for the tests of how tasks are spread. Any thread may load this module.

import { threadId } from "node:worker_threads";
import { type Chan, go } from "gort";
import { task } from "gort/parallel";
import { add } from "./work.js";

type Ints = Chan<number> & { sendSync(n: number): void; recvSync(): unknown };

/** Keeps its thread busy for a moment, and then waits without holding it. */
export const hold = task(import.meta, async function hold(here: Chan<number>, until: Chan<number>) {
  await here.send(threadId);
  for (const end = performance.now() + 2; performance.now() < end;);
  await until.recv();
});

/** Waits without holding its thread, and then blocks it. */
export const waitThenBlock = task(import.meta, async function waitThenBlock(here: Ints, first: Ints, then: Ints) {
  await here.send(threadId);
  await first.recv();
  return then.recvSync();
});

/** Blocks its thread; on it, a goroutine passes on what it receives, and a timer holds the event loop. */
export const blockBeside = task(import.meta, async function blockBeside(here: Ints, from: Ints, to: Ints, then: Ints) {
  const timer = setInterval(() => {}, 100_000);
  go(async () => {
    await to.send((await from.recv()) as number);
    clearInterval(timer);
  });
  await here.send(threadId);
  await new Promise((resolve) => setTimeout(resolve, 5)); // the thread gives up looking for mail
  await here.send(threadId);
  then.recvSync();
});

export const receive = task(import.meta, async function receive(here: Ints, ch: Ints) {
  await here.send(threadId);
  return ch.recv();
});

export const receiveSync = task(import.meta, function receiveSync(here: Ints, ch: Ints) {
  here.sendSync(threadId);
  return ch.recvSync();
});

/** Has another thread run {@link answerLate}, and ends its own on demand. */
export const submitAndDie = task(import.meta, async function submitAndDie(here: Ints, until: Ints, die: Ints) {
  const answer = answerLate.run(here, until);
  while (here.len === 0);
  await die.recv();
  process.exit(7);
  return answer;
});

export const answerLate = task(import.meta, async function answerLate(here: Ints, until: Ints): Promise<object> {
  here.trySend(threadId);
  await until.recv();
  return { a: [here] };
});

/** Keeps its thread busy for a moment, and then has others add 1 to what it receives, and passes that on. */
export const relay = task(import.meta, async function relay(here: Chan<number>, from: Chan<number>, to: Chan<number>) {
  await here.send(threadId);
  for (const end = performance.now() + 2; performance.now() < end;);
  for await (const n of from) await to.send(await add.run(n, 1));
});

const resolved = Promise.resolve();

/** Ends, and leaves something behind that is no goroutine and soon blocks the thread. */
export const leaveBehind = task(import.meta, function leaveBehind(here: Ints, until: Ints) {
  const later = async () => {
    for (let i = 0; i < 50; i++) await resolved;
    here.trySend(threadId);
    until.recvSync();
  };
  void later();
});
