// A deadlock in which each goroutine waits for something else. The test knows its lines and columns: change them together.

import { chan, go, main, nil, select } from "gort";
import { WaitGroup } from "gort/sync";
import * as time from "gort/time";

interface Box {
  value: number;
}

async function receiver(ch: AsyncIterable<Box>): Promise<void> {
  for await (const box of ch) void box;
}

async function sender(): Promise<void> {
  const ch = chan<Box>();
  await ch.send({ value: 1 });
}

async function deeper(): Promise<void> {
  await select({ a: chan<number>(), b: chan<string>().sending("x") });
}

main(async function start(): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  go(receiver, chan<Box>());
  go(sender);
  go(async () => {
    await deeper();
  });
  go(async () => {
    await select({});
  });
  go(async () => {
    await time.sleep(Infinity);
  });
  go(async () => {
    await nil.recv();
  });
  go(async () => {
    await nil.send(1);
  });
  go(async () => {
    await new Promise(() => {});
  });
  await wg.wait();
});
