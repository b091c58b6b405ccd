// The random choices of select: fast, and repeatable when seeded.

let state = (Math.random() * 2 ** 32) | 1;

/** An integer from 0 up to, but not including, `n`. */
export function random(n: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 1) % n; // integers throughout: select asks each time that several cases are ready
}

/** Begins the sequence anew from a seed. */
export function seed(n: number): void {
  state = n | 0 || 1;
}
