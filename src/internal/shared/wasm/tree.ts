// The trees of maps: how one walks them, and what they consist of; boxes, too.
//
// Who walks has the stripe's lock. There is no loop in a walk but for keys of more than 32 bytes, and for keys that have all 30
// bits of their hashes in common.
//
// A slot holds 0, or a chain of the entries with one hash, or a node (its address + 1): 16 slots, of which four more bits of
// the hash say which. The first bits count first, so that the order of the slots is that of the hashes.

import { BOX_REFS, BOX_SIZE, BOX_SLOT, ENTRY_BYTES, ENTRY_FORM, ENTRY_HASH, ENTRY_KEY, ENTRY_NEXT } from "./layout";
import { MAP_SEED, ROOT, STRIPE, STRIPES } from "./layout";
import { alloc, free } from "./heap";
import { lock, unlock } from "./lock";

const NODE_SIZE: usize = 64;
export const IS_NODE: usize = 1;
/** The bits of a hash that say where in the stripe; those above say which stripe. */
const BITS: i32 = 24;
export const REST: u32 = (1 << BITS) - 1;

/** A key's hash, of 30 bits: MurmurHash3's. Every map has a seed of its own. */
export function hashOf(m: usize, form: i32, key: usize, bytes: u32): u32 {
  let h: u32 = load<u32>(m, MAP_SEED) ^ (form as u32);
  for (let i: usize = 0; i < (bytes as usize); i += 4) {
    h ^= rotl<u32>(load<u32>(key + i) * 0xcc9e2d51, 15) * 0x1b873593;
    h = rotl<u32>(h, 13) * 5 + 0xe6546b64;
  }
  h ^= bytes;
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return (h ^ (h >> 16)) >> 2;
}

// @ts-ignore
@inline
export function stripeOf(m: usize, hash: u32): usize {
  return m + STRIPES + ((hash >> BITS) as usize) * STRIPE;
}

// Where a walk has led to.

/** The word that holds the entry, or would: a slot, or the NEXT of the one before it. */
export let link: usize = 0;
/** The node of the slot, 0 if it is the stripe's, and the slot that holds the node. */
export let node: usize = 0;
export let above: usize = 0;
/** How many bits of the hash are left below the slot. */
export let shift: i32 = 0;

/** Walks to the slot for a hash: six levels at most. */
// @ts-ignore
@inline
export function descend(stripe: usize, hash: u32): void {
  link = stripe + ROOT;
  node = 0;
  shift = BITS;
  down(hash);
  down(hash);
  down(hash);
  down(hash);
  down(hash);
  down(hash);
}

/** Goes on to the slot in the node, if there is one. */
// @ts-ignore
@inline
function down(hash: u32): void {
  const to = load<u32>(link) as usize;
  if ((to & IS_NODE) != 0) {
    above = link;
    node = to & ~IS_NODE;
    shift -= 4;
    link = slotOf(node, hash, shift);
  }
}

// @ts-ignore
@inline
export function slotOf(n: usize, hash: u32, bits: i32): usize {
  return n + ((((hash >> bits) & 15) as usize) << 2);
}

/** Walks to a key's entry; 0 if there is none. The entry in the slot may have another hash then. */
// @ts-ignore
@inline
export function seek(stripe: usize, hash: u32, form: i32, key: usize, bytes: u32): usize {
  descend(stripe, hash);
  let e = load<u32>(link) as usize;
  if (e != 0) {
    if (load<u32>(e, ENTRY_HASH) != hash) {
      e = 0;
    } else if (!isOf(e, form, key, bytes)) {
      link = e + ENTRY_NEXT;
      e = load<u32>(link) as usize;
      while (e != 0 && !isOf(e, form, key, bytes)) {
        link = e + ENTRY_NEXT;
        e = load<u32>(link) as usize;
      }
    }
  }
  return e;
}

// @ts-ignore
@inline
function isOf(e: usize, form: i32, key: usize, bytes: u32): bool {
  let same = load<i32>(e, ENTRY_FORM) == form && load<u32>(e, ENTRY_BYTES) == bytes;
  if (same && bytes > 0) same = load<u64>(e, ENTRY_KEY) == load<u64>(key);
  if (same && bytes > 8) same = load<u64>(e, ENTRY_KEY + 8) == load<u64>(key, 8);
  if (same && bytes > 16) same = load<u64>(e, ENTRY_KEY + 16) == load<u64>(key, 16);
  if (same && bytes > 24) same = load<u64>(e, ENTRY_KEY + 24) == load<u64>(key, 24);
  if (same && bytes > 32) {
    for (let i: usize = 32; same && i < (bytes as usize); i += 8) same = load<u64>(e + i, ENTRY_KEY) == load<u64>(key + i);
  }
  return same;
}

export function newNode(): usize {
  const n = alloc(NODE_SIZE as u32);
  if (n != 0) memory.fill(n, 0, NODE_SIZE);
  return n;
}

export function newEntry(hash: u32, form: i32, key: usize, bytes: u32): usize {
  const e = alloc((ENTRY_KEY as u32) + padded(bytes));
  if (e == 0) return 0;
  store<u32>(e, 0, ENTRY_NEXT);
  store<u32>(e, hash, ENTRY_HASH);
  store<i32>(e, form, ENTRY_FORM);
  store<u32>(e, bytes, ENTRY_BYTES);
  memory.copy(e + ENTRY_KEY, key, padded(bytes) as usize);
  return e;
}

// @ts-ignore
@inline
export function padded(bytes: u32): u32 {
  return (bytes + 7) & ~7;
}

// @ts-ignore
@inline
export function isEmpty(n: usize): bool {
  const first = load<u64>(n) | load<u64>(n, 8) | load<u64>(n, 16) | load<u64>(n, 24);
  return (first | load<u64>(n, 32) | load<u64>(n, 40) | load<u64>(n, 48) | load<u64>(n, 56)) == 0;
}

/** Takes out the nodes on the way to a hash that have become empty. */
export function prune(stripe: usize, hash: u32): void {
  while (true) {
    lock(stripe);
    descend(stripe, hash);
    const bare = node;
    if (bare == 0 || !isEmpty(bare)) {
      unlock(stripe);
      return;
    }
    store<u32>(above, 0);
    unlock(stripe);
    free(bare);
  }
}

/** Puts a value into a box, of which the caller has the one reference. 0 if no memory is left. */
export function box(tag: i32, aux: i32, number: f64): usize {
  const b = alloc(BOX_SIZE as u32);
  if (b == 0) return 0;
  store<i32>(b, 1, BOX_REFS);
  store<i32>(b, tag, BOX_SLOT);
  store<i32>(b, aux, BOX_SLOT + 4);
  store<f64>(b, number, BOX_SLOT + 8);
  return b;
}

/** The caller does not use the box any more. True if nobody does: it is the caller's, to free it with what is in it. */
export function unbox(b: usize): bool {
  return atomic.sub<i32>(b + BOX_REFS, 1) == 1;
}
