// How many processors may run tasks at once.

import { env, processors } from "../host/host.js";

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
  return Number.isSafeInteger(set) && set > 0 ? set : processors();
}
