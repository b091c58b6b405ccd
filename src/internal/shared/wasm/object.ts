// Objects: made, listed, and freed when no thread and no message refers to them.

import {
  GATE_SIZE,
  HOLDERS,
  OBJECT_NEXT,
  OBJECT_PREV,
  OBJECTS,
  OBJECTS_LOCK,
  TRAVELLING,
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
  atomic.or<i32>(word(o), bit());
}

/** A message takes a reference along. */
export function travel(o: usize): void {
  atomic.add<i32>(o + TRAVELLING, 1);
}

/** A message has arrived: its reference becomes this thread's. */
export function arrive(o: usize): void {
  hold(o);
  atomic.sub<i32>(o + TRAVELLING, 1);
}

/** A message with a reference has been discarded. True if nobody refers to the object any more: then the caller destroys it. */
export function discard(o: usize): bool {
  return atomic.sub<i32>(o + TRAVELLING, 1) == 1 && isLost(o);
}

/** This thread has no handle any more. True if nobody has. */
export function drop(o: usize): bool {
  const b = bit();
  const had = atomic.and<i32>(word(o), ~b) & b;
  return had != 0 && isLost(o);
}

/** Whether neither a thread nor a message refers to the object. The count of messages is read between, as they become handles. */
export function isLost(o: usize): bool {
  return noHolder(o) && atomic.load<i32>(o + TRAVELLING) == 0 && noHolder(o);
}

function noHolder(o: usize): bool {
  return (
    (atomic.load<i32>(o + HOLDERS) |
      atomic.load<i32>(o + HOLDERS + 4) |
      atomic.load<i32>(o + HOLDERS + 8) |
      atomic.load<i32>(o + HOLDERS + 12)) ==
    0
  );
}

/** Takes an object that is lost from the list, and frees it. Only one of those who saw that it is lost does so. */
export function destroy(o: usize): bool {
  lock(OBJECTS_LOCK);
  if (load<i32>(o, TYPE) == 0) {
    unlock(OBJECTS_LOCK);
    return false;
  }
  store<i32>(o, 0, TYPE);
  const next = load<u32>(o, OBJECT_NEXT) as usize;
  const prev = load<u32>(o, OBJECT_PREV) as usize;
  if (next != 0) store<u32>(next, prev as u32, OBJECT_PREV);
  if (prev != 0) store<u32>(prev, next as u32, OBJECT_NEXT);
  else store<u32>(OBJECTS, next as u32);
  unlock(OBJECTS_LOCK);
  return true;
}

/** An object that is lost, 0 if there is none: after the death of a thread that was the last to refer to it. */
export function nextLost(): usize {
  lock(OBJECTS_LOCK);
  let o = load<u32>(OBJECTS) as usize;
  while (o != 0 && !isLost(o)) o = load<u32>(o, OBJECT_NEXT) as usize;
  unlock(OBJECTS_LOCK);
  return o;
}
