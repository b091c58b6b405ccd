// A pipeline: generate, square, filter. Each stage is a goroutine that receives from the one before.
//
// A stage returns the channel that it sends on, and closes it in the end. Nothing is buffered, so no stage gets ahead
// of the last: the generator counts without end, and stops as soon as `done` is closed, like every stage after it.
//
// SPEC: program 6, rows P2, C2, C7.
// Run: gort run examples/pipeline.ts

import { chan, go, gosched, main, type RecvChan, select } from "gort";
import * as runtime from "gort/runtime";

/** 1, 2, 3… until `done` is closed. */
function generate(done: RecvChan<void>): RecvChan<number> {
  const out = chan<number>();
  go(async () => {
    for (let n = 1; ; n++) {
      const s = await select({ out: out.sending(n), done });
      if (s.case === "done") break;
    }
    out.close();
  });
  return out;
}

function square(done: RecvChan<void>, numbers: RecvChan<number>): RecvChan<number> {
  const out = chan<number>();
  go(async () => {
    for await (const n of numbers) {
      const s = await select({ out: out.sending(n * n), done });
      if (s.case === "done") break;
    }
    out.close();
  });
  return out;
}

function filter(done: RecvChan<void>, numbers: RecvChan<number>, keep: (n: number) => boolean): RecvChan<number> {
  const out = chan<number>();
  go(async () => {
    for await (const n of numbers) {
      if (!keep(n)) continue;
      const s = await select({ out: out.sending(n), done });
      if (s.case === "done") break;
    }
    out.close();
  });
  return out;
}

main(async () => {
  const done = chan<void>();
  const isOdd = (n: number) => n % 2 === 1;
  for await (const n of filter(done, square(done, generate(done)), isOdd)) {
    console.log(n);
    if (n > 100) break;
  }

  done.close();
  while (runtime.numGoroutine() > 1) await gosched();
  console.log("no stage is left behind");
});

// Output:
// 1
// 9
// 25
// 49
// 81
// 121
// no stage is left behind
