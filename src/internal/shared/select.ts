// select over channels of which at least one is between threads: the others may be of this thread, as done channels and timers
// are.
//
// The cases are tried in random order, as Go does. The first case of this thread that is ready is only taken if no shared one
// before it is; the shared ones are tried together, at one moment. If none is ready, all waiters stand in their queues as one
// circle, and those of the shared channels as one group, entered at one moment: see queue.ts for who decides.

import type { Cases } from "../types.js";
import { Channel, sendOnClosed, Sending } from "../chan/channel.js";
import { nil } from "../chan/nil.js";
import { commit, isReady, notACase, receive, send } from "../chan/select.js";
import { begin, enter, parked, Waiter } from "../rt/park.js";
import { random } from "../rt/random.js";
import { passWith } from "../rt/slice.js";
import { SharedChannel, SharedSending } from "./chan.js";
import { detach } from "./codec/transfer.js";
import { keep } from "./moved.js";
import { askForClaims, vacate } from "./queue.js";
import type { Thread } from "./thread.js";
import { encodeSlot, readValue, type Slot, writeSlot } from "./value.js";
import {
  BLOCKED,
  CASE,
  CASE_TAG,
  CASE_WAITER,
  CHANNEL,
  CLOSED,
  ORDER,
  PARKED,
  SCRATCH,
  SCRATCH_SIZE,
  SENDING,
  TAG,
  VALUE,
} from "./wasm/layout.js";

type Case = Local | Shared;

class Local {
  readonly key: string;
  readonly op: Channel<unknown> | Sending;

  constructor(key: string, op: Channel<unknown> | Sending) {
    this.key = key;
    this.op = op;
  }

  waiter(): Waiter {
    const { key, op } = this;
    if (op instanceof Channel) return new Waiter(op.recvq, receive, undefined, key);
    return new Waiter(op.chan.sendq, send, op.value, key);
  }
}

class Shared {
  readonly key: string;
  readonly chan: SharedChannel<unknown>;
  /** What it sends; undefined if it receives. */
  readonly sends: Slot | undefined;

  constructor(key: string, chan: SharedChannel<unknown>, sends: Slot | undefined) {
    this.key = key;
    this.chan = chan;
    this.sends = sends;
  }

  waiter(): Waiter {
    if (this.sends === undefined) return new Waiter(this.chan.recvq, receive, undefined, this.key);
    return new Waiter(this.chan.sendq, send, undefined, this.key);
  }
}

/** For records with a channel between threads: does one of the cases that are ready, or else parks, or gives undefined. */
export function choose(cases: Cases, parks: boolean): unknown {
  const all = shuffle(read(cases));
  const local = all.findIndex((c) => c instanceof Local && isReady(c.op));
  const first = trySome(all, local === -1 ? all : all.slice(0, local));
  if (first !== undefined) return parks ? passWith(first) : first;
  if (local === -1) {
    if (parks) return park(all);
    all.forEach(discard);
    return undefined;
  }
  all.forEach(discard);
  const { key, op } = all[local] as Local;
  const done = commit(key, op);
  if (done === undefined) return choose(cases, parks); // what was seen is no longer so
  return parks ? passWith(done) : done;
}

const elsewhere = "another copy of gort; let all use one copy (npm ls gort, npm dedupe)";

function isChannel(c: unknown): boolean {
  return typeof c === "object" && typeof (c as { recvOk?: unknown }).recvOk === "function";
}

function read(cases: Cases): Case[] {
  const all: Case[] = [];
  try {
    for (const key in cases) {
      const c: unknown = cases[key];
      if (c === undefined || c === null || c === nil) continue;
      if (c instanceof Channel || c instanceof Sending) all.push(new Local(key, c));
      else if (c instanceof SharedChannel) all.push(new Shared(key, c, undefined));
      else if (c instanceof SharedSending) all.push(new Shared(key, c.chan, encodeSlot(c.chan.on, c.value, "send")));
      else if (isChannel(c)) throw new TypeError(`select: case "${key}" is a channel of ${elsewhere}`);
      else notACase(cases, true, key, c);
    }
  } catch (error) {
    all.forEach(discard);
    throw error;
  }
  return all;
}

function shuffle<T>(list: T[]): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [list[i], list[j]] = [list[j] as T, list[i] as T];
  }
  return list;
}

/** Tries the shared cases among `some` at one moment. If one is done, the values of the others of `all` are let go of. */
function trySome(all: readonly Case[], some: readonly Case[]): object | undefined {
  const shared = some.filter((c) => c instanceof Shared);
  if (shared.length === 0) return undefined;
  const { on } = (shared[0] as Shared).chan;
  let result: number;
  try {
    result = select(on, shared, undefined);
  } catch (error) {
    all.forEach(discard); // there is no memory for the list of so many
    throw error;
  }
  if (result === BLOCKED) return undefined;
  const chosen = shared[result >> 3] as Shared;
  const isClosed = (result & 7) === CLOSED;
  const { key, sends } = chosen;
  const value = sends !== undefined || isClosed ? undefined : readValue(on, on.record + VALUE);
  for (const c of all) if (c !== chosen || isClosed) discard(c);
  on.nudge();
  if (sends === undefined) return { case: key, value, ok: !isClosed };
  if (isClosed) throw sendOnClosed();
  if (sends.moved !== undefined) detach(sends.moved);
  return { case: key };
}

/** Lets go of what a case would have sent. */
function discard(c: Case): void {
  if (c instanceof Local || c.sends === undefined) return;
  const { tag, aux, num } = c.sends;
  c.chan.on.codec.discard(tag, aux, num);
}

/** Stands in all queues. The shared channels are tried again as they are entered: one may have become ready since. */
function park(all: readonly Case[]): Promise<unknown> {
  const promise = begin<unknown>();
  const waiters = all.map((c) => c.waiter());
  waiters.forEach((w, i) => (w.peer = waiters.length === 1 ? undefined : waiters[(i + 1) % waiters.length]));

  const shared = all.filter((c) => c instanceof Shared);
  const { on } = (shared[0] as Shared).chan;
  const outside = represent(
    on,
    all,
    shared.map((c) => waiters[all.indexOf(c)] as Waiter),
  );
  all.forEach((c, i) => c instanceof Local && enter(waiters[i] as Waiter));
  shared.forEach(({ sends }, i) => {
    const waiter = outside[i] as number;
    if (sends !== undefined) {
      writeSlot(on, waiter + TAG, sends);
      keep(waiter, sends.moved);
    }
    on.expect();
  });
  askForClaims(waiters[all.indexOf(shared[0] as Shared)] as Waiter);
  const result = select(on, shared, outside);
  if (result !== PARKED) {
    const waiter = outside[result >> 3] as number;
    const w = vacate(on, waiter);
    on.forget();
    const { sends, chan } = shared[result >> 3] as Shared;
    const queue = sends === undefined ? chan.recvq : chan.sendq;
    queue.settle(w, waiter, result & 7, sends !== undefined);
    on.free(waiter);
    on.nudge();
  }
  return parked(promise, waiters[0] as Waiter);
}

/** Makes the waiters that stand for ours out there; all or none, if the memory has no room for them. */
function represent(on: Thread, all: readonly Case[], waiters: readonly Waiter[]): number[] {
  const made: number[] = [];
  try {
    for (const w of waiters) made.push((w.queue as SharedChannel<unknown>["recvq"]).represent(w));
  } catch (error) {
    for (const waiter of made) {
      vacate(on, waiter);
      on.free(waiter);
    }
    all.forEach(discard);
    throw error;
  }
  return made;
}

/** Hands the cases to the core, with the waiters to park, if any. */
function select(on: Thread, cases: readonly Shared[], waiters: readonly number[] | undefined): number {
  const n = cases.length;
  const room = n * CASE <= SCRATCH_SIZE ? 0 : on.alloc(n * CASE);
  const list = room === 0 ? on.record + SCRATCH : room;
  const { i32 } = on;
  const byAddress = cases.map((_, i) => i).sort((a, b) => pointer(cases[a]) - pointer(cases[b]));
  cases.forEach(({ chan, sends }, i) => {
    const at = list + i * CASE;
    i32[(at + CHANNEL) >> 2] = chan.pointer;
    i32[(at + SENDING) >> 2] = sends === undefined ? 0 : 1;
    if (sends !== undefined) writeSlot(on, at + CASE_TAG, sends);
    i32[(at + CASE_WAITER) >> 2] = waiters?.[i] ?? 0;
    i32[(at + ORDER) >> 2] = byAddress[i] as number;
  });
  const result = on.core.select(list, n);
  if (room !== 0) on.free(room);
  return result;
}

function pointer(c: Shared | undefined): number {
  return (c as Shared).chan.pointer;
}
