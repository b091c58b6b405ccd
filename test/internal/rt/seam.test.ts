import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chan, chan, go, gosched, select } from "gort";
import { WaitGroup } from "gort/sync";
import * as time from "gort/time";
import { simulate, virtualClock } from "../../support/virtual.js";

/** Three goroutines that each read a counter, let others run, and write it back: a lost update, if the order allows it. */
async function race(seed: number): Promise<string> {
  using sim = simulate(seed);
  let log = "";
  let counter = 0;
  for (const name of ["a", "b", "c"]) {
    go(async () => {
      for (let i = 0; i < 2; i++) {
        const before = counter;
        log += name;
        await gosched();
        counter = before + 1;
      }
    });
  }
  await sim.idle();
  return `${log} ${counter}`;
}

test("another scheduler behind the seam: a seed decides the interleaving, and the same seed gives the same one", async () => {
  const outcomes = new Set<string>();
  for (let seed = 1; seed <= 40; seed++) {
    const outcome = await race(seed);
    assert.equal(await race(seed), outcome, `seed ${seed}`);
    outcomes.add(outcome);
  }
  assert.ok(outcomes.size > 10, `only ${outcomes.size} interleavings`);
  const counters = new Set([...outcomes].map((outcome) => outcome.split(" ")[1]));
  assert.ok(counters.has("6") || counters.has("5"), `no seed kept the updates: ${[...counters].join()}`);
  assert.ok(counters.has("2") || counters.has("3"), `no seed lost updates: ${[...counters].join()}`);
});

test("another scheduler behind the seam: it runs one goroutine at a time, each until it waits", async () => {
  using sim = simulate(7);
  let running = 0;
  for (let i = 0; i < 5; i++) {
    go(async () => {
      for (let turn = 0; turn < 10; turn++) {
        assert.equal(running++, 0);
        await Promise.resolve(); // not a scheduling point: nobody else may run here
        await Promise.resolve();
        running--;
        await gosched();
      }
    });
  }
  await sim.idle();
});

/** Which of two senders a select meets first, and what a full channel, a wait group and a closed channel do meanwhile. */
async function mixture(seed: number): Promise<string> {
  using clock = virtualClock();
  using sim = simulate(seed, clock);
  const log: string[] = [];
  const [a, b, full] = [chan<string>(), chan<string>(), chan<string>(1)];
  const done = new WaitGroup();
  const produce = async (name: string, to: Chan<string>) => {
    for (let i = 0; i < 3; i++) {
      await to.send(`${name}${i}`);
      await full.send(name);
    }
  };
  done.go(produce, "a", a);
  done.go(produce, "b", b);
  go(async () => {
    await done.wait();
    full.close();
  });
  go(async () => {
    for await (const name of full) log.push(name.toUpperCase());
    log.push("end");
  });
  go(async () => {
    for (let quiet = false; !quiet;) {
      const s = await select({ a, b, late: time.after(time.hour) });
      if (s.case === "late") quiet = true;
      log.push(s.case === "late" ? `late ${clock.now()}` : String(s.value));
    }
  });
  await sim.idle();
  return log.join(" ");
}

test("another scheduler and another clock behind the seam: channels, select, wait groups and timers work under every seed", async () => {
  const logs = new Set<string>();
  for (let seed = 1; seed <= 50; seed++) {
    const log = await mixture(seed);
    assert.equal(await mixture(seed), log, `seed ${seed}`);
    const sorted = log.split(" ").sort().join(" ");
    assert.equal(sorted, `3600000 A A A B B B a0 a1 a2 b0 b1 b2 end late`, `seed ${seed}`);
    assert.match(log, /late 3600000$/, `seed ${seed}`);
    logs.add(log);
  }
  assert.ok(logs.size > 10, `only ${logs.size} interleavings`);
});

test("TM-50 with another clock an hour takes no time, and time jumps only when all goroutines wait", async () => {
  const real = performance.now();
  using clock = virtualClock();
  using sim = simulate(1, clock);
  const seen: string[] = [];
  const ch = chan<number>();
  go(async () => {
    await time.sleep(time.hour);
    seen.push(`slept ${clock.now()}`);
    await time.sleep(time.hour);
    seen.push(`slept ${clock.now()}`);
    ch.close();
  });
  go(async () => {
    for (let i = 0; i < 1000; i++) {
      await ch.send(i);
      assert.equal(clock.now(), 0);
    }
    await time.sleep(90 * time.minute);
    seen.push(`sent ${clock.now()}`);
    await ch.send(-1);
  });
  go(async () => {
    for await (const i of ch) if (i === 999 || i === -1) seen.push(`received ${i} ${clock.now()}`);
    seen.push(`closed ${clock.now()}`);
  });
  await sim.idle();
  assert.deepEqual(seen, [
    "received 999 0",
    "slept 3600000",
    "sent 5400000",
    "received -1 5400000",
    "slept 7200000",
    "closed 7200000",
  ]);
  assert.ok(performance.now() - real < time.hour);
});
