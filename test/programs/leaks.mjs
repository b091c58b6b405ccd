// Goroutines that wait on channels nobody else knows, and on one that somebody does.

import { chan, go, gosched, main } from "gort";
import { goroutines, leaks } from "gort/runtime";
import * as time from "gort/time";

const known = chan();

async function lost() {
  await chan().recv();
}

async function lostSender() {
  await chan().send(1);
}

async function waits() {
  await known.recv();
}

async function sleeps() {
  await time.sleep(time.hour);
}

main(async () => {
  const own = chan();
  go(lost);
  go(lostSender);
  go(waits);
  go(sleeps);
  go(async function waitsForMain() {
    await own.recv();
  });
  while (goroutines().some((g) => g.id !== 1 && !/chan|sleep/.test(g.state))) await gosched();
  const found = await leaks();
  for (const g of found)
    console.log(`${g.id} ${g.state} by ${g.createdBy}`, /leaks\.mjs:\d+:\d+/.exec(g.createdAt)?.[0]);
  console.log(`${goroutines().length} goroutines`);
  known.close();
  own.close();
});
