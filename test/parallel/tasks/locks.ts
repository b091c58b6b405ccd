// Tasks that lock, on threads of their own.

import { threadId } from "node:worker_threads";
import { gosched } from "gort";
import { background } from "gort/context";
import { shared, task } from "gort/parallel";
import { together, words } from "../../support/cells.js";

export type Mutex = InstanceType<typeof shared.Mutex>;
export type RWMutex = InstanceType<typeof shared.RWMutex>;
export type WaitGroup = InstanceType<typeof shared.WaitGroup>;
export type Once = InstanceType<typeof shared.Once>;
export type Cond = InstanceType<typeof shared.Cond>;
export type Semaphore = InstanceType<typeof shared.Semaphore>;
export type Chan<T> = ReturnType<typeof shared.chan<T>>;

/** Adds to a plain word while holding the lock, and yields between reading and writing now and then. */
export const increase = task(import.meta, async function increase(mu: Mutex, at: number, rounds: number, n: number) {
  await together(at + 4, n);
  const word = words(at, 1);
  for (let i = 0; i < rounds; i++) {
    if (i % 3 !== 0 || !mu.tryLock()) await mu.lock();
    const before = word[0] as number;
    if (i % 16 === 0) await gosched();
    word[0] = before + 1;
    mu.unlock();
  }
  return threadId;
});

const writers = 10_000;

/** RW-2 over plain and atomic words: how many are in, and a pair that writers change and readers must find equal. */
export const read = task(import.meta, async function read(mu: RWMutex, at: number, rounds: number, n: number) {
  await together(at + 12, n);
  const [inside, pair] = [words(at, 1), words(at + 4, 2)];
  for (let i = 0; i < rounds; i++) {
    using _ = await mu.rlock();
    const seen = Atomics.add(inside, 0, 1) + 1;
    if (seen < 1 || seen >= writers) throw new Error(`a reader sees ${seen}`);
    if (i % 8 === 0) await gosched();
    if (pair[0] !== pair[1]) throw new Error(`a reader sees ${pair.join(" and ")}`);
    Atomics.sub(inside, 0, 1);
  }
});

export const write = task(import.meta, async function write(mu: RWMutex, at: number, rounds: number, n: number) {
  await together(at + 12, n);
  const [inside, pair] = [words(at, 1), words(at + 4, 2)];
  for (let i = 0; i < rounds; i++) {
    using _ = await mu.lock();
    const seen = Atomics.add(inside, 0, writers) + writers;
    if (seen !== writers) throw new Error(`a writer sees ${seen}`);
    pair[0] = (pair[0] as number) + 1;
    if (i % 8 === 0) await gosched();
    pair[1] = (pair[1] as number) + 1;
    Atomics.sub(inside, 0, writers);
  }
});

/** Reads, and gives up the lock when all have it at the same time. */
export const readTogether = task(import.meta, async function readTogether(mu: RWMutex, all: WaitGroup) {
  using _ = await mu.rlock();
  all.done();
  await all.wait();
});

/** Writes a plain word of its own, and says that it is done. */
export const contribute = task(import.meta, async function contribute(wg: WaitGroup, at: number, i: number) {
  await gosched();
  words(at, i + 1)[i] = i + 1;
  wg.done();
});

/** The same, for a group that counts by itself. */
export const fill = task(import.meta, function fill(at: number, i: number) {
  words(at, i + 1)[i] = i + 1;
});

/** Takes what is there, one at a time, until there will be no more; gives how much that was. Words: how many there are, the end. */
export const consume = task(import.meta, async function consume(cond: Cond, at: number, n: number) {
  await together(at + 8, n);
  const [stock, over] = [words(at, 1), words(at + 4, 1)];
  let got = 0;
  await cond.l.lock();
  for (;;) {
    while (stock[0] === 0 && over[0] === 0) await cond.wait();
    if (stock[0] === 0) break;
    stock[0] = (stock[0] as number) - 1;
    got++;
    cond.signal();
  }
  cond.l.unlock();
  return got;
});

/** One of many that call; gives how often the function had run when its call returned. */
export const callOnce = task(import.meta, async function callOnce(once: Once, at: number, n: number) {
  await together(at + 4, n);
  const runs = words(at, 1);
  await once.do(async () => {
    for (let i = 0; i < 10; i++) await gosched();
    runs[0] = (runs[0] as number) + 1;
  });
  return runs[0] as number;
});

/** Takes a share, again and again; gives the most that it has seen taken. */
export const share = task(
  import.meta,
  async function share(sem: Semaphore, amount: number, at: number, rounds: number, n: number) {
    await together(at + 4, n);
    const taken = words(at, 1);
    let most = 0;
    for (let i = 0; i < rounds; i++) {
      using _ = await sem.acquire(background(), amount);
      most = Math.max(most, Atomics.add(taken, 0, amount) + amount);
      if (i % 4 === 0) await gosched();
      Atomics.sub(taken, 0, amount);
    }
    return most;
  },
);

/** Locks, says so, and unlocks when told. */
export const hold = task(import.meta, async function hold(mu: Mutex | RWMutex, holds: Chan<string>, until: Chan<void>) {
  await mu.lock();
  await holds.send("locked");
  await until.recv();
  mu.unlock();
});

/** Takes all of a semaphore of size 1, says so, and gives it back when told. */
export const keep = task(import.meta, async function keep(sem: Semaphore, holds: Chan<string>, until: Chan<void>) {
  await sem.acquire(background());
  await holds.send("acquired");
  await until.recv();
  sem.release();
});

export const holdToRead = task(
  import.meta,
  async function holdToRead(mu: RWMutex, holds: Chan<string>, until: Chan<void>) {
    await mu.rlock();
    await holds.send("reads");
    await until.recv();
    mu.runlock();
  },
);

/** Unlocks what another thread has locked, and locks it again. */
export const steal = task(import.meta, async function steal(mu: Mutex) {
  mu.unlock();
  await mu.lock();
});

export const give = task(import.meta, function give(sem: Semaphore, n: number) {
  sem.release(n);
});

/** What came by channel, sent back with what comes along. */
export const returns = task(import.meta, async function returns(from: Chan<unknown>, to: Chan<unknown>) {
  const first = await from.recv();
  const second = await from.recv();
  await to.send({ first, second, same: first === second });
});

/** Waits on the cond, and tells when it waits, and when it has been woken. */
export const waitOn = task(import.meta, async function waitOn(cond: Cond, says: Chan<string>) {
  await cond.l.lock();
  const woken = cond.wait();
  await says.send("waits");
  await woken;
  cond.l.unlock();
  await says.send("woken");
});

const forever = new Promise<never>(() => {});
type Wait = () => Promise<unknown>;

/** Ends the thread when told, while it has or waits for what `how` says. */
export const die = task(
  import.meta,
  async function die(how: string, lock: unknown, ready: Chan<number>, when: Chan<void>) {
    const mu = lock as Mutex;
    const rw = lock as RWMutex;
    const sem = lock as Semaphore;
    const held: Record<string, Wait> = {
      lock: () => mu.lock(),
      rlock: () => rw.rlock(),
      acquire: () => sem.acquire(background(), 2),
      once: () => new Promise<void>((begun) => void (lock as Once).do(() => (begun(), forever))),
    };
    const waits: Record<string, Wait> = {
      "waits to lock": () => mu.lock(),
      "waits to read": () => rw.rlock(),
      "waits to acquire": () => sem.acquire(background(), 3),
      "waits for the group": () => (lock as WaitGroup).wait(),
      "waits on the cond": async () => {
        await (lock as Cond).l.lock();
        await (lock as Cond).wait();
      },
      "waits for once": () => (lock as Once).do(() => {}),
    };
    await held[how]?.();
    void waits[how]?.();
    await ready.send(threadId);
    await when.recv();
    process.exit(3);
  },
);

/**
 * Waits, and hears of nothing any more: blocks its thread until the word is not 0, and then ends it. Not on the thread `not`, which it
 * must not block.
 */
export const dieDeaf = task(
  import.meta,
  function dieDeaf(how: string, lock: unknown, ready: Chan<number>, at: number, not: number) {
    if (threadId === not) return;
    if (how === "cond") {
      ((lock as Cond).l as Mutex).tryLock();
      void (lock as Cond).wait();
    } else {
      void (lock as Mutex).lock();
    }
    ready.trySend(threadId);
    Atomics.wait(words(at, 1), 0, 0);
    process.exit(3);
  },
);
