// What is in use of the memory that threads share: to prove that nothing is left behind.

import type { thread as Thread } from "../../dist/internal/shared/thread.js";
import { internal } from "./internal.js";

const { thread } = await internal<{ thread: typeof Thread }>("shared/thread.js");
type Words = "TOP" | "HEAP" | "CHUNK" | "MAX_THREADS" | "THREADS" | "RECORD" | "FREED" | "LISTS" | "SYNC_WAITER";
const layout = await internal<Record<Words, number>>("shared/wasm/layout.js");

const chunk = 65536;

/** How many blocks are in use. No other thread may be making or freeing any. */
export function liveBlocks(): number {
  const on = thread();
  on.refresh();
  const { i32 } = on;
  const word = (at: number) => Atomics.load(i32, at >> 2);
  let made = 0;
  const top = word(layout.TOP);
  for (let at = layout.HEAP; at < top;) {
    const end = at + Math.max(sizeOf(word(at)), chunk);
    if (sizeOf(word(at)) > chunk >> 4) {
      made++;
      at += sizeOf(word(at));
      continue;
    }
    for (; at < end; at += sizeOf(word(at))) {
      if (word(at) === 0) at = Math.ceil(at / 64) * 64; // what begins a cache line leaves a gap
      if (at >= end || word(at) === 0) break;
      made++;
    }
    at = end;
  }
  let free = 0;
  for (let n = 0; n < layout.MAX_THREADS; n++) {
    const record = layout.THREADS + n * layout.RECORD;
    const lists = [record + layout.FREED];
    for (let at = record + layout.LISTS; at < record + layout.SYNC_WAITER; at += 4) lists.push(at);
    for (const list of lists) for (let block = word(list); block !== 0; block = word(block)) free++;
  }
  return made - free;
}

/** How long the memory is. */
export function sharedBytes(): number {
  const on = thread();
  on.refresh();
  return on.i32.byteLength;
}

/** Bytes of a block of this class. */
function sizeOf(c: number): number {
  if (c <= 8) return c * 16;
  const k = 7 + ((c - 9) >> 2);
  return 2 ** k + (((c - 9) & 3) + 1) * 2 ** (k - 2);
}

/** Does `body` with no memory left but what it can find in the blocks that are free. */
export function exhausted(body: () => void): void {
  const { i32, record } = thread();
  const words = [layout.TOP, record + layout.CHUNK].map((at) => at >> 2);
  const before = words.map((word) => i32[word] as number);
  i32[words[0] as number] = 0x7fff_0000 - 16;
  i32[words[1] as number] = 0;
  try {
    body();
  } finally {
    words.forEach((word, i) => (i32[word] = before[i] as number));
  }
}

/** Does `body` with no memory left at all. */
export function starved(body: () => void): void {
  const { core } = thread();
  const taken: number[] = [];
  exhausted(() => {
    for (let bytes = 8; bytes < 2 ** 28; bytes += Math.max(8, bytes >> 3)) {
      for (let block; (block = core.alloc(bytes)) !== 0;) taken.push(block);
    }
    try {
      body();
    } finally {
      for (const block of taken) core.free(block);
    }
  });
}
