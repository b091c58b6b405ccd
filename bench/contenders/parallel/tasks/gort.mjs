// The tasks of gort: any thread may load this module.

import { task } from "../../../../dist/parallel/index.js";
import * as work from "./work.mjs";

export const add = task(import.meta, work.add);
export const countPrimes = task(import.meta, work.countPrimes);

export const sendInts = task(import.meta, async function sendInts(out, n) {
  for (let i = 0; i < n; i++) await out.send(i);
});

export const sendPages = task(import.meta, async function sendPages(out, n) {
  for (let i = 0; i < n; i++) await out.send(work.page(i));
});

export const sendSync = task(import.meta, function sendSync(out, n) {
  for (let i = 0; i < n; i++) out.sendSync(i);
});

export const sumSync = task(import.meta, function sumSync(from, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += from.recvSync()[0];
  return sum;
});

export const echo = task(import.meta, async function echo(ping, pong, n) {
  for (let i = 0; i < n; i++) await pong.send(await ping.recv());
});

export const untilDone = task(import.meta, async function untilDone(ctx, i) {
  await ctx.done().recv();
  return i;
});
