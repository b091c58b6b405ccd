// Tasks for the tests. Any thread may load this module, so it does nothing but define them.

import { threadId } from "node:worker_threads";
import { goexit, type RecvChan, type SendChan } from "gort";
import { task } from "gort/parallel";

export const add = task(import.meta, function add(a: number, b: number) {
  return a + b;
});

export const where = task(import.meta, function where() {
  return threadId;
});

export const echo = task(import.meta, function echo(value: unknown) {
  return value;
});

export const failing = task(import.meta, async function failing(kind: string) {
  await Promise.resolve();
  if (kind === "range") throw new RangeError("out of range", { cause: new Error("the cause") });
  if (kind === "code") throw Object.assign(new Error("with a code"), { code: "ERR_OWN" });
  if (kind === "string") throw "a string";
  if (kind === "function") throw Object.assign(new Error("with a function"), { f: () => 1 });
  goexit();
});

export const unsendable = task(import.meta, function unsendable(): { deep: { f: () => void } } {
  return { deep: { f: () => {} } };
});

export const produce = task(import.meta, async function produce(out: SendChan<number>, n: number) {
  for (let i = 0; i < n; i++) await out.send(i);
  out.close();
});

export const pingpong = task(import.meta, async function pingpong(ping: RecvChan<number>, pong: SendChan<number>) {
  for await (const n of ping) await pong.send(n + 1);
  pong.close();
});

/** Spins until all of `n` tasks spin: they must run at the same time. */
export const meet = task(import.meta, function meet(cell: Int32Array, n: number) {
  Atomics.add(cell, 0, 1);
  while (Atomics.load(cell, 0) < n);
  return threadId;
});

export const never = task(import.meta, function never() {
  return new Promise<void>(() => {});
});

export const nested = task(import.meta, async function deeper(depth: number): Promise<number> {
  return depth === 0 ? 1 : 1 + (await nested.run(depth - 1));
});

export const fan = task(import.meta, async function fan(n: number): Promise<number> {
  const all = await Promise.all(Array.from({ length: n }, (_, i) => add.run(i, 1)));
  return all.reduce((a, b) => a + b, 0);
});
