// Maps: a tree for each of 64 stripes of the hashes, which grows and shrinks by one node at a time.
//
// A stripe is a lock and a slot. A slot holds 0, or a chain of the entries with one hash, or a node (its address + 1): 16 slots, of
// which four more bits of the hash say which. The first bits count first, so that the order of the slots is that of the hashes.
//
// Invariants: whoever looks at a slot or an entry has the stripe's lock, so that nothing is freed under their eyes. The walks
// change nothing, and every change is one store that leaves the tree whole, whoever dies before or after it: a node that has just
// been put in has the chain that was in its place, and one that has become empty is a slot with nothing in it until it is taken
// out. What is needed for a change is allocated before it, without the lock.
//
// A value that needs a block is in a box, which counts those who use it: the entry, and those who read it after they have let go of
// the lock. All other values are in the entry.

import {
  BOX_REFS, BOX_SIZE, BOX_SLOT, BOXED, ENTRY_BYTES, ENTRY_FORM, ENTRY_HASH, ENTRY_KEY, ENTRY_NEXT, ENTRY_SLOT, EXHAUSTED,
  HASHES, MAP, MAP_SEED, MAP_SIZE, NUMERIC, OK, ROOT, STRIPE, STRIPES, VALUE,
} from "./layout";
import { copy } from "./chan";
import { alloc, free } from "./heap";
import { lock, record, unlock } from "./lock";
import { create } from "./object";

const NODE_SIZE: usize = 64;
const IS_NODE: usize = 1;
/** The bits of a hash that say where in the stripe; those above say which stripe. */
const BITS: i32 = 24;
const REST: u32 = (1 << BITS) - 1;

export function createMap(seed: i32): usize {
  const m = create(MAP, MAP_SIZE as u32);
  if (m != 0) store<i32>(m, seed, MAP_SEED);
  return m;
}

/** A key's hash, of 30 bits: MurmurHash3's. Every map has a seed of its own. */
function hashOf(m: usize, form: i32, key: usize, bytes: u32): u32 {
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
function stripeOf(m: usize, hash: u32): usize {
  return m + STRIPES + ((hash >> BITS) as usize) * STRIPE;
}

// Where a walk has led to.

/** The word that holds the entry, or would: a slot, or the NEXT of the one before it. */
let link: usize = 0;
/** The node of the slot, 0 if it is the stripe's, and the slot that holds the node. */
let node: usize = 0;
let above: usize = 0;
/** How many bits of the hash are left below the slot. */
let shift: i32 = 0;

/** Walks to the slot for a hash. */
// @ts-ignore
@inline
function descend(stripe: usize, hash: u32): void {
  link = stripe + ROOT;
  node = 0;
  shift = BITS;
  let to = load<u32>(link) as usize;
  while ((to & IS_NODE) != 0) {
    above = link;
    node = to & ~IS_NODE;
    shift -= 4;
    link = slotOf(node, hash, shift);
    to = load<u32>(link) as usize;
  }
}

// @ts-ignore
@inline
function slotOf(n: usize, hash: u32, bits: i32): usize {
  return n + ((((hash >> bits) & 15) as usize) << 2);
}

/** Walks to a key's entry; 0 if there is none. The entry in the slot may have another hash then. */
// @ts-ignore
@inline
function seek(stripe: usize, hash: u32, form: i32, key: usize, bytes: u32): usize {
  descend(stripe, hash);
  let e = load<u32>(link) as usize;
  if (e == 0 || load<u32>(e, ENTRY_HASH) != hash) return 0;
  while (e != 0 && !isOf(e, form, key, bytes)) {
    link = e + ENTRY_NEXT;
    e = load<u32>(link) as usize;
  }
  return e;
}

// @ts-ignore
@inline
function isOf(e: usize, form: i32, key: usize, bytes: u32): bool {
  let same = load<i32>(e, ENTRY_FORM) == form && load<u32>(e, ENTRY_BYTES) == bytes;
  for (let i: usize = 0; same && i < (bytes as usize); i += 4) same = load<u32>(e + i, ENTRY_KEY) == load<u32>(key + i);
  return same;
}

/** Gives an entry's value for good. */
// @ts-ignore
@inline
function give(e: usize): void {
  copy(e + ENTRY_SLOT, record + VALUE);
}

/** Gives an entry's value, which it keeps. */
// @ts-ignore
@inline
function show(e: usize): void {
  give(e);
  if (load<i32>(e, ENTRY_SLOT) == BOXED) atomic.add<i32>((load<u32>(e, ENTRY_SLOT + 4) as usize) + BOX_REFS, 1);
}

// @ts-ignore
@inline
function write(e: usize, tag: i32, aux: i32, number: f64): void {
  store<i32>(e, tag, ENTRY_SLOT);
  store<i32>(e, aux, ENTRY_SLOT + 4);
  store<f64>(e, number, ENTRY_SLOT + 8);
}

/** Whether the entry's value is that one: the same box, or the same number as `==` says, or the same of the others. */
// @ts-ignore
@inline
function holds(e: usize, tag: i32, aux: i32, number: f64): bool {
  if (load<i32>(e, ENTRY_SLOT) != tag) return false;
  return tag == NUMERIC ? load<f64>(e, ENTRY_SLOT + 8) == number : load<i32>(e, ENTRY_SLOT + 4) == aux;
}

/** OK: a key's value is in this thread's VALUE; if that is a box, the caller has to {@link unbox} it. Otherwise 0. */
export function mapLoad(m: usize, form: i32, key: usize, bytes: u32): i32 {
  const hash = hashOf(m, form, key, bytes);
  const stripe = stripeOf(m, hash);
  lock(stripe);
  const e = seek(stripe, hash, form, key, bytes);
  if (e != 0) show(e);
  unlock(stripe);
  return e != 0 ? OK : 0;
}

/**
 * Gives a key that is missing this value: 0, or EXHAUSTED. Otherwise OK: the value that it had is in VALUE, and stays in the map
 * unless `overwrites`. A box is the caller's then: in VALUE, and the new one if it has not been stored.
 */
export function mapStore(
  m: usize,
  form: i32,
  key: usize,
  bytes: u32,
  overwrites: bool,
  tag: i32,
  aux: i32,
  number: f64,
): i32 {
  const hash = hashOf(m, form, key, bytes);
  const stripe = stripeOf(m, hash);
  let entry: usize = 0;
  let spare: usize = 0;
  let result = 0;
  while (true) {
    lock(stripe);
    const e = seek(stripe, hash, form, key, bytes);
    if (e != 0) {
      if (overwrites) {
        give(e);
        write(e, tag, aux, number);
      } else {
        show(e);
      }
      unlock(stripe);
      result = OK;
      break;
    }
    const there = load<u32>(link) as usize;
    if (there != 0 && load<u32>(there, ENTRY_HASH) != hash) {
      if (spare != 0) {
        store<u32>(slotOf(spare, load<u32>(there, ENTRY_HASH), shift - 4), there as u32);
        store<u32>(link, (spare | IS_NODE) as u32);
        spare = 0;
        unlock(stripe);
        continue;
      }
      unlock(stripe);
      spare = newNode();
      if (spare == 0) result = EXHAUSTED;
    } else {
      if (entry != 0) {
        store<u32>(link, entry as u32); // the last of its chain
        entry = 0;
        unlock(stripe);
        break;
      }
      unlock(stripe);
      entry = newEntry(hash, form, key, bytes);
      if (entry != 0) write(entry, tag, aux, number);
      else result = EXHAUSTED;
    }
    if (result == EXHAUSTED) break;
  }
  if (entry != 0) free(entry);
  if (spare != 0) free(spare);
  return result;
}

function newNode(): usize {
  const n = alloc(NODE_SIZE as u32);
  if (n != 0) memory.fill(n, 0, NODE_SIZE);
  return n;
}

function newEntry(hash: u32, form: i32, key: usize, bytes: u32): usize {
  const e = alloc((ENTRY_KEY as u32) + bytes + 3);
  if (e == 0) return 0;
  store<u32>(e, 0, ENTRY_NEXT);
  store<u32>(e, hash, ENTRY_HASH);
  store<i32>(e, form, ENTRY_FORM);
  store<u32>(e, bytes, ENTRY_BYTES);
  memory.copy(e + ENTRY_KEY, key, ((bytes + 3) & ~3) as usize);
  return e;
}

/** Gives a key another value, if it {@link holds} the old one: OK, and the old one is in VALUE for good. Otherwise 0. */
export function mapSwap(
  m: usize,
  form: i32,
  key: usize,
  bytes: u32,
  oldTag: i32,
  oldAux: i32,
  oldNumber: f64,
  tag: i32,
  aux: i32,
  number: f64,
): i32 {
  const hash = hashOf(m, form, key, bytes);
  const stripe = stripeOf(m, hash);
  let result = 0;
  lock(stripe);
  const e = seek(stripe, hash, form, key, bytes);
  if (e != 0 && holds(e, oldTag, oldAux, oldNumber)) {
    give(e);
    write(e, tag, aux, number);
    result = OK;
  }
  unlock(stripe);
  return result;
}

/** Takes a key out, if it {@link holds} the old value or `always`: OK, and the value is in VALUE for good. Otherwise 0. */
export function mapDelete(
  m: usize,
  form: i32,
  key: usize,
  bytes: u32,
  always: bool,
  oldTag: i32,
  oldAux: i32,
  oldNumber: f64,
): i32 {
  const hash = hashOf(m, form, key, bytes);
  const stripe = stripeOf(m, hash);
  lock(stripe);
  const e = seek(stripe, hash, form, key, bytes);
  if (e == 0 || !(always || holds(e, oldTag, oldAux, oldNumber))) {
    unlock(stripe);
    return 0;
  }
  give(e);
  store<u32>(link, load<u32>(e, ENTRY_NEXT));
  const bare = node != 0 && isEmpty(node);
  unlock(stripe);
  free(e);
  if (bare) prune(stripe, hash);
  return OK;
}

// @ts-ignore
@inline
function isEmpty(n: usize): bool {
  const first = load<u64>(n) | load<u64>(n, 8) | load<u64>(n, 16) | load<u64>(n, 24);
  return (first | load<u64>(n, 32) | load<u64>(n, 40) | load<u64>(n, 48) | load<u64>(n, 56)) == 0;
}

/** Takes out the nodes on the way to a hash that have become empty. */
function prune(stripe: usize, hash: u32): void {
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

/**
 * Writes the keys of the entries whose hashes are `from` or above to a buffer, as many as it holds: form, length, and the key, in
 * multiples of 8 bytes. All that have one hash go together. Gives how many bytes these are, 0 at the end; more than the buffer
 * has, if it is too small for the next ones. What to go on from is in VALUE.
 */
export function mapScan(m: usize, from: u32, buffer: usize, size: u32): u32 {
  let used: u32 = 0;
  while (from < HASHES) {
    const stripe = stripeOf(m, from);
    const end = (from | REST) + 1;
    lock(stripe);
    while (from < end) {
      descend(stripe, from);
      const first = load<u32>(link) as usize;
      if (first == 0 || load<u32>(first, ENTRY_HASH) < from) {
        from = (from | ((1 << shift) - 1)) + 1;
        continue;
      }
      let needed: u32 = 0;
      for (let e = first; e != 0; e = load<u32>(e, ENTRY_NEXT) as usize) needed += sizeOf(e);
      if (used + needed > size) {
        unlock(stripe);
        store<u32>(record, from, VALUE);
        return used == 0 ? needed : used;
      }
      for (let e = first; e != 0; e = load<u32>(e, ENTRY_NEXT) as usize) {
        const to = buffer + (used as usize);
        store<u64>(to, load<u64>(e, ENTRY_FORM));
        memory.copy(to + 8, e + ENTRY_KEY, ((load<u32>(e, ENTRY_BYTES) + 3) & ~3) as usize);
        used += sizeOf(e);
      }
      from = load<u32>(first, ENTRY_HASH) + 1;
    }
    unlock(stripe);
  }
  store<u32>(record, from, VALUE);
  return used;
}

// @ts-ignore
@inline
function sizeOf(e: usize): u32 {
  return 8 + ((load<u32>(e, ENTRY_BYTES) + 7) & ~7);
}

/** Moves all of a map's stripe to one that nobody else knows. */
export function mapDetach(m: usize, index: i32, to: usize): void {
  const stripe = m + STRIPES + (index as usize) * STRIPE;
  atomic.store<i32>(to, 0);
  lock(stripe);
  store<u32>(to, load<u32>(stripe, ROOT), ROOT);
  store<u32>(stripe, 0, ROOT);
  unlock(stripe);
}

/** Takes one entry out of a stripe that nobody else knows, and gives its value for good. False if there is none. */
export function mapPop(stripe: usize): bool {
  let from: u32 = 0;
  while (from <= REST) {
    descend(stripe, from);
    const e = load<u32>(link) as usize;
    if (e != 0) {
      give(e);
      store<u32>(link, load<u32>(e, ENTRY_NEXT));
      free(e);
      return true;
    }
    if (node != 0 && isEmpty(node)) {
      store<u32>(above, 0);
      free(node);
    } else {
      from = (from | ((1 << shift) - 1)) + 1;
    }
  }
  return false;
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
