// Another clock and another scheduler, put behind the seam: time that passes when a test says so, and goroutines that run one at a
// time in an order that a seed decides.

import type * as AlarmModule from "../../dist/internal/rt/alarm.js";
import type * as RandomModule from "../../dist/internal/rt/random.js";
import type * as SliceModule from "../../dist/internal/rt/slice.js";
import { metrics } from "gort/runtime";
import { internal } from "./internal.js";

const { setClock } = await internal<typeof AlarmModule>("rt/alarm.js");
const { setScheduler } = await internal<typeof SliceModule>("rt/slice.js");
const { seed: seedChoices } = await internal<typeof RandomModule>("rt/random.js");

/** Resolves when every goroutine waits: all microtasks have run, and nobody stands in line for the thread. */
export async function rest(): Promise<void> {
  do await new Promise<void>((resolve) => setImmediate(resolve));
  while (metrics().runnable > 0);
}

export interface VirtualClock extends Disposable {
  /** The time now, in milliseconds. It begins at 0. */
  now(): number;
  /** When the next alarm is due; Infinity if none is set. */
  readonly next: number;
  /** Lets `ms` milliseconds pass: every alarm rings at its time, and whoever it wakes runs until all wait again. */
  advance(ms: number): Promise<void>;
  /** Lets `ms` milliseconds pass without ringing anything, as when the thread is busy. */
  skip(ms: number): void;
  /** Rings what is due now or next, if anything is set; does not let anybody run. */
  jump(): boolean;
  /** Rings though nothing may be due, as the host's timers do now and then. */
  early(): void;
}

/** What the wall clock of a {@link virtualClock} shows at its time 0. */
export const epoch: number = Date.UTC(2024, 1, 29, 12);

/** Puts a clock that stands still behind all timers. Its disposal fails if an alarm is still set. */
export function virtualClock(): VirtualClock {
  let time = 0;
  let aimed = Infinity;
  let ring = () => {};
  const restore = setClock({
    now: () => time,
    wall: () => epoch + time,
    aim: (at, f) => {
      aimed = at;
      ring = f;
    },
  });
  const jump = () => {
    if (aimed === Infinity) return false;
    time = Math.max(time, aimed);
    ring();
    return true;
  };
  return {
    now: () => time,
    get next() {
      return aimed;
    },
    async advance(ms) {
      const end = time + ms;
      await rest();
      while (aimed <= end) {
        jump();
        await rest();
      }
      time = Math.max(time, end);
    },
    skip(ms) {
      time += ms;
    },
    jump,
    early() {
      ring();
    },
    [Symbol.dispose]() {
      const left = aimed;
      restore();
      if (left !== Infinity) throw new Error(`an alarm is still set, for ${left} ms`);
    },
  };
}

export interface Simulation extends Disposable {
  /** Resolves when no goroutine can run and, with a clock, no alarm is set. */
  idle(): Promise<void>;
}

/**
 * Runs goroutines one at a time: each until it waits, and then the next, chosen by the seed among those that could run. With a clock,
 * time jumps to the next alarm when none can.
 */
export function simulate(seed: number, clock?: VirtualClock): Simulation {
  const waiting: (() => void)[] = [];
  const random = numbers(seed);
  let pumping = false;
  let whenIdle = () => {};
  seedChoices(seed);

  const pump = () => {
    const [next] = waiting.splice(random(waiting.length), 1);
    if (next !== undefined) next();
    else if (clock?.jump() !== true) {
      pumping = false;
      whenIdle();
      return;
    }
    setImmediate(pump); // by then, all microtasks have run: this goroutine waits again
  };
  const start = () => {
    if (pumping) return;
    pumping = true;
    setImmediate(pump);
  };
  const restore = setScheduler({
    wake(call, arg) {
      waiting.push(() => call(arg));
      start();
    },
  });
  return {
    idle() {
      start();
      return new Promise<void>((resolve) => (whenIdle = resolve));
    },
    [Symbol.dispose]: restore,
  };
}

/** A function that gives pseudo-random integers from 0 up to, but not including, its argument. */
function numbers(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return Math.floor((((z ^ (z >>> 15)) >>> 0) / 2 ** 32) * n);
  };
}
