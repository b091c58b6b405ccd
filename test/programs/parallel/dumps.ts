// Goroutines on several threads: some wait, one computes, one is blocked. Prints them all.

import { chan, go, main, type RecvChan } from "gort";
import { gomaxprocs, shared, task } from "gort/parallel";
import * as runtime from "gort/runtime";

type Numbers = ReturnType<typeof shared.chan<number>>;

export const listens = task(import.meta, async function listens(ready: Numbers, end: RecvChan<number>) {
  go(waits, end);
  await ready.send(1);
  await end.recv();
});

async function waits(end: RecvChan<number>): Promise<void> {
  await end.recv();
}

export const spins = task(import.meta, function spins(ready: Numbers) {
  ready.sendSync(1);
  for (;;);
});

export const blocks = task(import.meta, function blocks(ready: Numbers, never: Numbers) {
  ready.sendSync(1);
  never.recvSync();
});

main(async () => {
  gomaxprocs(3);
  const [ready, end, never] = [shared.chan<number>(), shared.chan<number>(), shared.chan<number>()];
  go(blocks, ready, never);
  await ready.recv();
  go(spins, ready);
  await ready.recv();
  go(listens, ready, end);
  await ready.recv();
  go(() => chan().recv());
  console.log(await runtime.dump());
});
