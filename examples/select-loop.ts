// The select loop: two senders, a quit channel, and a limit on how long each turn may wait.
//
// `time.after` in a select is a time limit for this one turn: a new one begins with the next. It costs nothing when
// another case wins. A case whose channel is `undefined` is off, which is how a closed sender leaves the loop.
//
// SPEC: program 5, rows C5, C6, C7.
// Run: gort run examples/select-loop.ts

import { chan, go, main, type RecvChan, select, type SendChan } from "gort";
import * as time from "gort/time";

async function chatter(name: string, pause: number, out: SendChan<string>): Promise<void> {
  for (let n = 1; n <= 3; n++) {
    await time.sleep(pause);
    await out.send(`${name} ${n}`);
  }
  out.close();
}

main(async () => {
  const ticks = chan<string>();
  const tocks = chan<string>();
  const quit = chan<void>();
  go(chatter, "tick", 10 * time.millisecond, ticks);
  go(chatter, "tock", 15 * time.millisecond, tocks);

  let tick: RecvChan<string> | undefined = ticks;
  let tock: RecvChan<string> | undefined = tocks;
  for (;;) {
    const s = await select({ tick, tock, quit, late: time.after(500 * time.millisecond) });
    switch (s.case) {
      case "tick":
        if (s.ok) console.log(s.value);
        else tick = undefined;
        break;
      case "tock":
        if (s.ok) console.log(s.value);
        else tock = undefined;
        break;
      case "late":
        console.log("nobody has said anything for 500ms");
        quit.close();
        break;
      case "quit":
        console.log("bye");
        return;
    }
  }
});

// Unordered output:
// tick 1
// tock 1
// tick 2
// tick 3
// tock 2
// tock 3
// nobody has said anything for 500ms
// bye
