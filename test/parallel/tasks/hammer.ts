// A thread that does everything to a map until it is told to stop, or is stopped wherever it is. Not for processors: it joins the
// memory by itself, so that a test can end it when it likes.

import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { Commons } from "../../../dist/internal/shared/core.js";
import type { SharedMap } from "../../../dist/internal/shared/map.js";
import type { join as Join } from "../../../dist/internal/shared/thread.js";
import { internal } from "../../support/internal.js";
import { type Entry, entry, isWhole } from "./maps.js";

/** What the thread is told. */
export interface Hammer {
  readonly commons: Commons;
  readonly number: number;
  readonly pointer: number;
  readonly kind: number;
  readonly seed: number;
  /** How many operations it has done, and whether it is to stop. */
  readonly words: Int32Array;
}

const given = (workerData as { hammer?: Hammer } | undefined)?.hammer;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
if (!isMainThread && given !== undefined) parentPort?.postMessage(await hammer(given));

/** How much of what it read was torn. */
async function hammer({ commons, number, pointer, kind, seed, words }: Hammer): Promise<number> {
  const { join } = await internal<{ join: typeof Join }>("shared/thread.js");
  await internal("shared/map.js");
  const all = join(commons, number).registry.unpack(kind, pointer, 0) as SharedMap<string | number, Entry>;
  let torn = 0;
  for (let i = 0; Atomics.load(words, 1) === 0; i++) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const n = (seed >>> 8) % 200;
    const k = n % 3 === 0 ? n : `a key of more than 32 bytes, so that comparing takes a loop: ${n}`;
    const what = (seed >>> 16) % 100;
    if (what < 40) all.store(k, entry(i));
    else if (what < 60) all.delete(k);
    else if (what < 96) torn += isWhole(all.load(k)[0] ?? entry(0)) ? 0 : 1;
    else if (what < 99) all.range((_k, v) => isWhole(v) || torn++ < 0);
    else all.clear();
    Atomics.add(words, 0, 1);
  }
  return torn;
}
