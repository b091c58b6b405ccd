// A goroutine leak, how it is found, and its cure.
//
// The first of three answers is taken; the two that come later are sent to a channel on which nobody receives any
// more, so their goroutines wait for ever. The garbage collector proves it: when nothing can reach what a goroutine
// waits on, nobody can wake it. The cure is room for every answer.
//
// SPEC: program 16, row R7, C1.
// Run: gort run examples/leak.ts

import { chan, go, main } from "gort";
import * as runtime from "gort/runtime";
import * as time from "gort/time";

const replicas = ["amsterdam", "berlin", "copenhagen"];

async function query(replica: string): Promise<string> {
  await time.sleep(Math.random() * 10 * time.millisecond);
  return `answer from ${replica}`;
}

async function fastest(capacity: number): Promise<string | undefined> {
  const answers = chan<string>(capacity);
  for (const replica of replicas) go(async () => answers.send(await query(replica)));
  return answers.recv();
}

async function report(): Promise<void> {
  await time.sleep(50 * time.millisecond); // by now the slower ones have answered, too
  const leaks = await runtime.leaks();
  console.log(`${leaks.length} goroutines leak`);
  for (const g of leaks) console.log(`goroutine ${g.id} [${g.state}], started\n${g.createdAt}`);
}

main(async () => {
  console.log(`with room for every answer: ${await fastest(replicas.length)}`);
  await report();
  console.log(`without a buffer: ${await fastest(0)}`);
  await report();
});

// Output:
// with room for every answer: answer from …
// 0 goroutines leak
// without a buffer: answer from …
// 2 goroutines leak
// goroutine … [chan send], started
//     at fastest (…/examples/leak.ts:…)
//     at …/examples/leak.ts:…
// goroutine … [chan send], started
//     at fastest (…/examples/leak.ts:…)
//     at …/examples/leak.ts:…
