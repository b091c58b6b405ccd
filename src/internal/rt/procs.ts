// How many processors may run tasks at once.

import { env } from "../host/host.js";
import { granted } from "../host/quota.js";

let procs: number | undefined;
let changed: (n: number) => void = () => {};

export function getProcs(): number {
  return (procs ??= initial());
}

export function setProcs(n: number): void {
  procs = n;
  changed(n);
}

/** Who runs tasks is told of every change. */
export function onProcs(listener: (n: number) => void): void {
  changed = listener;
}

function initial(): number {
  const set = Number(env("GOMAXPROCS"));
  return Number.isSafeInteger(set) && set > 0 ? set : granted();
}

/** What runs tasks, in figures. */
export interface Fleet {
  /** Goroutines of all threads, tasks among them. */
  readonly goroutines: number;
  /** Tasks that have been started and have not ended. */
  readonly tasks: number;
  /** Threads, the main one among them. */
  readonly threads: number;
  /** Threads of processors that have nothing to run. */
  readonly idle: number;
  /** How many processors could have more to run. */
  readonly idleProcessors: number;
  /** Threads that look for something to do before they sleep. */
  readonly spinning: number;
  /** Whether another processor has been asked for. */
  readonly isWanting: boolean;
  /** Tasks that wait for any processor. */
  readonly queued: number;
  /** Tasks that wait for a processor, one by one; others may steal them. */
  readonly queues: readonly number[];
}

let fleet: Fleet | undefined;

/** Whoever runs tasks lets the runtime look. */
export function setFleet(to: Fleet): void {
  fleet = to;
}

/** Undefined as long as no task has been started. */
export function getFleet(): Fleet | undefined {
  return fleet;
}
