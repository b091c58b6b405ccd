// A deadlock, and how it is reported: two goroutines each hold what the other waits for.
//
// Each of them sends first and receives second, on channels without a buffer, so neither ever gets to its receive.
// Nothing is left that could wake anybody: the program ends with exit code 2 and says where everyone waits and who
// started it. The cure: let one of the two receive first (`--cured`).
//
// SPEC: program 16, rows R5, R6, C1.
// Run: gort run examples/deadlock.ts [--cured]

import { chan, go, main, type RecvChan, type SendChan } from "gort";

async function trade(mine: string, out: SendChan<string>, into: RecvChan<string>): Promise<void> {
  await out.send(mine);
  console.log(`${mine} for ${await into.recv()}`);
}

/** The other way round. */
async function answer(mine: string, out: SendChan<string>, into: RecvChan<string>): Promise<void> {
  const theirs = await into.recv();
  await out.send(mine);
  console.log(`${mine} for ${theirs}`);
}

main(async () => {
  const cured = process.argv.includes("--cured");
  const left = chan<string>();
  const right = chan<string>();
  go(trade, "apples", left, right);
  if (cured) await answer("pears", right, left);
  else await trade("pears", right, left);
});

// $ gort run examples/deadlock.ts
// Stderr:
// fatal error: all goroutines are asleep - deadlock!
//
// goroutine 1 [chan send]:
//     at async trade (…/examples/deadlock.ts:13:3)
//     at async …/examples/deadlock.ts:30:8
//
// goroutine 2 [chan send]:
//     at async trade (…/examples/deadlock.ts:13:3)
// created in goroutine 1
//     at …/examples/deadlock.ts:28:3
// Exit code: 2

// $ gort run examples/deadlock.ts --cured
// Unordered output:
// apples for pears
// pears for apples
