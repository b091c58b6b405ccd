// Programs that misuse what threads share: what they do by name, in main or in a task.

import { go, main } from "gort";
import { background } from "gort/context";
import { shared, task } from "gort/parallel";

type Mutex = InstanceType<typeof shared.Mutex>;
type RWMutex = InstanceType<typeof shared.RWMutex>;
type Semaphore = InstanceType<typeof shared.Semaphore>;
type Thing = Mutex | RWMutex | Semaphore | InstanceType<typeof shared.WaitGroup>;

const { Mutex, RWMutex, Semaphore, WaitGroup } = shared;

/** What is misused, and how. */
const programs: Record<string, [make: () => Thing, misuse: (thing: never) => unknown]> = {
  "unlock a mutex": [() => new Mutex(), (mu: Mutex) => mu.unlock()],
  "unlock a mutex twice": [() => new Mutex(), (mu: Mutex) => lockedThen(mu, mu.unlock, mu.unlock)],
  "unlock a rwmutex": [() => new RWMutex(), (rw: RWMutex) => rw.unlock()],
  "unlock a rwmutex twice": [() => new RWMutex(), (rw: RWMutex) => lockedThen(rw, rw.unlock, rw.unlock)],
  "unlock a rwmutex that is held to read": [() => new RWMutex(), (rw: RWMutex) => readThen(rw, rw.unlock)],
  "runlock a rwmutex": [() => new RWMutex(), (rw: RWMutex) => rw.runlock()],
  "runlock a rwmutex twice": [() => new RWMutex(), (rw: RWMutex) => readThen(rw, rw.runlock, rw.runlock)],
  "runlock a rwmutex that is held to write": [() => new RWMutex(), (rw: RWMutex) => lockedThen(rw, rw.runlock)],
  "be done more often than was added": [
    () => new WaitGroup(),
    (wg: InstanceType<typeof WaitGroup>) => {
      wg.add(1);
      wg.done();
      wg.done();
    },
  ],
  "release more than is held": [
    () => new Semaphore(3),
    async (sem: Semaphore) => {
      await sem.acquire(background(), 2);
      sem.release(3);
    },
  ],
};

async function lockedThen<L extends Mutex | RWMutex>(lock: L, ...then: ((this: L) => void)[]): Promise<void> {
  await lock.lock();
  for (const f of then) f.call(lock);
}

async function readThen(rw: RWMutex, ...then: ((this: RWMutex) => void)[]): Promise<void> {
  await rw.rlock();
  for (const f of then) f.call(rw);
}

const [name = "", where] = process.argv.slice(2);

export const misuse = task(import.meta, async function misuse(what: string, thing: Thing) {
  await programs[what]?.[1](thing as never);
});

export const misuseAndCatch = task(import.meta, async function misuseAndCatch(what: string, thing: Thing) {
  try {
    await misuse(what, thing);
  } catch (error) {
    console.log(`caught: ${(error as Error).name} ${(error as Error).message}`);
  }
});

main(async () => {
  const thing = programs[name]?.[0]() as Thing;
  if (where === "main") await misuse(name, thing);
  else if (where === "main, caught") await misuseAndCatch(name, thing);
  else if (where === "task") await new Promise<never>(() => go(misuse, name, thing));
  else await misuseAndCatch.run(name, thing);
});
