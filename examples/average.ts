// A pipeline of three stages of different speed, the average of what comes out, and how long it took.
//
// The stages work at the same time: while one value is weighed, the next is being washed and the one after it picked.
// So the whole takes about as long as its slowest stage alone, not as long as all three.
//
// SPEC: program 18, rows P2, C2, C3.
// Run: gort run examples/average.ts

import { chan, go, main, type RecvChan } from "gort";
import * as time from "gort/time";

interface Apple {
  grams: number;
}

function pick(count: number, took: number): RecvChan<Apple> {
  const out = chan<Apple>();
  go(async () => {
    for (let i = 1; i <= count; i++) {
      await time.sleep(took);
      await out.send({ grams: 100 + i });
    }
    out.close();
  });
  return out;
}

function wash(apples: RecvChan<Apple>, took: number): RecvChan<Apple> {
  const out = chan<Apple>();
  go(async () => {
    for await (const apple of apples) {
      await time.sleep(took);
      await out.send(apple);
    }
    out.close();
  });
  return out;
}

function weigh(apples: RecvChan<Apple>, took: number): RecvChan<number> {
  const out = chan<number>();
  go(async () => {
    for await (const apple of apples) {
      await time.sleep(took);
      await out.send(apple.grams);
    }
    out.close();
  });
  return out;
}

main(async () => {
  const count = 20;
  const [picking, washing, weighing] = [5, 20, 10].map((ms) => ms * time.millisecond) as [number, number, number];

  const began = performance.now();
  let sum = 0;
  for await (const grams of weigh(wash(pick(count, picking), washing), weighing)) sum += grams;
  const took = Math.round(performance.now() - began);

  console.log(`average of ${count} apples: ${sum / count} g`);
  console.log(`one after the other they would take ${time.formatDuration(count * (picking + washing + weighing))}`);
  console.log(`in a pipeline they took ${time.formatDuration(took)}`);
});

// Output:
// average of 20 apples: 110.5 g
// one after the other they would take 700ms
// in a pipeline they took …s
