// Shutdown by broadcast: closing one channel stops any number of workers.
//
// A value that is sent reaches one receiver; a close reaches all of them, also those that look later.
//
// SPEC: program 3, rows C3, C5, C7, S1.
// Run: gort run examples/shutdown.ts

import { chan, main, type RecvChan, select } from "gort";
import * as sync from "gort/sync";
import * as time from "gort/time";

async function worker(id: number, quit: RecvChan<void>): Promise<void> {
  const turn = time.tick(5 * time.millisecond);
  let turns = 0;
  for (;;) {
    const s = await select({ quit, turn });
    switch (s.case) {
      case "turn":
        turns++;
        break;
      case "quit":
        console.log(`worker ${id} stops after ${turns} turns`);
        return;
    }
  }
}

main(async () => {
  const quit = chan<void>();
  const wg = new sync.WaitGroup();
  for (let id = 1; id <= 3; id++) wg.go(worker, id, quit);

  await time.sleep(50 * time.millisecond);
  console.log("closing time");
  quit.close();
  await wg.wait();
  console.log("everybody has gone home");
});

// Unordered output:
// closing time
// worker 1 stops after … turns
// worker 2 stops after … turns
// worker 3 stops after … turns
// everybody has gone home
