// Locks and their like between threads.

import assert from "node:assert/strict";
import { test } from "node:test";
import { GoPanic, gosched } from "gort";
import { background, canceled, withCancel } from "gort/context";
import { gomaxprocs, shared } from "gort/parallel";
import { cells, extent, words } from "../support/cells.js";
import { isPending } from "../support/settle.js";
import * as tasks from "./tasks/locks.js";

const three = [0, 1, 2];
gomaxprocs(3);

test("MU-1 HB-13 what is done before an unlock is seen after the next lock: three threads count in a plain word", async () => {
  const threads = new Set<number>();
  do {
    const mu = new shared.Mutex();
    const at = cells(2);
    for (const id of await Promise.all(three.map(() => tasks.increase.run(mu, at, 5000, 3)))) threads.add(id);
    assert.equal(words(at, 1)[0], 15_000);
    assert.equal(mu.tryLock(), true);
  } while (threads.size < 3);
});

test("MU-8 what is given up is given to the one who waits, on another thread, in the same step", async () => {
  const [holds, until] = [shared.chan<string>(), shared.chan<void>()];
  const mu = new shared.RWMutex();
  await mu.rlock();
  const held = tasks.hold.run(mu, holds, until);
  while (mu.tryRLock()) {
    mu.runlock();
    await gosched();
  }
  mu.runlock(); // the task waits
  assert.deepEqual([mu.tryLock(), mu.tryRLock()], [false, false]);
  assert.equal(await holds.recv(), "locked");

  const sem = new shared.Semaphore(1);
  await sem.acquire(background());
  const kept = tasks.keep.run(sem, holds, until);
  while (sem.tryAcquire(0)) await gosched();
  sem.release();
  assert.equal(sem.tryAcquire(), false);
  assert.equal(await holds.recv(), "acquired");
  until.close();
  await Promise.all([held, kept]);
});

test("RW-2 RW-8 RW-10 HB-14 readers and writers on three threads exclude each other, and see what was written", async () => {
  const mu = new shared.RWMutex();
  const at = cells(4);
  const [a, b] = [tasks.read.run(mu, at, 1500, 3), tasks.read.run(mu, at, 1500, 3)];
  await Promise.all([a, b, tasks.write.run(mu, at, 1500, 3)]);
  assert.deepEqual([...words(at, 3)], [0, 1500, 1500]);
  assert.equal(mu.tryLock(), true);
});

test("RW-1 RW-10 readers on several threads hold the lock at the same time", async () => {
  const [mu, all] = [new shared.RWMutex(), new shared.WaitGroup()];
  all.add(4);
  await Promise.all([0, 1, 2, 3].map(() => tasks.readTogether.run(mu, all)));
  assert.equal(mu.tryLock(), true);
});

test("HB-16 WG-8 what is done before done is seen after wait, on every thread, and again", async () => {
  const wg = new shared.WaitGroup();
  const at = cells(20);
  for (let round = 0; round < 5; round++) {
    words(at, 20).fill(0);
    wg.add(20);
    const ran = Array.from({ length: 20 }, (_, i) => tasks.contribute.run(wg, at, i));
    await wg.wait();
    assert.deepEqual(
      [...words(at, 20)],
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    await Promise.all(ran);
  }
});

test("WG-9 HB-16 go starts a task on any processor, and a function here, and counts both", async () => {
  const wg = new shared.WaitGroup();
  const at = cells(8);
  for (let i = 0; i < 8; i++) wg.go(tasks.fill, at, i);
  let here = false;
  wg.go(() => {
    here = true;
  });
  await wg.wait();
  assert.equal(here, true);
  assert.deepEqual([...words(at, 8)], [1, 2, 3, 4, 5, 6, 7, 8]);
});

test("CO-5 HB-15 waiters on other threads get what is made under the lock, each thing once", async () => {
  const cond = new shared.Cond(new shared.Mutex());
  const at = cells(3);
  const [stock, over] = [words(at, 1), words(at + 4, 1)];
  const consumers = three.map(() => tasks.consume.run(cond, at, 3));
  for (let made = 0; made < 300;) {
    using _ = await cond.l.lock();
    while ((stock[0] as number) > 3) await cond.wait();
    const n = Math.min(1 + (made % 4), 300 - made);
    stock[0] = (stock[0] as number) + n;
    made += n;
    if (made % 2 === 0) cond.broadcast();
    else for (let i = 0; i < n; i++) cond.signal();
  }
  {
    using _ = await cond.l.lock();
    over[0] = 1;
    cond.broadcast();
  }
  const got = await Promise.all(consumers);
  assert.equal(
    got.reduce((sum, n) => sum + n),
    300,
  );
});

for (const [name, make] of [
  ["a Mutex", () => new shared.Mutex()],
  ["an RWMutex", () => new shared.RWMutex()],
  ["the read lock of an RWMutex", () => new shared.RWMutex().rlocker()],
] as const) {
  test(`CO-1 CO-4 a cond with ${name} has its lock with it on another thread`, async () => {
    const cond = new shared.Cond(make());
    const says = shared.chan<string>();
    const waiting = three.map(() => tasks.waitOn.run(cond, says));
    for (const _ of three) assert.equal(await says.recv(), "waits");
    cond.signal();
    assert.equal(await says.recv(), "woken");
    cond.broadcast();
    for (const _ of [1, 2]) assert.equal(await says.recv(), "woken");
    await Promise.all(waiting);
  });
}

test("ON-1 of calls on three threads one runs its function, and all return after that", async () => {
  for (let round = 0; round < 10; round++) {
    const at = cells(2);
    const once = new shared.Once();
    const [here, ...there] = await Promise.all([
      once.do(() => words(at, 1).set([1])).then(() => words(at, 1)[0]),
      ...three.map(() => tasks.callOnce.run(once, at, 3)),
    ]);
    assert.deepEqual([here, ...there], [1, 1, 1, 1]);
  }
});

test("SM-1 three threads never have more than the whole together", async () => {
  const sem = new shared.Semaphore(5);
  const at = cells(2);
  const most = await Promise.all([2, 3, 4].map((n) => tasks.share.run(sem, n, at, 1000, 3)));
  assert.ok(Math.max(...most) <= 5, `${Math.max(...most)} were taken of 5`);
  assert.equal(sem.tryAcquire(5), true);
});

test("what one thread has taken another may give back", async () => {
  const sem = new shared.Semaphore(4);
  await sem.acquire(background(), 4);
  await tasks.give.run(sem, 3);
  assert.equal(sem.tryAcquire(4), false);
  assert.equal(sem.tryAcquire(3), true);
  sem.release(4);
  await assert.rejects(tasks.give.run(sem, 1), { message: "semaphore: released more than held" });
});

test("every lock passes through channels, and a thread has one handle of it", async () => {
  const { Mutex, RWMutex, WaitGroup, Once, Cond, Semaphore } = shared;
  const [to, from] = [shared.chan<unknown>(), shared.chan<unknown>()];
  const lock = new Mutex();
  for (const made of [lock, new RWMutex(), new WaitGroup(), new Once(), new Cond(lock), new Semaphore(3)]) {
    const returned = tasks.returns.run(to, from);
    await to.send(made);
    await to.send(made);
    const { first, second, same } = (await from.recv()) as { first: unknown; second: unknown; same: boolean };
    assert.ok(first === made && second === made && same);
    await returned;
  }
});

test("MU-7 a wait on this thread that is cancelled does not swallow the unlock of another", async () => {
  const mu = new shared.Mutex();
  const [holds, until] = [shared.chan<string>(), shared.chan<void>()];
  const held = tasks.hold.run(mu, holds, until);
  await holds.recv();
  const [ctx, cancel] = withCancel(background());
  const [given, stays] = [mu.lock(ctx), mu.lock()];
  assert.equal(await isPending(given), true);
  cancel();
  await assert.rejects(given, (error) => error === canceled);
  until.close();
  await stays;
  await held;
});

test("a writer that gives up lets the readers of other threads in", async () => {
  const mu = new shared.RWMutex();
  const [holds, until] = [shared.chan<string>(), shared.chan<void>()];
  await mu.rlock();
  const [ctx, cancel] = withCancel(background());
  const writing = mu.lock(ctx);
  const held = [tasks.holdToRead.run(mu, holds, until), tasks.holdToRead.run(mu, holds, until)];
  const reads = holds.recv();
  assert.equal(await isPending(reads), true);
  cancel();
  await assert.rejects(writing, (error) => error === canceled);
  assert.equal(await reads, "reads");
  assert.equal(await holds.recv(), "reads");
  until.close();
  await Promise.all(held);
  mu.runlock();
  assert.equal(mu.tryLock(), true);
});

test("a guard does not unlock what another thread has unlocked and locked again", async () => {
  const mu = new shared.Mutex();
  const guard = await mu.lock();
  await tasks.steal.run(mu);
  assert.throws(
    () => guard[Symbol.dispose](),
    (error) => error instanceof GoPanic && error.code === "ERR_GUARD_AFTER_UNLOCK",
  );
  assert.equal(mu.tryLock(), false);
});

const processorDied = { code: "ERR_PROCESSOR_DIED" };

/** Lets a task do `how` with `lock`, and its thread end; `meanwhile` goes on before that, and knows the thread. */
async function death(
  how: string,
  lock: unknown,
  meanwhile: (thread: number, end: () => Promise<void>) => void | Promise<void> = () => {},
): Promise<void> {
  const [ready, when] = [shared.chan<number>(), shared.chan<void>()];
  const dies = assert.rejects(tasks.die.run(how, lock, ready, when), processorDied);
  let ended = false;
  const end = () => {
    if (!ended) when.close();
    ended = true;
    return dies;
  };
  await meanwhile((await ready.recv()) as number, end);
  await end();
}

/** Lets a task wait for `lock`, and its thread end before it can hear that it has been given it. */
async function deafDeath(
  how: string,
  lock: unknown,
  given: () => void | Promise<void>,
  not: number = -1,
): Promise<void> {
  const ready = shared.chan<number>(1);
  const at = cells(1);
  const dies = tasks.dieDeaf.run(how, lock, ready, at, not);
  if ((await Promise.race([ready.recv(), dies])) === undefined) return deafDeath(how, lock, given, not);
  await given();
  Atomics.store(words(at, 1), 0, 1);
  Atomics.notify(words(at, 1), 0);
  await assert.rejects(dies, processorDied);
}

const ownerDied = { code: "ERR_OWNER_DIED" };

test("a thread that dies with a mutex: the next to lock is told, the one after gets it", async () => {
  const mu = new shared.Mutex();
  await death("lock", mu);
  await assert.rejects(mu.lock(), { ...ownerDied, message: /^shared\.Mutex: the thread that held it has died/ });
  await mu.lock();
  mu.unlock();
  await death("lock", mu);
  assert.throws(() => mu.tryLock(), ownerDied);
  assert.equal(mu.tryLock(), true);
});

test("a thread that dies with a mutex: the first who waits is told, and the second gets it", async () => {
  const mu = new shared.Mutex();
  let waits: Promise<Disposable>[] = [];
  await death("lock", mu, () => {
    waits = [mu.lock(), mu.lock(), mu.lock()];
    waits.forEach((wait) => void wait.catch(() => {}));
  });
  await assert.rejects(waits[0] as Promise<Disposable>, ownerDied);
  (await waits[1])?.[Symbol.dispose]();
  (await waits[2])?.[Symbol.dispose]();
  assert.equal(mu.tryLock(), true);
});

test("a thread that dies as it writes: the next to lock is told, a reader as well as a writer", async () => {
  for (const [first, second] of ["lock rlock", "rlock lock", "rlock rlock", "lock lock"].map((s) => s.split(" "))) {
    const lock = (how: string | undefined) => (how === "lock" ? mu.lock() : mu.rlock());
    const mu = new shared.RWMutex();
    await death("lock", mu);
    await assert.rejects(lock(first), ownerDied);
    (await lock(second))[Symbol.dispose]();

    let waits: Promise<Disposable>[] = [];
    await death("lock", mu, () => {
      waits = [lock(first), lock(second)];
      waits.forEach((wait) => void wait.catch(() => {}));
    });
    const ends = await Promise.allSettled(waits);
    const told = first === "lock" && second === "rlock" ? 1 : 0; // after a writer readers come first
    assert.deepEqual(
      ends.map((end) => end.status),
      told === 0 ? ["rejected", "fulfilled"] : ["fulfilled", "rejected"],
    );
    for (const end of ends) if (end.status === "fulfilled") end.value[Symbol.dispose]();
    assert.equal(mu.tryLock(), true);
  }
});

test("what a thread reads, or has of a semaphore, as it dies comes back in silence", async () => {
  const mu = new shared.RWMutex();
  let writing: Promise<Disposable> | undefined;
  await death("rlock", mu, () => {
    writing = mu.lock();
  });
  (await writing)?.[Symbol.dispose]();

  const sem = new shared.Semaphore(3);
  let acquiring: Promise<Disposable> | undefined;
  await sem.acquire(background());
  await death("acquire", sem, () => {
    acquiring = sem.acquire(background(), 2);
  });
  await acquiring;
  sem.release(3);
  assert.equal(sem.tryAcquire(3), true);
});

test("what a dead thread had taken, and another has given back for it, does not come back twice", async () => {
  const sem = new shared.Semaphore(3);
  await death("acquire", sem, () => sem.release(1));
  assert.equal(sem.tryAcquire(3), true);
  assert.throws(() => sem.release(4), { message: "semaphore: released more than held" });
  sem.release(3);

  const mu = new shared.RWMutex();
  await mu.rlock();
  await death("rlock", mu, () => mu.runlock());
  assert.equal(mu.tryLock(), true);
});

test("a thread that dies within once: the next is told, the one after runs its function", async () => {
  const once = new shared.Once();
  await death("once", once);
  await assert.rejects(
    once.do(() => assert.fail("ran")),
    ownerDied,
  );
  let runs = 0;
  await once.do(() => runs++);
  await once.do(() => assert.fail("ran again"));
  assert.equal(runs, 1);

  const other = new shared.Once();
  let waits: Promise<void>[] = [];
  await death("once", other, () => {
    waits = [0, 1, 2].map(() => other.do(() => runs++));
    waits.forEach((wait) => void wait.catch(() => {}));
  });
  const ends = await Promise.allSettled(waits);
  assert.deepEqual(
    ends.map((end) => end.status),
    ["rejected", "fulfilled", "fulfilled"],
  );
  assert.equal(runs, 2);
});

test("a thread that dies as it waits leaves the queue, and those behind it go on", async () => {
  const mu = new shared.Mutex();
  await mu.lock();
  await death("waits to lock", mu);
  const next = mu.lock();
  mu.unlock();
  (await next)[Symbol.dispose]();

  const rw = new shared.RWMutex();
  await rw.rlock();
  let reading: Promise<Disposable> | undefined;
  await death("waits to lock", rw, () => {
    reading = rw.rlock();
  });
  await reading;
  rw.runlock();
  await death("waits to lock", rw);
  rw.runlock();
  await rw.lock();
  await death("waits to read", rw);
  rw.unlock();
  assert.equal(rw.tryLock(), true);

  const sem = new shared.Semaphore(3);
  await sem.acquire(background());
  let acquiring: Promise<Disposable> | undefined;
  await death("waits to acquire", sem, () => {
    acquiring = sem.acquire(background(), 2);
  });
  await acquiring;
  sem.release(3);

  const wg = new shared.WaitGroup();
  wg.add(1);
  await death("waits for the group", wg);
  wg.done();
  await wg.wait();

  const cond = new shared.Cond(mu);
  await death("waits on the cond", cond);
  await mu.lock();
  const woken = cond.wait();
  cond.signal();
  await woken;

  const once = new shared.Once();
  await once.do(() => death("waits for once", once));
});

test("what a dead thread had been given and not yet heard of goes to the next, and nobody is told", async () => {
  const mu = new shared.Mutex();
  await mu.lock();
  let next: Promise<Disposable> | undefined;
  await deafDeath("lock", mu, () => {
    next = mu.lock();
    mu.unlock();
  });
  (await next)?.[Symbol.dispose]();

  const rw = new shared.RWMutex();
  await rw.lock();
  await deafDeath("lock", rw, () => {
    next = rw.lock();
    rw.unlock();
  });
  (await next)?.[Symbol.dispose]();
  assert.equal(rw.tryLock(), true);

  const cond = new shared.Cond(mu);
  let woken: Promise<void> | undefined;
  await deafDeath("cond", cond, async () => {
    await mu.lock();
    woken = cond.wait();
    cond.signal();
  });
  await woken;
});

test("who was to be told that an owner has died, and dies before hearing it: the next is told", async () => {
  for (const lock of [new shared.Mutex(), new shared.RWMutex()]) {
    await death("lock", lock, (thread, end) => deafDeath("lock", lock, end, thread));
    await assert.rejects(lock.lock(), ownerDied);
    assert.equal(lock.tryLock(), true);
  }
});

test("a cond whose lock's owner dies meanwhile: wait rejects, and holds the lock all the same", async () => {
  const mu = new shared.Mutex();
  const cond = new shared.Cond(mu);
  let waiting: Promise<void> | undefined;
  {
    using _ = await mu.lock();
    waiting = cond.wait();
    await death("lock", mu, () => cond.signal());
    await assert.rejects(waiting, ownerDied);
    assert.equal(mu.tryLock(), false);
  }
  assert.equal(mu.tryLock(), true);
});

test("what has been disposed is refused", async () => {
  const { Mutex, RWMutex, WaitGroup, Once, Cond, Semaphore } = shared;
  const l = new Mutex();
  const [mu, rw, wg, once, cond, sem] = [
    new Mutex(),
    new RWMutex(),
    new WaitGroup(),
    new Once(),
    new Cond(l),
    new Semaphore(1),
  ];
  for (const each of [mu, rw, wg, once, cond, sem]) {
    each[Symbol.dispose]();
    each[Symbol.dispose]();
  }
  const refused = (name: string) => ({ name: "TypeError", message: `shared.${name} has been disposed, and is used` });
  await assert.rejects(mu.lock(), refused("Mutex"));
  assert.throws(() => mu.unlock(), refused("Mutex"));
  await assert.rejects(rw.rlock(), refused("RWMutex"));
  assert.throws(() => rw.tryLock(), refused("RWMutex"));
  await assert.rejects(wg.wait(), refused("WaitGroup"));
  assert.throws(() => wg.add(1), refused("WaitGroup"));
  await assert.rejects(
    once.do(() => {}),
    refused("Once"),
  );
  assert.throws(() => cond.signal(), refused("Cond"));
  await assert.rejects(sem.acquire(background()), refused("Semaphore"));
  assert.throws(() => sem.release(), refused("Semaphore"));
  await assert.rejects(tasks.steal.run(mu), { name: "TypeError", message: /has been disposed/ });
});

test("a cond keeps its lock, for other threads, too", async () => {
  const mu = new shared.Mutex();
  const cond = new shared.Cond(mu);
  mu[Symbol.dispose]();
  const says = shared.chan<string>();
  const waiting = tasks.waitOn.run(cond, says);
  assert.equal(await says.recv(), "waits");
  cond.signal();
  assert.equal(await says.recv(), "woken");
  await waiting;
});

test("what has been disposed leaves its memory to others", async () => {
  const { Mutex, RWMutex, WaitGroup, Once, Cond, Semaphore } = shared;
  const round = async () => {
    const l = new Mutex();
    const all = [l, new RWMutex(), new WaitGroup(), new Once(), new Cond(l), new Semaphore(1)];
    (await l.lock())[Symbol.dispose]();
    for (const each of all) each[Symbol.dispose]();
  };
  await round();
  const before = extent();
  for (let i = 0; i < 1000; i++) await round();
  assert.equal(extent(), before);
});

test("numbers that a word of shared memory cannot count are refused", () => {
  assert.throws(() => new shared.Semaphore(2 ** 31), RangeError);
  const wg = new shared.WaitGroup();
  wg.add(2 ** 31 - 1);
  assert.throws(() => wg.add(1), { name: "RangeError", message: /larger than 2\^31 - 1/ });
  assert.throws(() => wg.add(2 ** 31), RangeError);
  assert.throws(() => wg.add(-(2 ** 40)), { message: "sync: negative WaitGroup counter" });
  wg.add(1 - 2 ** 31);
});

test("a cond between threads needs a lock between threads", () => {
  for (const l of [{ lock: async () => ({ [Symbol.dispose]() {} }), unlock() {} }]) {
    assert.throws(() => new shared.Cond(l), { name: "TypeError", message: /a shared\.Mutex, a shared\.RWMutex/ });
  }
});
