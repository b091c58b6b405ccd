// Objects: made, listed, and freed when no thread and no message refers to them.
//
// References are counted in one word: a thread has one, however many handles of the object it has had (its bit in HOLDERS says
// that it has), a message has one for each time that the object is in it. So exactly one sees the last of them go.

import {
  GATE_SIZE,
  HOLDERS,
  LOST,
  OBJECT_NEXT,
  OBJECT_PREV,
  OBJECTS,
  OBJECTS_LOCK,
  REFERENCES,
  TYPE,
} from "./layout";
import { alloc } from "./heap";
import { lock, me, unlock } from "./lock";

/** A new object of so many bytes, all 0, held by this thread. 0 if no memory is left. */
export function create(type: i32, bytes: u32): usize {
  const o = alloc(bytes);
  if (o == 0) return 0;
  memory.fill(o, 0, bytes as usize);
  store<i32>(o, type, TYPE);
  hold(o);
  lock(OBJECTS_LOCK);
  const first = load<u32>(OBJECTS);
  store<u32>(o, first, OBJECT_NEXT);
  if (first != 0) store<u32>(first as usize, o as u32, OBJECT_PREV);
  store<u32>(OBJECTS, o as u32);
  unlock(OBJECTS_LOCK);
  return o;
}

/** A lock or its like. */
export function createGate(type: i32): usize {
  return create(type, GATE_SIZE as u32);
}

// @ts-ignore
@inline
function word(o: usize): usize {
  return o + HOLDERS + (((me - 1) as usize) >> 5 << 2);
}

// @ts-ignore
@inline
function bit(): i32 {
  return 1 << ((me - 1) & 31);
}

/** This thread has a handle from now on. */
export function hold(o: usize): void {
  const b = bit();
  if ((atomic.or<i32>(word(o), b) & b) == 0) atomic.add<i32>(o + REFERENCES, 1);
}

/** A message takes a reference along. The caller has one. */
export function travel(o: usize): void {
  atomic.add<i32>(o + REFERENCES, 1);
}

/** {@link travel}, for one who may have none. False if the object is lost, and about to be freed. */
export function revive(o: usize): bool {
  while (true) {
    const n = atomic.load<i32>(o + REFERENCES);
    if (n == 0) return false;
    if (atomic.cmpxchg<i32>(o + REFERENCES, n, n + 1) == n) return true;
  }
}

/** A message has arrived: its reference becomes this thread's. */
export function arrive(o: usize): void {
  const b = bit();
  if ((atomic.or<i32>(word(o), b) & b) != 0) atomic.sub<i32>(o + REFERENCES, 1);
}

/** A message with a reference has been discarded. True if nobody refers to the object any more: then the caller destroys it. */
export function discard(o: usize): bool {
  return atomic.sub<i32>(o + REFERENCES, 1) == 1;
}

/** This thread has no handle any more. True if nobody refers to the object any more: then the caller destroys it. */
export function drop(o: usize): bool {
  const b = bit();
  const had = atomic.and<i32>(word(o), ~b) & b;
  return had != 0 && atomic.sub<i32>(o + REFERENCES, 1) == 1;
}

/** {@link drop}, for a thread that has died: if nobody refers to the object any more, {@link nextLost} gives it. */
export function dropOf(o: usize, dead: i32): void {
  const b = 1 << (dead & 31);
  const had = atomic.and<i32>(o + HOLDERS + (((dead as usize) >> 5) << 2), ~b) & b;
  if (had != 0 && atomic.sub<i32>(o + REFERENCES, 1) == 1) store<i32>(o, 1, LOST);
}

/** Takes an object that is lost from the list. It is the caller's to free: only one sees its last reference go. */
export function destroy(o: usize): void {
  lock(OBJECTS_LOCK);
  store<i32>(o, 0, TYPE);
  const next = load<u32>(o, OBJECT_NEXT) as usize;
  const prev = load<u32>(o, OBJECT_PREV) as usize;
  if (next != 0) store<u32>(next, prev as u32, OBJECT_PREV);
  if (prev != 0) store<u32>(prev, next as u32, OBJECT_NEXT);
  else store<u32>(OBJECTS, next as u32);
  unlock(OBJECTS_LOCK);
}

/** An object that is lost, 0 if there is none: after the death of a thread that was the last to refer to it. */
export function nextLost(): usize {
  lock(OBJECTS_LOCK);
  let o = load<u32>(OBJECTS) as usize;
  while (o != 0 && load<i32>(o, LOST) == 0) o = load<u32>(o, OBJECT_NEXT) as usize;
  unlock(OBJECTS_LOCK);
  return o;
}
