// The primes below a limit are counted in 64 chunks, on one processor, on two, and so on: how much faster is that?
//
// A chunk is a task: a function that any processor can run, found there by its module and its name. The processors take
// chunks as they have time, so that the last ones, which take longer, are shared, too. All that is copied is two numbers
// on the way there and one on the way back.
//
// SPEC: program 28, rows R3, R4, S1.
// Run: gort run examples/primes.ts [--limit N] [--procs P]
//
// Exit codes: 0; 2 if an option is wrong; 130 after Ctrl-C.

import { parseArgs } from "node:util";
import { type Context, main } from "gort";
import { gomaxprocs, task } from "gort/parallel";
import * as runtime from "gort/runtime";

const usage = "usage: gort run examples/primes.ts [--limit N] [--procs P]";
const chunks = 64;

/** How many primes there are from `from` up to, but not including, `to`. */
export const countPrimes = task(import.meta, function countPrimes(from: number, to: number): number {
  let count = 0;
  for (let n = Math.max(from, 2); n < to; n++) if (isPrime(n)) count++;
  return count;
});

function isPrime(n: number): boolean {
  if (n % 2 === 0) return n === 2;
  for (let d = 3; d * d <= n; d += 2) if (n % d === 0) return false;
  return true;
}

main(async (ctx) => {
  const job = parse(process.argv.slice(2));
  if (job === undefined) return;

  let one = 0;
  for (let p = 1; p <= job.procs; p++) {
    gomaxprocs(p);
    await countAll(ctx, Math.min(job.limit, 100_000)); // starts the processors, and lets them compile the function
    const began = performance.now();
    const count = await countAll(ctx, job.limit, new Bar(p));
    const ms = performance.now() - began;
    if (p === 1) console.log(`${count} primes below ${job.limit}`);
    one ||= ms;
    console.log(
      `${p} of ${runtime.numCPU()} processors: ${ms.toFixed(0)} ms, ${(one / ms).toFixed(2)} times as fast as one`,
    );
  }
});

async function countAll(ctx: Context, limit: number, bar?: Bar): Promise<number> {
  const width = Math.ceil(limit / chunks);
  const counts = Array.from({ length: chunks }, async (_, i) => {
    const count = await countPrimes.runWith(ctx, i * width, Math.min((i + 1) * width, limit));
    bar?.step();
    return count;
  });
  return (await Promise.all(counts)).reduce((a, b) => a + b);
}

/** How far we are, on a terminal. */
class Bar {
  readonly #title: string;
  #done = 0;

  constructor(procs: number) {
    this.#title = `${procs} processor${procs === 1 ? "" : "s"}`;
  }

  step(): void {
    this.#done++;
    if (!process.stderr.isTTY) return;
    const rest = "·".repeat(chunks - this.#done);
    process.stderr.write(this.#done === chunks ? "\r\x1b[K" : `\r${this.#title} ${"█".repeat(this.#done)}${rest}`);
  }
}

/** What the command line asks for; `undefined` if that cannot be done: then all has been said. */
function parse(args: string[]): { limit: number; procs: number } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        limit: { type: "string", default: "3000000" },
        procs: { type: "string", default: String(runtime.numCPU()) },
      },
    });
    if (!/^[1-9]\d{0,8}$/.test(values.limit)) {
      throw new Error(`--limit must be from 1 to 999999999, got "${values.limit}"`);
    }
    if (!/^[1-9]\d?$/.test(values.procs)) throw new Error(`--procs must be from 1 to 99, got "${values.procs}"`);
    return { limit: Number(values.limit), procs: Number(values.procs) };
  } catch (error) {
    console.error(`primes: ${(error as Error).message}\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

// $ gort run examples/primes.ts --limit 300000 --procs 2
// Output:
// 25997 primes below 300000
// 1 of … processors: … ms, 1.00 times as fast as one
// 2 of … processors: … ms, … times as fast as one

// $ gort run examples/primes.ts --limit 0
// Stderr:
// primes: --limit must be from 1 to 999999999, got "0"
// usage: gort run examples/primes.ts [--limit N] [--procs P]
// Exit code: 2
