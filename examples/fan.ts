// Fan-out and fan-in: four goroutines receive from one channel, and their results come together in another, with a
// running sum.
//
// Fan-out is nothing but several receivers on a channel. Fan-in is a goroutine per input that passes on what it
// receives, and one that closes the output when all of them have ended.
//
// SPEC: program 8, rows P2, C2, C3, S1.
// Run: gort run examples/fan.ts

import { chan, go, main, type RecvChan } from "gort";
import * as sync from "gort/sync";
import * as time from "gort/time";

function count(to: number): RecvChan<number> {
  const out = chan<number>();
  go(async () => {
    for (let n = 1; n <= to; n++) await out.send(n);
    out.close();
  });
  return out;
}

function square(numbers: RecvChan<number>): RecvChan<number> {
  const out = chan<number>();
  go(async () => {
    for await (const n of numbers) {
      await time.sleep(Math.random() * 10 * time.millisecond);
      await out.send(n * n);
    }
    out.close();
  });
  return out;
}

function merge<T>(...inputs: RecvChan<T>[]): RecvChan<T> {
  const out = chan<T>();
  const wg = new sync.WaitGroup();
  for (const input of inputs) {
    wg.go(async () => {
      for await (const value of input) await out.send(value);
    });
  }
  go(async () => {
    await wg.wait();
    out.close();
  });
  return out;
}

main(async () => {
  const numbers = count(10);
  const squares = merge(square(numbers), square(numbers), square(numbers), square(numbers));
  let sum = 0;
  for await (const n of squares) {
    sum += n;
    console.log(`+ ${n} makes ${sum}`);
  }
  console.log(`the sum is ${sum}`);
});

// Unordered output:
// + 1 makes …
// + 4 makes …
// + 9 makes …
// + 16 makes …
// + 25 makes …
// + 36 makes …
// + 49 makes …
// + 64 makes …
// + 81 makes …
// + 100 makes …
// the sum is 385
