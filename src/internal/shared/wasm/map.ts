// Maps: a tree for each of 64 stripes of the hashes, which grows and shrinks by one node at a time.
//
// Invariants: whoever looks at a slot or an entry has the stripe's lock, so that nothing is freed under their eyes. There is
// hardly a loop under it (see tree.ts), and none that changes anything. Every change leaves the tree whole, whoever dies before
// or after it: a node that has just been put in has the chain that was in its place, and one that has become empty is as good
// as none until it is taken out. What is needed for a change is allocated before it, without the lock.
//
// A value that needs a block is in a box, which counts those who use it: the entry, and those who read it after they have let
// go of the lock. All other values are in the entry.

import { BOX_REFS, BOXED, ENTRY_BYTES, ENTRY_FORM, ENTRY_HASH, ENTRY_KEY, ENTRY_NEXT, ENTRY_SLOT, EXHAUSTED } from "./layout";
import { HASHES, MAP, MAP_SEED, MAP_SIZE, NUMERIC, OK, ROOT, STRIPE, STRIPES, VALUE } from "./layout";
import { copy } from "./chan";
import { free } from "./heap";
import { lock, record, unlock } from "./lock";
import { create } from "./object";
import { above, descend, hashOf, IS_NODE, isEmpty, link, newEntry, newNode, node, padded, prune, REST } from "./tree";
import { seek, shift, slotOf, stripeOf } from "./tree";

export function createMap(seed: i32): usize {
  const m = create(MAP, MAP_SIZE as u32);
  if (m != 0) store<i32>(m, seed, MAP_SEED);
  return m;
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
function set(e: usize, tag: i32, aux: i32, number: f64): void {
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
 * Gives a key that is missing this value: 0, or EXHAUSTED. Otherwise OK: the value that it had is in VALUE, and stays in the
 * map unless `overwrites`. A box is the caller's then: in VALUE, and the new one if it has not been stored.
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
        set(e, tag, aux, number);
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
      if (entry != 0) set(entry, tag, aux, number);
      else result = EXHAUSTED;
    }
    if (result == EXHAUSTED) break;
  }
  if (entry != 0) free(entry);
  if (spare != 0) free(spare);
  return result;
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
    set(e, tag, aux, number);
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

/**
 * Writes the keys of the entries whose hashes are `from` or above to a buffer, as many as it holds: form, length, and the key,
 * in multiples of 8 bytes. All that have one hash go together. Gives how many bytes these are, 0 at the end; more than the
 * buffer has, if it is too small for the next ones. What to go on from is in VALUE.
 */
export function mapScan(m: usize, from: u32, buffer: usize, size: u32): u32 {
  let used: u32 = 0;
  while (from < HASHES) {
    const stripe = stripeOf(m, from);
    let after = used;
    lock(stripe);
    descend(stripe, from);
    const e = load<u32>(link) as usize;
    if (e != 0 && load<u32>(e, ENTRY_HASH) >= from) {
      from = load<u32>(e, ENTRY_HASH);
      after += write(e, buffer, after, size);
      let other = load<u32>(e, ENTRY_NEXT) as usize;
      if (other != 0) {
        while (other != 0) {
          after += write(other, buffer, after, size);
          other = load<u32>(other, ENTRY_NEXT) as usize;
        }
      }
    } else {
      from |= (1 << shift) - 1; // there is nothing up to the end of the slot
    }
    unlock(stripe);
    if (after > size) {
      store<u32>(record, from, VALUE);
      return used == 0 ? after : used;
    }
    used = after;
    from++;
  }
  store<u32>(record, from, VALUE);
  return used;
}

/** Writes a key if there is room for it; how much it needs. */
// @ts-ignore
@inline
function write(e: usize, buffer: usize, at: u32, size: u32): u32 {
  const needed = 8 + padded(load<u32>(e, ENTRY_BYTES));
  if (at + needed <= size) {
    const to = buffer + (at as usize);
    store<u64>(to, load<u64>(e, ENTRY_FORM));
    memory.copy(to + 8, e + ENTRY_KEY, (needed - 8) as usize);
  }
  return needed;
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
