// Does everything that threads share, on three of them, for as long as it is told, and looks whether memory stays what it was.
// npm run soak -- [SECONDS]

import { parseArgs } from "node:util";
import { main } from "gort";
import { collect } from "../parallel/tasks/collect.js";
import { internal } from "../support/internal.js";
import { numbers, stressSeed } from "../support/seed.js";
import { liveBlocks, sharedBytes } from "../support/blocks.js";
import { contention, traffic } from "../support/stress.js";

const usage = `usage: npm run soak -- [SECONDS] [--every SECONDS]

Random rounds of tasks, channels, selects, maps, locks and contexts on three threads, for 600 seconds if no number is given. Every 10
seconds, or --every so many (24 times, if that is more often), a line: what is left after a collection on each thread: resident memory,
the heap of the main thread, the shared memory and the blocks in use there. GORT_SEED repeats the choices of a run.

Exit code 1 if what is used has grown (the median of the last quarter of the lines is more than 10 % above that of the second, and by more than 1 MB or 50 blocks), or if
what is checked in every round does not hold; 2 for wrong options.`;

const procs = 2;
const { processors } = await internal<{ processors(): { workers: Map<number, unknown> } }>("../parallel/pool.js");

/** One line. */
interface Sample {
  readonly rss: number;
  readonly heapUsed: number;
  readonly shared: number;
  readonly blocks: number;
}

const MB = 2 ** 20;

/** Of what is little, a little more does not count: the slack. */
const units: Record<keyof Sample, { what: string; size: number; slack: number }> = {
  rss: { what: "MB resident", size: MB, slack: MB },
  heapUsed: { what: "MB of heap", size: MB, slack: MB },
  shared: { what: "MB shared", size: MB, slack: MB },
  blocks: { what: "blocks", size: 1, slack: 50 },
};
const names = Object.keys(units) as (keyof Sample)[];

/** What is used when no round is under way, and the collectors of all threads have run. */
async function look(): Promise<Sample> {
  let blocks = Infinity;
  for (let i = 0; i < 3; i++) {
    const spread = { come: new Int32Array(new SharedArrayBuffer(4)), threads: procs };
    await Promise.all([collect(spread), ...Array.from({ length: procs }, () => collect.run(spread))]);
    blocks = Math.min(blocks, liveBlocks());
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed, shared: sharedBytes(), blocks };
}

function line(sample: Sample): string {
  const figures = names.map((name) => {
    const { what, size } = units[name];
    return `${(sample[name] / size).toFixed(size === 1 ? 0 : 1)} ${what}`;
  });
  return `${figures.join(", ")}, ${1 + processors().workers.size} threads`;
}

function median(samples: readonly Sample[], name: keyof Sample): number {
  const sorted = samples.map((sample) => sample[name]).sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}

/** What has grown, one sentence each. */
function grown(samples: readonly Sample[]): string[] {
  const quarter = samples.length / 4;
  const [second, last] = [samples.slice(quarter, 2 * quarter), samples.slice(3 * quarter)];
  return names.flatMap((name) => {
    const [before, after] = [median(second, name), median(last, name)];
    const { what, size, slack } = units[name];
    if (after <= before * 1.1 + slack) return [];
    return [`from ${(before / size).toFixed(1)} to ${(after / size).toFixed(1)} ${what}`];
  });
}

async function soak(seconds: number, every: number): Promise<void> {
  const seed = stressSeed();
  console.log(`for ${seconds} s, with GORT_SEED=${seed}`);
  const below = numbers(seed);
  const choice = { below, of: <T>(items: readonly T[]) => items[below(items.length)] as T };
  const samples: Sample[] = [];
  const began = performance.now();
  const passed = () => (performance.now() - began) / 1000;
  let rounds = 0;
  while (passed() < seconds) {
    await (below(2) === 0 ? traffic(choice, procs) : contention(choice, procs));
    rounds++;
    if (passed() < every * (samples.length + 1)) continue;
    const sample = await look();
    samples.push(sample);
    console.log(`${passed().toFixed(0).padStart(5)} s ${String(rounds).padStart(6)} rounds: ${line(sample)}`);
  }
  const failures = grown(samples);
  if (samples.length < 4) failures.push(`nothing can be said of only ${samples.length} lines`);
  console.log(failures.length === 0 ? "flat" : `not flat: ${failures.join(", ")}`);
  if (failures.length > 0) process.exitCode = 1;
}

/** What the command line asks for; undefined if that is help, or cannot be done: then all has been said. */
function parse(): { seconds: number; every: number } | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" }, every: { type: "string" } },
    });
    if (values.help === true) {
      console.log(usage);
      return undefined;
    }
    const seconds = Number(positionals[0] ?? 600);
    const every = Number(values.every ?? Math.min(10, seconds / 24));
    if (positionals.length > 1 || !(seconds > 0) || !(every > 0)) throw new Error("SECONDS must be a number above 0");
    return { seconds, every };
  } catch (error) {
    console.error(`soak: ${(error as Error).message}\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

main(async () => {
  const job = parse();
  if (job !== undefined) await soak(job.seconds, job.every);
});
