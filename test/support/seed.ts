// Random tests that can be run again: GORT_SEED takes the seed that a failure printed.

/** A repeatable source of choices. */
export interface Choice {
  /** An integer from 0 up to, but not including, `n`. */
  below(n: number): number;
  /** One of the items. */
  of<T>(items: readonly T[]): T;
}

/** Runs `body` with a source of choices; an error tells the seed. */
export async function seeded(body: (choice: Choice) => Promise<void>): Promise<void> {
  const seed = stressSeed();
  try {
    await body(choice(seed));
  } catch (error) {
    throw new Error(`failed with GORT_SEED=${seed}`, { cause: error });
  }
}

/** The same so many times, each with a seed of its own; the one that an error tells comes first when it is given. */
export async function rounds(n: number, body: (choice: Choice, seed: number) => Promise<void>): Promise<void> {
  const first = stressSeed();
  for (let i = 0; i < n; i++) {
    const seed = (first + i) % 2 ** 31;
    try {
      await body(choice(seed), seed);
    } catch (error) {
      throw new Error(`failed with GORT_SEED=${seed}`, { cause: error });
    }
  }
}

/** The seed of a random test: $GORT_SEED, or a new one. */
export function stressSeed(): number {
  return Number(process.env["GORT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
}

/** A function that gives pseudo-random integers from 0 up to, but not including, its argument. */
export function numbers(seed: number): (n: number) => number {
  return choice(seed).below;
}

/** A Weyl sequence, scrambled. */
function choice(seed: number): Choice {
  let state = seed | 0;
  const below = (n: number) => {
    state = (state + 0x9e3779b9) | 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
    x = Math.imul(x ^ (x >>> 15), 0x27d4eb2d);
    x ^= x >>> 16;
    return Math.floor(((x >>> 0) / 2 ** 32) * n);
  };
  return { below, of: <T>(items: readonly T[]) => items[below(items.length)] as T };
}
