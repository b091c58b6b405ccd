// A map whose users are ended from outside, wherever they are: it stays whole, and no stripe stays locked.

import assert from "node:assert/strict";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { shared } from "gort/parallel";
import type { SharedObject } from "../../dist/internal/shared/object.js";
import { numbers, stressSeed } from "../support/seed.js";
import type { Hammer } from "./tasks/hammer.js";
import { type Entry, entry, isWhole } from "./tasks/maps.js";

/** $GORT_KILLS asks for more. */
const kills = Number(process.env["GORT_KILLS"] ?? 12);

interface Running {
  readonly worker: Worker;
  readonly words: Int32Array;
  readonly number: number;
}

function start(m: SharedObject, seed: number): Running {
  const { on, pointer, kind } = m;
  const words = new Int32Array(new SharedArrayBuffer(8));
  const number = on.core.claimThread(1);
  on.core.travel(pointer);
  const hammer: Hammer = { commons: on.commons, number, pointer, kind, seed, words };
  return { worker: new Worker(new URL("tasks/hammer.js", import.meta.url), { workerData: { hammer } }), words, number };
}

async function reach({ words }: Running, count: number): Promise<void> {
  while (Atomics.load(words, 0) < count) await setImmediate();
}

test("threads that are ended in the middle of what they do leave a map that is whole, and that others go on with", async () => {
  const seed = stressSeed();
  const below = numbers(seed);
  const m = new shared.Map<string | number, Entry>();
  const object = m as unknown as SharedObject;
  const { core, registry } = object.on;
  const survivor = start(object, seed);
  await reach(survivor, 1);
  for (let i = 0; i < kills; i++) {
    const victim = start(object, seed + i);
    await reach(victim, 1 + below(3000));
    await victim.worker.terminate();
    core.declareDead(victim.number);
    core.sweep(victim.number, 1, 1);
    registry.destroyLost();
    core.bury(victim.number);
    const done = Atomics.load(survivor.words, 0);
    await reach(survivor, done + 100); // it does not wait for the dead
  }
  Atomics.store(survivor.words, 1, 1);
  const [torn] = (await once(survivor.worker, "message")) as [number];
  assert.equal(torn, 0, `torn, with GORT_SEED=${seed}`);
  for (let n = 0; n < 300; n++) m.store(n, entry(n));
  const seen = new Set<string | number>();
  m.range((k, v) => {
    assert.ok(isWhole(v) && !seen.has(k));
    return seen.add(k).size > 0;
  });
  for (let n = 0; n < 300; n++) assert.ok(seen.has(n));
  m.clear();
  m.range(() => assert.fail("a key is left"));
});
