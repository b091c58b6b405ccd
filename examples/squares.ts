// Ten numbers, three workers, one sum of squares.
//
// SPEC: program 17, rows P1, C3, C7, S1.
// Run: gort run examples/squares.ts

import { chan, go, main } from "gort";
import * as sync from "gort/sync";

main(async () => {
  const numbers = chan<number>();
  const squares = chan<number>();

  go(async () => {
    for (let n = 1; n <= 10; n++) await numbers.send(n);
    numbers.close();
  });

  const wg = new sync.WaitGroup();
  for (let i = 0; i < 3; i++) {
    wg.go(async () => {
      for await (const n of numbers) await squares.send(n * n);
    });
  }
  go(async () => {
    await wg.wait();
    squares.close();
  });

  let sum = 0;
  for await (const square of squares) sum += square;
  console.log(`1² + 2² + … + 10² = ${sum}`);
});

// Output:
// 1² + 2² + … + 10² = 385
