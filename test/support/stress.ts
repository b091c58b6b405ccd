// Rounds of random programs over what threads share: on how many processors, and what they do, is left to chance. They check it.

import assert from "node:assert/strict";
import { chan, go, gosched } from "gort";
import { Int32, Int64 } from "gort/atomic";
import { background, type Context, withCancel, withTimeout } from "gort/context";
import { gomaxprocs, shared } from "gort/parallel";
import { contend, keys, type Sums, type Things, word } from "../parallel/tasks/contention.js";
import * as tasks from "../parallel/tasks/stress.js";
import type { Choice } from "./seed.js";

const limit = 60_000; // ms for a round, after which it hangs

/** Who may block a thread. Whoever waits for them must not be on a thread that they block. */
type Mode = "nobody" | "all" | "senders" | "receivers";

/** Gives what `all` give, or an error that says how far each has come. */
async function inTime<T>(all: (T | Promise<T>)[], state: () => string): Promise<T[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it hangs: ${state()}`)), limit);
  });
  try {
    return await Promise.race([Promise.all(all), late]);
  } finally {
    clearTimeout(timer);
  }
}

function someProcs({ of }: Choice): number {
  return of([1, 2, 2, 3, 3]);
}

function spreadOver(threads: number): tasks.Spread {
  return { come: new Int32Array(new SharedArrayBuffer(4)), threads };
}

/** Contexts of this thread that end soon, one after the other: by themselves, or because they are cancelled. */
function contexts({ below }: Choice): Context[] {
  return Array.from({ length: 8 }, () => {
    if (below(4) === 0) return withTimeout(background(), below(8))[0];
    const [ctx, cancel] = withCancel(background());
    let turns = below(200);
    go(async () => {
      while (turns-- > 0) await gosched();
      cancel();
    });
    return ctx;
  });
}

/** Producers and consumers over some channels, on any threads, until the last producer closes. */
export async function traffic(choice: Choice, procs: number = someProcs(choice)): Promise<void> {
  const { below, of } = choice;
  gomaxprocs(procs);
  const mode = of<Mode>(["nobody", "nobody", "nobody", "all", "senders", "receivers"]);
  const fewer = mode === "all" ? 2 : 4;
  const [producers, consumers] = [1 + below(fewer), 1 + below(fewer)];
  const isHere = (blocker: Mode) => mode !== "all" && (mode === "nobody" ? below(3) === 0 : mode !== blocker);
  const sendsHere = Array.from({ length: producers }, () => isHere("senders"));
  const receivesHere = Array.from({ length: consumers }, () => isHere("receivers"));

  const away = [...sendsHere, ...receivesHere].filter((here) => !here).length;
  const spread = spreadOver(Math.min(procs, away));

  const capacity = () => of([0, 1, 3, 100]);
  const remote: tasks.Lane[] = [];
  const count = mode === "receivers" ? 1 : 1 + below(mode === "all" ? consumers : 3);
  for (let number = 0; number < count; number++) remote.push({ number, ch: shared.chan<tasks.Value>(capacity()) });
  const local: tasks.Lane[] = [];
  if (sendsHere.includes(true) && receivesHere.includes(true)) {
    for (let n = below(3); n > 0; n--) local.push({ number: remote.length + local.length, ch: chan(capacity()) });
  }
  const lanesOf = consumersOf(choice, remote, local, receivesHere, mode === "all");

  const gossip = shared.chan<number>(of([0, 1, 3]));
  const ctxs = contexts(choice);
  const progress = new Int32Array(new SharedArrayBuffer(4 * (producers + consumers)));
  const values = 20 + below(180);
  const [left, leftHere] = [new Int32(producers), new Int32(sendsHere.filter(Boolean).length)];
  const isBlocking = (blocker: Mode) => mode === "all" || mode === blocker;

  const sent = sendsHere.map((here, number) => {
    const endings = [{ left, lanes: remote }];
    if (here) endings.push({ left: leftHere, lanes: local });
    const lanes = here ? [...remote, ...local] : remote;
    const blocks = isBlocking("senders");
    const seed = below(2 ** 31);
    const actor = { blocks, seed, lanes, gossip, ctxs, progress, number, spread };
    const producer = { ...actor, count: values, objects: below(2) === 0, endings };
    if (mode === "all") return tasks.produceSync.run(producer);
    return here ? tasks.produce(producer) : tasks.produce.run(producer);
  });
  const received = receivesHere.map((here, i) => {
    const lanes = lanesOf[i] as tasks.Lane[];
    const [blocks, seed, number] = [isBlocking("receivers"), below(2 ** 31), producers + i];
    const actor = { blocks, seed, lanes, gossip, ctxs, progress, number, spread };
    if (mode === "all") return tasks.consumeSync.run(actor);
    return here ? tasks.consume(actor) : tasks.consume.run(actor);
  });
  const all = [...remote, ...local];
  const state = () =>
    `${producers} producers and ${consumers} consumers have done ${progress.join(" ")} (${values} each, -1 at the end); ` +
    `${mode} may block; here: ${sendsHere.join()} ${receivesHere.join()}; ` +
    `lanes: ${all.map(({ ch }) => `${ch.len}/${ch.cap}`).join(" ")}, of consumers ` +
    lanesOf.map((lanes) => lanes.map(({ number }) => number).join("+")).join(" ");
  const done = await inTime([...sent, ...received], state);
  checkValues(done.slice(producers), producers, values);
  const sum = (what: "said" | "heard") => done.reduce((n, each) => n + each[what], 0);
  assert.equal(sum("heard") + gossip.drain().length, sum("said"), "who has heard something else than was said?");
  for (const { ch } of all) {
    assert.equal(ch.len, 0);
    assert.deepEqual(await ch.recvOk(), [undefined, false]);
    assert.throws(() => ch.close(), { message: "close of closed channel" });
  }
  if (below(4) === 0) return; // the collector finds them
  for (const { ch } of remote) (ch as tasks.SharedChan<tasks.Value>)[Symbol.dispose]();
  gossip[Symbol.dispose]();
}

/** For each consumer those whose values it takes: each channel has one at least. */
function consumersOf(
  { below, of }: Choice,
  remote: tasks.Lane[],
  local: tasks.Lane[],
  here: boolean[],
  oneOnly: boolean,
): tasks.Lane[][] {
  const lanes = here.map((): tasks.Lane[] => []);
  if (oneOnly) {
    lanes.forEach((its, i) => its.push(remote[i % remote.length] as tasks.Lane));
    return lanes;
  }
  const able = here.flatMap((is, i) => (is ? [i] : []));
  for (const lane of local) lanes[of(able)]?.push(lane);
  for (const lane of remote) {
    const sure = below(here.length);
    lanes.forEach((its, i) => {
      if (i === sure || below(3) === 0) its.push(lane);
    });
  }
  for (const its of lanes) if (its.length === 0) its.push(of(remote));
  return lanes;
}

/** Every value once, and what a consumer has of a producer's on one channel, in order. */
function checkValues(consumers: readonly tasks.Done[], producers: number, values: number): void {
  const seen = new Map<string, number>();
  for (const { received } of consumers) {
    const last = new Map<string, number>();
    for (const packed of received) {
      const { producer, channel, nth } = tasks.unpack(packed);
      const key = `${producer}/${nth}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      const way = `${producer} on ${channel}`;
      assert.ok((last.get(way) ?? -1) < nth, `value ${nth} of ${way} came after ${last.get(way)}`);
      last.set(way, nth);
    }
  }
  for (let producer = 0; producer < producers; producer++) {
    for (let nth = 0; nth < values; nth++) {
      const times = seen.get(`${producer}/${nth}`) ?? 0;
      assert.equal(times, 1, `value ${nth} of producer ${producer} came ${times} times`);
    }
  }
  assert.equal(seen.size, producers * values);
}

/** Actors on any threads that use one of each, until all have done their steps. */
export async function contention(choice: Choice, procs: number = someProcs(choice)): Promise<void> {
  const { below } = choice;
  gomaxprocs(procs);
  const actors = 2 + below(3);
  const here = Array.from({ length: actors }, () => below(actors) === 0);
  const spread = spreadOver(Math.min(procs, here.filter((is) => !is).length));
  const size = 1 + below(4);
  const onces = Array.from({ length: 1 + below(8) }, () => new shared.Once());
  const words = new Int32Array(new SharedArrayBuffer(4 * (word.ran + onces.length)));
  const things: Things = {
    mu: new shared.Mutex(),
    rw: new shared.RWMutex(),
    sem: new shared.Semaphore(size),
    size,
    onces,
    cond: new shared.Cond(new shared.Mutex()),
    all: new shared.WaitGroup(),
    some: new shared.WaitGroup(),
    ctxs: contexts(choice),
    map: new shared.Map<string, number>(),
    small: new Int32(),
    large: new Int64(),
    words,
  };
  things.all.add(actors);
  const each = here.map((is, i) => {
    const run = is ? contend : contend.run;
    return run(things, spread, below(2 ** 28) * 8 + i, 1 + below(5), 10 + below(50));
  });
  const done = await inTime(each, () => `the words are ${words.join(" ")}`);
  await things.some.wait();
  const sum = (what: keyof Sums) => done.reduce((n, sums) => n + sums[what], 0);
  const { holder, held, inside, left, right, taken, stock, made, ran } = word;
  const at = (i: number) => words[i];
  assert.deepEqual([holder, inside, taken, stock].map(at), [0, 0, 0, 0], "somebody is in what they have left");
  assert.deepEqual([held, left, right].map(at), [sum("held"), sum("written"), sum("written")]);
  assert.ok(
    words.subarray(made, made + keys).every((n) => n <= 1),
    "what was to be made once was made again",
  );
  assert.ok(
    words.subarray(ran).every((n) => n <= 1),
    "a once has run twice",
  );
  assert.equal(things.map.load("count")[0] ?? 0, sum("counted"));
  assert.deepEqual([things.small.load(), things.large.load()], [sum("added"), BigInt(sum("added"))]);
  assert.deepEqual([things.mu.tryLock(), things.rw.tryLock(), things.sem.tryAcquire(size)], [true, true, true]);
  const { mu, rw, sem, cond, all, some, map } = things;
  mu.unlock();
  rw.unlock();
  if (below(4) === 0) return;
  for (const one of [mu, rw, sem, cond, all, some, map, ...onces]) one[Symbol.dispose]();
}
