// The prime sieve: a chain of goroutines, one for each prime, each of which lets through what its prime does not
// divide.
//
// SPEC: program 25, rows P2, R1, C2.
// Run: gort run examples/sieve.ts

import { chan, go, main, type RecvChan, type SendChan } from "gort";

/** Sends 2, 3, 4… */
async function count(out: SendChan<number>): Promise<never> {
  for (let n = 2; ; n++) await out.send(n);
}

/** Passes on what `prime` does not divide. */
async function sift(numbers: RecvChan<number>, out: SendChan<number>, prime: number): Promise<void> {
  for await (const n of numbers) if (n % prime !== 0) await out.send(n);
}

main(async () => {
  let numbers = chan<number>();
  go(count, numbers);
  for (let i = 0; i < 10; i++) {
    const prime = (await numbers.recv())!;
    console.log(prime);
    const sifted = chan<number>();
    go(sift, numbers, sifted, prime);
    numbers = sifted;
  }
});

// Output:
// 2
// 3
// 5
// 7
// 11
// 13
// 17
// 19
// 23
// 29
