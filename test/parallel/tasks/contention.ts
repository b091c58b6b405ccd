// Goroutines that do at random what can be done with locks, counters and the map. Called they run here, run, on another thread.

import { go, gosched } from "gort";
import { Int32, Int64 } from "gort/atomic";
import { background, type Context } from "gort/context";
import { type shared, task } from "gort/parallel";
import { numbers } from "../../support/seed.js";
import type { Cond, Mutex, Once, RWMutex, Semaphore, WaitGroup } from "./locks.js";
import { impatient, type Spread, spreadOut } from "./stress.js";

type Below = (n: number) => number;

/** The words that the locks guard, or that count who is where. */
export const word = { holder: 0, held: 1, inside: 2, left: 3, right: 4, taken: 5, stock: 6, made: 7, ran: 15 } as const;

/** So many keys have values that are made. */
export const keys = 8;

/** So much a writer counts as. */
const writer = 1000;

export interface Things {
  readonly mu: Mutex;
  readonly rw: RWMutex;
  readonly sem: Semaphore;
  readonly size: number;
  readonly onces: readonly Once[];
  readonly cond: Cond;
  /** Counts the actors. */
  readonly all: WaitGroup;
  /** Counts what goes on. */
  readonly some: WaitGroup;
  /** They are made and cancelled by another thread, perhaps. */
  readonly ctxs: readonly Context[];
  readonly map: InstanceType<typeof shared.Map<string, number>>;
  readonly small: Int32;
  readonly large: Int64;
  /** As `word` says; the last are one for each once. */
  readonly words: Int32Array;
}

/** How often what has been done, by name. */
export type Sums = Record<"held" | "written" | "taken" | "exchanged" | "counted" | "added", number>;

interface World extends Things {
  readonly below: Below;
  readonly sums: Sums;
  /** Of this goroutine only. */
  readonly name: string;
}

async function linger(below: Below): Promise<void> {
  if (below(4) > 0) return;
  for (let turns = below(4); turns > 0; turns--) await gosched();
}

/** What only one may do at a time. */
async function alone({ words, below, sums }: World): Promise<void> {
  const before = Atomics.add(words, word.holder, 1);
  if (before !== 0) throw new Error(`${before + 1} hold the mutex`);
  const held = words[word.held] as number;
  await linger(below);
  words[word.held] = held + 1;
  sums.held++;
  Atomics.sub(words, word.holder, 1);
}

async function write({ words, below, sums }: World): Promise<void> {
  const before = Atomics.add(words, word.inside, writer);
  if (before !== 0) throw new Error(`${before} are in the lock of a writer`);
  words[word.left] = (words[word.left] as number) + 1;
  await linger(below);
  words[word.right] = (words[word.right] as number) + 1;
  sums.written++;
  Atomics.sub(words, word.inside, writer);
}

async function read({ words, below }: World): Promise<void> {
  const before = Atomics.add(words, word.inside, 1);
  if (before >= writer) throw new Error("a writer is in the lock of a reader");
  const left = words[word.left];
  await linger(below);
  if (left !== words[word.right]) throw new Error(`a reader has read ${left} and ${words[word.right]}`);
  Atomics.sub(words, word.inside, 1);
}

async function hold(w: World): Promise<void> {
  const { mu, below, ctxs } = w;
  switch (below(4)) {
    case 0:
      await mu.lock();
      await alone(w);
      mu.unlock();
      return;
    case 1:
      if (!mu.tryLock()) return;
      await alone(w);
      mu.unlock();
      return;
    case 2:
      await mu.with(() => alone(w));
      return;
    default: {
      const got = await impatient(below, (ctx) => mu.lock(ctx), ctxs);
      if (got === undefined) return;
      await alone(w);
      got.result[Symbol.dispose]();
    }
  }
}

async function readOrWrite(w: World): Promise<void> {
  const { rw, below, ctxs } = w;
  switch (below(8)) {
    case 0:
      await rw.lock();
      await write(w);
      rw.unlock();
      return;
    case 1:
      if (!rw.tryLock()) return;
      await write(w);
      rw.unlock();
      return;
    case 2: {
      const got = await impatient(below, (ctx) => rw.lock(ctx), ctxs);
      if (got === undefined) return;
      await write(w);
      got.result[Symbol.dispose]();
      return;
    }
    case 3:
      await rw.rlock();
      await read(w);
      rw.runlock();
      return;
    case 4:
      if (!rw.tryRLock()) return;
      await read(w);
      rw.runlock();
      return;
    case 5: {
      const got = await impatient(below, (ctx) => rw.rlock(ctx), ctxs);
      if (got === undefined) return;
      await read(w);
      got.result[Symbol.dispose]();
      return;
    }
    case 6:
      await rw.withRead(() => read(w));
      return;
    default: {
      const reader = rw.rlocker();
      await reader.lock();
      await read(w);
      reader.unlock();
    }
  }
}

async function share({ sem, size, words, below, ctxs, sums }: World): Promise<void> {
  const n = below(size + 1);
  switch (below(3)) {
    case 0:
      await sem.acquire(background(), n);
      break;
    case 1:
      if (!sem.tryAcquire(n)) return;
      break;
    default:
      if ((await impatient(below, (ctx) => sem.acquire(ctx, n), ctxs)) === undefined) return;
  }
  const taken = Atomics.add(words, word.taken, n) + n;
  if (taken > size) throw new Error(`${taken} of ${size} are taken`);
  await linger(below);
  Atomics.sub(words, word.taken, n);
  sem.release(n);
  sums.taken++;
}

async function once({ onces, words, below }: World): Promise<void> {
  const i = below(onces.length);
  await onces[i]?.do(async () => {
    await linger(below);
    Atomics.add(words, word.ran + i, 1);
  });
  const ran = Atomics.load(words, word.ran + i);
  if (ran !== 1) throw new Error(`once.do has returned, and what it calls has run ${ran} times`);
}

/** Puts one there, and takes one, for which it may have to wait. So whoever waits will be woken by somebody who puts. */
async function exchange({ cond, words, below, ctxs, sums }: World): Promise<void> {
  await cond.l.lock();
  words[word.stock] = (words[word.stock] as number) + 1;
  if (below(4) === 0) cond.broadcast();
  else cond.signal();
  cond.l.unlock();
  await linger(below);
  await cond.l.lock();
  while (words[word.stock] === 0) {
    if (below(3) === 0) await impatient(below, (ctx) => cond.wait(ctx), ctxs);
    else await cond.wait();
  }
  words[word.stock] = (words[word.stock] as number) - 1;
  sums.exchanged++;
  cond.l.unlock();
}

async function wait({ all, some, below, ctxs }: World): Promise<void> {
  if ((await impatient(below, (ctx) => all.wait(ctx), ctxs)) !== undefined) {
    throw new Error("a group has been waited for, though who waits counts");
  }
  some.add(1);
  go(async () => {
    await linger(below);
    some.done();
  });
  if (below(2) === 0) await some.wait();
}

async function look({ map, words, below, sums, name }: World): Promise<void> {
  const n = below(1000);
  switch (below(5)) {
    case 0: {
      map.store(name, n);
      await linger(below);
      if (map.load(name)[0] !== n) throw new Error(`${name} has another value than was stored`);
      if (map.loadOrStore(name, n + 1)[0] !== n) throw new Error(`${name} has been stored twice`);
      if (map.swap(name, n + 1)[0] !== n) throw new Error(`${name} has another value than was kept`);
      if (map.loadAndDelete(name)[0] !== n + 1) throw new Error(`${name} has another value than was swapped in`);
      if (map.load(name)[1]) throw new Error(`${name} is there, though it has been deleted`);
      return;
    }
    case 1: {
      const i = n % keys;
      const made = await map.loadOrCompute(`made ${i}`, async () => {
        await linger(below);
        Atomics.add(words, word.made + i, 1);
        return i;
      });
      if (made !== i) throw new Error(`what was made as ${i} is ${made}`);
      return;
    }
    case 2:
      map.range((key, value) => {
        if (typeof value !== "number") throw new Error(`${key} is ${String(value)}`);
        return below(8) > 0;
      });
      return;
    default:
      for (;;) {
        const [count] = map.loadOrStore("count", 0);
        await linger(below);
        if (map.compareAndSwap("count", count, count + 1)) break;
      }
      sums.counted++;
  }
}

async function add({ small, large, below, sums }: World): Promise<void> {
  const n = below(1000);
  if (below(2) === 0) {
    small.add(n);
    large.add(BigInt(n));
  } else {
    for (let old = small.load(); !small.compareAndSwap(old, old + n); old = small.load());
    for (let old = large.load(); !large.compareAndSwap(old, old + BigInt(n)); old = large.load());
  }
  sums.added += n;
}

const deeds = [hold, readOrWrite, readOrWrite, share, once, exchange, wait, look, add];

/** Goroutines that do one thing after the other. */
export const contend = task(
  import.meta,
  async function contend(
    things: Things,
    spread: Spread,
    seed: number,
    goroutines: number,
    steps: number,
  ): Promise<Sums> {
    spreadOut(spread);
    const below = numbers(seed);
    const sums: Sums = { held: 0, written: 0, taken: 0, exchanged: 0, counted: 0, added: 0 };
    const each = async (i: number) => {
      const w = { ...things, below, sums, name: `${seed}/${i}` };
      for (let n = 0; n < steps; n++) {
        await linger(below);
        await deeds[below(deeds.length)]?.(w);
      }
    };
    await Promise.all(Array.from({ length: goroutines }, (_, i) => each(i)));
    things.all.done();
    await things.all.wait();
    return sums;
  },
);
