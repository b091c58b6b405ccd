// Producers and consumers that do at random what can be done with channels. Whatever thread they are on: called they run here.

import { isMainThread } from "node:worker_threads";
import { type Chan, go, gosched, type RecvChan, select, type SendCase, trySelect } from "gort";
import { type Int32 } from "gort/atomic";
import { background, type Context, withCancel, withTimeout } from "gort/context";
import { shared, task } from "gort/parallel";
import { numbers } from "../../support/seed.js";

type Below = (n: number) => number;
export type SharedChan<T> = ReturnType<typeof shared.chan<T>>;

/** Says who sent it, on which channel, and as which of all that the producer sent: packed into a number, or spelled out. */
export type Value = number | Spelled;

export interface Spelled {
  readonly producer: number;
  readonly channel: number;
  readonly nth: number;
  readonly text: string;
}

/** A channel, and its number. */
export interface Lane {
  readonly number: number;
  readonly ch: Chan<Value>;
}

/** Lanes that the last of those who send on them closes. */
export interface Ending {
  readonly left: Int32;
  readonly lanes: readonly Lane[];
}

export interface Actor {
  /** Whether it may block its thread. */
  readonly blocks: boolean;
  readonly seed: number;
  readonly lanes: readonly Lane[];
  /** On this one everybody sends and receives now and then, in a select: each its own number. */
  readonly gossip: SharedChan<number>;
  /** They are made and cancelled by another thread, perhaps. */
  readonly ctxs: readonly Context[];
  /** What it has done so far: a word for each actor. */
  readonly progress: Int32Array;
  readonly number: number;
  /** Of those on other threads. */
  readonly spread: Spread;
}

/** How many have come, and how many threads there shall be. */
export interface Spread {
  readonly come: Int32Array;
  readonly threads: number;
}

export interface Producer extends Actor {
  readonly count: number;
  readonly objects: boolean;
  readonly endings: readonly Ending[];
}

/** What an actor has done. */
export interface Done {
  /** Packed. */
  readonly received: number[];
  said: number;
  heard: number;
}

/** At most this many values a producer, and lanes. */
const [most, width] = [2 ** 16, 2 ** 4];

export function pack(producer: number, channel: number, nth: number): number {
  return (producer * width + channel) * most + nth;
}

export function unpack(value: number): { producer: number; channel: number; nth: number } {
  const high = Math.floor(value / most);
  return { producer: Math.floor(high / width), channel: high % width, nth: value % most };
}

function spell(value: number): Spelled {
  return { ...unpack(value), text: `value ${value}` };
}

function packed(value: Value): number {
  if (typeof value === "number") return value;
  const n = pack(value.producer, value.channel, value.nth);
  if (value.text !== `value ${n}`) throw new Error(`torn: ${JSON.stringify(value)}`);
  return n;
}

const patience = 200; // ms

/** Blocks a processor for a while until as many have been begun as there shall be threads: so each begins one. */
export function spreadOut({ come, threads }: Spread): void {
  if (isMainThread) return;
  Atomics.add(come, 0, 1);
  Atomics.notify(come, 0);
  const until = performance.now() + patience;
  for (let seen; (seen = Atomics.load(come, 0)) < threads;) {
    const left = until - performance.now();
    if (left <= 0) return;
    Atomics.wait(come, 0, seen, left);
  }
}

async function linger(below: Below): Promise<void> {
  if (below(8) > 0) return;
  for (let turns = below(4); turns > 0; turns--) await gosched();
}

function look({ ch, number }: Lane): void {
  const { len, cap } = ch;
  if (len < 0 || len > cap) throw new Error(`channel ${number} of capacity ${cap} has ${len} values`);
}

/** A context that ends soon: by itself, or because a goroutine cancels it, or another thread. */
function brief(below: Below, given: readonly Context[]): { ctx: Context; cancel: () => void } {
  const theirs = given.find((each) => each.err() === undefined);
  if (theirs !== undefined && below(3) > 0) return { ctx: theirs, cancel() {} };
  if (below(8) === 0) {
    const [ctx, cancel] = withTimeout(background(), below(3));
    return { ctx, cancel };
  }
  const [ctx, cancel] = withCancel(background());
  let turns = below(4);
  go(async () => {
    while (turns-- > 0) await gosched();
    cancel();
  });
  return { ctx, cancel };
}

/** Waits with a context that ends soon; `undefined` if that came first. */
export async function impatient<T>(
  below: Below,
  wait: (ctx: Context) => Promise<T>,
  given: readonly Context[],
): Promise<{ result: T } | undefined> {
  const { ctx, cancel } = brief(below, given);
  try {
    return { result: await wait(ctx) };
  } catch (error) {
    if (error !== ctx.err()) throw error;
    return undefined;
  } finally {
    cancel();
  }
}

/** A select over these cases, and now and then over gossip, and a context that ends soon. Undefined if none of the cases came. */
async function choose(
  actor: Actor,
  below: Below,
  done: Done,
  cases: Record<string, RecvChan<Value> | SendCase>,
): Promise<{ case: string; value?: Value; ok?: boolean } | undefined> {
  const all: Record<string, RecvChan<Value | number> | SendCase> = { ...cases };
  if (below(3) === 0) all["say"] = actor.gossip.sending(actor.number);
  if (below(3) === 0) all["hear"] = actor.gossip;
  let end = () => {};
  if (below(4) === 0) {
    const { ctx, cancel } = brief(below, actor.ctxs);
    all["done"] = ctx.done();
    end = cancel;
  }
  const s = below(4) === 0 ? trySelect(all) : await select(all);
  end();
  if (s?.case === "say") done.said++;
  else if (s?.case === "hear") done.heard++;
  else if (s !== undefined && s.case !== "done") return s;
  return undefined;
}

/** Sends its values, each on a channel of its choice, in every way there is; who is last closes. */
export const produce = task(import.meta, async function produce(actor: Producer): Promise<Done> {
  spreadOut(actor.spread);
  const below = numbers(actor.seed);
  const done: Done = { received: [], said: 0, heard: 0 };
  const { lanes } = actor;
  for (let nth = 0; nth < actor.count;) {
    Atomics.store(actor.progress, actor.number, nth);
    await linger(below);
    const lane = lanes[below(lanes.length)] as Lane;
    look(lane);
    const value = ({ number }: Lane): Value => {
      const n = pack(actor.number, number, nth);
      return actor.objects ? spell(n) : n;
    };
    if (await sendOne(actor, below, done, lane, value)) nth++;
  }
  Atomics.store(actor.progress, actor.number, -1);
  closeIfLast(actor);
  return done;
});

/** Tells whether it has been sent; on `lane`, or by a select on another. */
async function sendOne(
  actor: Producer,
  below: Below,
  done: Done,
  lane: Lane,
  value: (lane: Lane) => Value,
): Promise<boolean> {
  const { ch } = lane;
  switch (below(actor.blocks ? 6 : 5)) {
    case 0:
      await ch.send(value(lane));
      return true;
    case 1:
      if (!ch.trySend(value(lane))) await ch.send(value(lane));
      return true;
    case 2:
      return (await impatient(below, (ctx) => ch.send(value(lane), ctx), actor.ctxs)) !== undefined;
    case 3:
    case 4: {
      const cases: Record<string, SendCase> = {};
      for (const each of actor.lanes) cases[each.number] = each.ch.sending(value(each));
      return (await choose(actor, below, done, cases)) !== undefined;
    }
    default:
      (ch as SharedChan<Value>).sendSync(value(lane));
      return true;
  }
}

function closeIfLast({ endings }: Producer): void {
  for (const { left, lanes } of endings) {
    if (left.add(-1) === 0) for (const { ch } of lanes) ch.close();
  }
}

/** Receives until all its channels have been closed, in every way there is. */
export const consume = task(import.meta, async function consume(actor: Actor): Promise<Done> {
  spreadOut(actor.spread);
  const below = numbers(actor.seed);
  const done: Done = { received: [], said: 0, heard: 0 };
  const open = new Map(actor.lanes.map((lane) => [String(lane.number), lane]));
  while (open.size > 0) {
    Atomics.store(actor.progress, actor.number, done.received.length);
    await linger(below);
    const lane = [...open.values()][below(open.size)] as Lane;
    look(lane);
    let others = true; // whether the lane has not ended
    if (open.size === 1 && below(3) > 0) {
      others = await receiveSome(actor, below, lane, done.received);
    } else if (below(4) === 0) {
      const got = await impatient(below, (ctx) => lane.ch.recvOk(ctx), actor.ctxs);
      if (got?.result[1] === true) done.received.push(packed(got.result[0]));
      others = got?.result[1] ?? true;
    } else {
      const cases: Record<string, RecvChan<Value>> = {};
      for (const [name, { ch }] of open) cases[name] = ch;
      const s = await choose(actor, below, done, cases);
      if (s?.ok === true) done.received.push(packed(s.value as Value));
      else if (s !== undefined) open.delete(s.case);
    }
    if (!others) open.delete(String(lane.number));
  }
  Atomics.store(actor.progress, actor.number, -1);
  return done;
});

/** From the only channel that is left. Tells whether there may be more. */
async function receiveSome(actor: Actor, below: Below, { ch }: Lane, received: number[]): Promise<boolean> {
  switch (below(actor.blocks ? 7 : 5)) {
    case 0: {
      const value = await ch.recv();
      if (value !== undefined) received.push(packed(value));
      return value !== undefined;
    }
    case 1: {
      const [value, ok] = ch.tryRecv() ?? (await ch.recvOk());
      if (ok) received.push(packed(value));
      return ok;
    }
    case 2: {
      const values = await ch.recvMany(1 + below(8));
      for (const value of values) received.push(packed(value));
      return values.length > 0;
    }
    case 3: {
      const got = await impatient(below, (ctx) => ch.recvMany(1 + below(200), ctx), actor.ctxs);
      for (const value of got?.result ?? []) received.push(packed(value));
      return got?.result.length !== 0;
    }
    case 4: {
      let left = 1 + below(20);
      for await (const value of ch) {
        received.push(packed(value));
        if (--left === 0) return true;
      }
      return false;
    }
    default: {
      const [value, ok] = (ch as SharedChan<Value>).recvSync();
      if (ok) received.push(packed(value));
      return ok;
    }
  }
}

/** The same, without ever giving the thread back. */
export const produceSync = task(import.meta, function produceSync(actor: Producer): Done {
  spreadOut(actor.spread);
  const below = numbers(actor.seed);
  for (let nth = 0; nth < actor.count; nth++) {
    Atomics.store(actor.progress, actor.number, nth);
    const lane = actor.lanes[below(actor.lanes.length)] as Lane;
    look(lane);
    const n = pack(actor.number, lane.number, nth);
    const value = actor.objects ? spell(n) : n;
    if (below(3) > 0 || !lane.ch.trySend(value)) (lane.ch as SharedChan<Value>).sendSync(value);
  }
  Atomics.store(actor.progress, actor.number, -1);
  closeIfLast(actor);
  return { received: [], said: 0, heard: 0 };
});

/** From its first channel only. */
export const consumeSync = task(import.meta, function consumeSync(actor: Actor): Done {
  spreadOut(actor.spread);
  const below = numbers(actor.seed);
  const received: number[] = [];
  const [lane] = actor.lanes as [Lane];
  for (;;) {
    Atomics.store(actor.progress, actor.number, received.length);
    look(lane);
    const ch = lane.ch as SharedChan<Value>;
    const [value, ok] = (below(3) === 0 ? ch.tryRecv() : undefined) ?? ch.recvSync();
    if (!ok) break;
    received.push(packed(value));
    if (below(8) === 0) for (const more of ch.drain(1 + below(4))) received.push(packed(more));
  }
  Atomics.store(actor.progress, actor.number, -1);
  return { received, said: 0, heard: 0 };
});
