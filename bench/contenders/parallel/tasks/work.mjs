// What the tasks of all contenders do.

export function add({ a, b }) {
  return a + b;
}

/** How many primes there are among the numbers of a chunk. */
export function countPrimes({ from, to }) {
  let count = 0;
  for (let n = Math.max(from, 2); n < to; n++) {
    let d = 2;
    while (d * d <= n && n % d !== 0) d++;
    if (d * d > n) count++;
  }
  return count;
}

const urls = Array.from({ length: 1_024 }, (_, i) => `https://example.com/page/${i}`);

/** The i-th object that goes through a channel. */
export function page(i) {
  return { id: i, url: urls[i & 1_023] };
}
