// Programs of channels and goroutines whose results are known: primes, Hamming numbers, power series.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, type Chan, go, type RecvChan, select } from "gort";

async function take<T>(n: number, ch: RecvChan<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of ch) if (values.push(value) === n) break;
  return values;
}

function produce<T>(body: (out: Chan<T>) => Promise<void>, cap = 0): RecvChan<T> {
  const out = chan<T>(cap);
  go(body, out);
  return out;
}

/** Two channels that each give all of `input`; the slower reader holds the other back. */
function split<T>(input: RecvChan<T>): [RecvChan<T>, RecvChan<T>] {
  const [a, b] = [chan<T>(), chan<T>()];
  go(async () => {
    for await (const value of input) {
      let [first, second] = [a.sending(value), b.sending(value)] as (ReturnType<typeof a.sending> | null)[];
      while (first !== null || second !== null) {
        if ((await select({ first, second })).case === "first") first = null;
        else second = null;
      }
    }
  });
  return [a, b];
}

/** An unbounded queue between a fast writer and a slow reader. */
function unbounded<T>(input: RecvChan<T>): RecvChan<T> {
  return produce(async (out) => {
    for (const waiting: T[] = []; ;) {
      const s = await select({ input, out: waiting.length > 0 ? out.sending(waiting[0] as T) : null });
      if (s.case === "out") waiting.shift();
      else if (s.ok) waiting.push(s.value);
    }
  });
}

const isPrime = (n: number) => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
};
const primes = (n: number) => [...Array(10_000).keys()].filter(isPrime).slice(0, n);

for (const cap of [0, 1, 50]) {
  test(`CH-40 the sieve, a chain that grows by one goroutine for each prime, finds the primes (capacity ${cap})`, async () => {
    const sieve = produce<number>(async (out) => {
      let numbers = produce<number>(async (odd) => {
        for (let n = 2; ; n++) await odd.send(n);
      }, cap);
      for (;;) {
        const prime = (await numbers.recv()) as number;
        await out.send(prime);
        const rest = numbers;
        numbers = produce<number>(async (sifted) => {
          for await (const n of rest) if (n % prime !== 0) await sifted.send(n);
        }, cap);
      }
    });
    assert.deepEqual(await take(100, sieve), primes(100));
  });
}

test("CH-40 the numbers whose prime factors are 2, 3 and 5 come in order out of three streams fed by their own output", async () => {
  const hamming = produce<number>(async (out) => {
    const factors = [2, 3, 5];
    const feeds = factors.map(() => chan<number>());
    const streams = feeds.map((feed, i) =>
      produce<number>(async (product) => {
        for await (const n of unbounded(feed)) await product.send(n * (factors[i] as number));
      }),
    );
    let heads: number[] = [];
    for (let n = 1; ; n = Math.min(...heads)) {
      await out.send(n);
      for (const feed of feeds) await feed.send(n);
      const next: number[] = [];
      for (const [i, stream] of streams.entries()) {
        const head = heads[i] ?? n;
        next.push(head === n ? ((await stream.recv()) as number) : head);
      }
      heads = next;
    }
  });
  const only235 = (n: number) => {
    for (const p of [2, 3, 5]) while (n % p === 0) n /= p;
    return n === 1;
  };
  const expected = [...Array(2_000).keys()].slice(1).filter(only235).slice(0, 100);
  assert.deepEqual(await take(100, hamming), expected);
});

/** A fraction; a power series is the stream of its coefficients. */
type Q = readonly [num: bigint, den: bigint];
const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));
const q = (num: bigint, den = 1n): Q => {
  const g = gcd(num < 0n ? -num : num, den); // den is above 0, and stays so
  return [num / g, den / g];
};
const plus = (a: Q, b: Q) => q(a[0] * b[1] + b[0] * a[1], a[1] * b[1]);
const times = (a: Q, b: Q) => q(a[0] * b[0], a[1] * b[1]);

const integral = (constant: Q, f: RecvChan<Q>) =>
  produce<Q>(async (out) => {
    await out.send(constant);
    for (let n = 1n; ; n++) await out.send(times((await f.recv()) as Q, q(1n, n)));
  });
const negative = (f: RecvChan<Q>) =>
  produce<Q>(async (out) => {
    for await (const a of f) await out.send(times(a, q(-1n)));
  });
const sum = (f: RecvChan<Q>, g: RecvChan<Q>) =>
  produce<Q>(async (out) => {
    for (;;) await out.send(plus((await f.recv()) as Q, (await g.recv()) as Q));
  });
const square = (f: RecvChan<Q>) =>
  produce<Q>(async (out) => {
    const a: Q[] = [];
    for await (const next of f) {
      a.push(next);
      await out.send(a.reduce<Q>((total, x, i) => plus(total, times(x, a[a.length - 1 - i] as Q)), q(0n)));
    }
  });

test("CH-40 a power series that is the integral of itself is the exponential function", async () => {
  const feedback = chan<Q>();
  const [exp, own] = split(integral(q(1n), feedback));
  go(async () => {
    for await (const a of own) await feedback.send(a);
  });
  let factorial = 1n;
  const expected = Array.from({ length: 20 }, (_, n) => q(1n, (factorial *= n === 0 ? 1n : BigInt(n))));
  assert.deepEqual(await take(20, exp), expected);
});

test("CH-40 sine and cosine, each the integral of the other, have squares that add up to 1", async () => {
  const [toSine, toCosine] = [chan<Q>(), chan<Q>()];
  const [sine, s] = split(integral(q(0n), toSine));
  const [cosine, c] = split(integral(q(1n), negative(toCosine)));
  for (const [from, to] of [
    [s, toCosine],
    [c, toSine],
  ] as const) {
    go(async () => {
      for await (const a of from) await to.send(a);
    });
  }
  const ones = sum(square(sine), square(cosine));
  assert.deepEqual(await take(12, ones), [q(1n), ...Array.from({ length: 11 }, () => q(0n))]);
});
