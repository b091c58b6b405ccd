// Dumps the goroutines while some of them have been woken and stand in line, as the slice is over.

import { chan, go, main, select } from "gort";
import { dump } from "gort/runtime";

main(async () => {
  const [ch, never, got] = [chan<number>(), chan<never>(), chan<number>(200)];
  let waiting = 0;
  for (let i = 0; i < 100; i++) {
    go(async () => {
      waiting++;
      got.trySend((await ch.recv()) as number);
    });
    go(async () => {
      waiting++;
      const s = await select({ never, ch });
      if (s.case === "ch") got.trySend(s.value as number);
    });
  }
  while (waiting < 200) await new Promise(setImmediate);
  for (const until = performance.now() + 30; performance.now() < until;);
  for (let i = 0; i < 200; i++) if (!ch.trySend(1)) throw new Error(`only ${i} have been waiting`);
  const text = await dump();
  let sum = 0;
  for (let i = 0; i < 200; i++) sum += (await got.recv()) as number;
  console.log(sum, text.includes("goroutine 1 "));
});
