// Blocks of shared memory, by size classes. A thread has lists of its own; what another thread frees goes back to the thread that
// made it, through one stack that is taken as a whole.
//
// A block has 8 bytes before it: its class, and its thread's number. Memory is never given back to the host.

import { CHUNK, CHUNK_END, FREED, LISTS, RECORD, THREADS, TOP } from "./layout";
import { me, record } from "./lock";

const HEAD: usize = 8;
const CHUNK_SIZE: usize = 65536;

// Classes 1 to 8 are 16 to 128 bytes; from there on there are four to every doubling.

// @ts-ignore
@inline
function classOf(bytes: u32): u32 {
  if (bytes <= 128) return (bytes + 15) >> 4;
  const k: u32 = 31 - clz<u32>(bytes - 1);
  return 9 + ((k - 7) << 2) + ((bytes - 1 - (1 << k)) >> (k - 2));
}

// @ts-ignore
@inline
function sizeOf(c: u32): u32 {
  if (c <= 8) return c << 4;
  const k: u32 = 7 + ((c - 9) >> 2);
  return (1 << k) + ((((c - 9) & 3) + 1) << (k - 2));
}

/** A block of at least so many bytes, aligned to 8. 0 if no memory is left. */
export function alloc(bytes: u32): usize {
  if (bytes > 0x7fff_0000) return 0;
  const c = classOf(bytes + (HEAD as u32));
  const list = record + LISTS + ((c as usize) << 2);
  let block = load<u32>(list) as usize;
  if (block == 0) {
    if (atomic.load<i32>(record + FREED) != 0) {
      takeBack();
      block = load<u32>(list) as usize;
    }
    if (block == 0) return cut(c);
  }
  store<u32>(list, load<u32>(block));
  return block;
}

export function free(block: usize): void {
  const owner = load<i32>(block - 4);
  if (owner == me) {
    const list = record + LISTS + ((load<u32>(block - 8) as usize) << 2);
    store<u32>(block, load<u32>(list));
    store<u32>(list, block as u32);
    return;
  }
  const stack = THREADS + RECORD * ((owner - 1) as usize) + FREED;
  while (true) {
    const first = atomic.load<u32>(stack);
    store<u32>(block, first);
    if (atomic.cmpxchg<u32>(stack, first, block as u32) == first) return;
  }
}

/** How many bytes there are in a block. */
export function capacity(block: usize): u32 {
  return sizeOf(load<u32>(block - 8)) - (HEAD as u32);
}

/** Puts what others have freed back into the lists. */
function takeBack(): void {
  let block = atomic.xchg<u32>(record + FREED, 0) as usize;
  while (block != 0) {
    const next = load<u32>(block) as usize;
    const list = record + LISTS + ((load<u32>(block - 8) as usize) << 2);
    store<u32>(block, load<u32>(list));
    store<u32>(list, block as u32);
    block = next;
  }
}

/** A new block: of the thread's chunk if it is small. */
function cut(c: u32): usize {
  const size = sizeOf(c) as usize;
  let at: usize;
  if (size > CHUNK_SIZE >> 4) {
    at = extend(size);
    if (at == 0) return 0;
  } else {
    at = load<u32>(record + CHUNK) as usize;
    if ((size & 63) == 0) at = (at + 63) & ~63; // whole cache lines, which nobody else writes to
    if (at == 0 || at + size > (load<u32>(record + CHUNK_END) as usize)) {
      at = extend(CHUNK_SIZE);
      if (at == 0) return 0;
      store<u32>(record + CHUNK_END, (at + CHUNK_SIZE) as u32);
    }
    store<u32>(record + CHUNK, (at + size) as u32);
  }
  store<u32>(at, c);
  store<i32>(at + 4, me);
  return at + HEAD;
}

/** Takes so many bytes from the end of what is used; lets the memory grow if there are not so many. */
function extend(bytes: usize): usize {
  while (true) {
    const top = atomic.load<u32>(TOP);
    const end = (top as u64) + (bytes as u64);
    const room = (memory.size() as u64) << 16;
    if (end > room) {
      const needed = ((end - room + 0xffff) >> 16) as i32;
      const eighth = memory.size() >> 3;
      if (needed >= eighth || memory.grow(eighth) < 0) {
        if (memory.grow(needed) < 0) return 0;
      }
      continue;
    }
    if (atomic.cmpxchg<u32>(TOP, top, end as u32) == top) return top as usize;
  }
}
