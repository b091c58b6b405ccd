// The workloads that everything that runs tasks can do, in the same way for all of them.

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const exec = promisify(execFile);

/** How many threads a pool has. */
export const threads = Number(process.env.GOMAXPROCS ?? 2);

/** The file with a contender's tasks. */
export const tasks = (name) => new URL(`tasks/${name}.mjs`, import.meta.url);

/** Makes it when it is asked for first: run.mjs loads the contenders as well, to see what they can do. */
export function lazy(make) {
  let made;
  return () => (made ??= make());
}

/** How many numbers a chunk of `primes` has. */
const chunk = 12_500;

/** `add` and `countPrimes` give a promise for what some thread has worked out. */
export function pool(add, countPrimes) {
  return {
    async tasks(n) {
      const all = [];
      for (let i = 0; i < n; i++) all.push(add({ a: i - 1, b: 1 }));
      return total(await Promise.all(all));
    },

    async "tasks-loop"(n) {
      let sum = 0;
      let next = 0;
      const loop = async () => {
        while (next < n) {
          const result = await add({ a: next++ - 1, b: 1 });
          sum += result;
        }
      };
      await Promise.all([loop(), loop(), loop(), loop()]);
      return sum;
    },

    async primes(n) {
      const all = [];
      for (let i = 0; i < n; i++) all.push(countPrimes({ from: i * chunk, to: (i + 1) * chunk }));
      return total(await Promise.all(all));
    },
  };
}

function total(results) {
  let sum = 0;
  for (const result of results) sum += result;
  return sum;
}

/**
 * Runs start/NAME.mjs in a process of its own. That says when it had the result: `at` in ms since its process began, `since` its own
 * code did.
 */
export function starts(name) {
  const flags = process.execArgv.filter((flag) => flag !== "--expose-gc");
  const program = path.join(import.meta.dirname, "start", `${name}.mjs`);
  const first = async (which, meter) => {
    const { stdout } = await exec(process.execPath, [...flags, program]);
    const said = JSON.parse(stdout);
    meter.instead = said[which];
    return said.result;
  };
  return {
    start: (_n, meter) => first("at", meter),
    "start-code": (_n, meter) => first("since", meter),
  };
}

export const sleep = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

/** Processor time that the whole process uses in a second. */
export async function idleSecond(meter) {
  await sleep(100); // what has been going on comes to an end
  const before = process.cpuUsage();
  await sleep(1_000);
  const { user, system } = process.cpuUsage(before);
  meter.instead = (user + system) / 1_000;
}
