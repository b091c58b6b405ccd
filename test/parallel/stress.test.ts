// Random programs on two to four threads, over everything that threads share. GORT_STRESS=5000 npm test -- parallel/stress takes
// it further: so many rounds of each. What a failure prints as GORT_SEED repeats its round, as the first.

import { test } from "node:test";
import { rounds } from "../support/seed.js";
import { contention, traffic } from "../support/stress.js";

const asked = process.env["GORT_STRESS"];

test(
  "whatever threads do with channels, every value arrives exactly once, each producer's in order, and everybody ends",
  { timeout: 36_000_000 },
  async () => {
    await rounds(Number(asked ?? 25), traffic);
  },
);

test(
  "whatever threads do with locks, groups, onces, conds, semaphores, maps and atomics, nobody is where they must not be",
  { timeout: 36_000_000 },
  async () => {
    await rounds(Number(asked ?? 40), contention);
  },
);
