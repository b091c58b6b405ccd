// One workload of one contender in a process of its own: node child.mjs CONTENDER WORKLOAD N MS. Prints one line of JSON.

import { workloads } from "./workloads.mjs";

const [contender, name, size, budget] = process.argv.slice(2);
const workload = workloads[name];
const run = (await import(`./contenders/${workload.group}/${contender}.mjs`)).default[name];
const base = Number(size);
const ms = Number(budget); // for all timed repetitions together

// A workload may stop the clock, to prepare or to measure something else, and leave that in `heap` (bytes an operation); or say itself
// how long it took: `instead`.
const meter = {
  stopped: 0,
  idle: 0, // processor time while the clock was stopped
  instead: undefined, // milliseconds
  heap: undefined,
  base: 0,
  before() {
    meter.base = meter.heapUsed();
  },
  parked(n) {
    meter.heap = (meter.heapUsed() - meter.base) / n;
  },
  heapUsed() {
    return meter.off(() => {
      globalThis.gc();
      return process.memoryUsage().heapUsed;
    });
  },
  /** Gives what `f` gives, and does not count its time. */
  off(f) {
    const begin = performance.now();
    const cpu = processor();
    const result = f();
    meter.idle += processor() - cpu;
    meter.stopped += performance.now() - begin;
    return result;
  },
  /** Waits for a promise, and does not count the time until it is settled. */
  async away(promise) {
    const begin = performance.now();
    await promise;
    meter.stopped += performance.now() - begin;
  },
};

/** Processor time that this thread has used (with an older Node: the process), in milliseconds. */
function processor() {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
}

/** How long `n` operations took, and which part of that time this thread had a processor. */
async function once(n) {
  meter.stopped = meter.idle = 0;
  meter.instead = undefined;
  const cpu = processor();
  const begin = performance.now();
  const got = await run(n, meter);
  const took = meter.instead ?? performance.now() - begin - meter.stopped;
  const want = workload.check(n);
  if (got !== want) throw new Error(`${contender} ${name}(${n}): expected ${want}, got ${got}`);
  return { took, share: workload.wall ? 1 : Math.min((processor() - cpu - meter.idle) / took, 1) };
}

/** Runs until everything hot is compiled, and finds out how much makes a repetition. */
async function warmUp() {
  let n = workload.warm ?? base;
  for (const begin = performance.now(); performance.now() - begin < ms / 2;) {
    const { took } = await once(n);
    if (workload.grow !== false && took < ms / 40) n *= 2;
  }
  return workload.grow === false ? base : n;
}

// On a machine that others use too, a repetition that had to share its processor says nothing: it is repeated, for a while. Where that
// does not help, what counts is the processor time.
const n = await warmUp();
const all = [];
const own = [];
for (let left = ms, patience = ms * 4; left > 0 && patience > 0 && own.length < 60;) {
  const begin = performance.now();
  const repetition = await once(n);
  const spent = meter.instead === undefined ? repetition.took : performance.now() - begin;
  patience -= spent;
  all.push(repetition);
  if (repetition.share < 0.9) continue;
  left -= spent;
  own.push(repetition);
}
const shared = own.length < Math.min(3, all.length);
const counted = shared ? all.sort((a, b) => b.share - a.share).slice(0, 3) : own;
const samples = counted.map(({ took, share }) => (took * (shared ? share : 1) * 1e6) / (workload.per ?? n));
process.stdout.write(`${JSON.stringify({ n, shared, samples, heap: meter.heap })}\n`, () => process.exit(0));
