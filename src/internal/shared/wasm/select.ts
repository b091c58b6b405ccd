// select over channels: all are locked, in the order of their addresses, so that it sees one moment of all of them.
//
// The loops are under locks. That is safe: nothing is changed before all are locked, each turn of a loop leaves every queue
// whole, and what a dead thread has locked is unlocked when it is swept up.

import {
  BLOCKED,
  CASE,
  CASE_TAG,
  CASE_WAITER,
  CHANNEL,
  GROUP,
  LOCK,
  ORDER,
  PARKED,
  RECVQ,
  SENDING,
  SENDQ,
  STALE,
  TAG,
} from "./layout";
import { after, copy, lockOther, recvLocked, sendLocked, unlockOther } from "./chan";
import { lock, unlock } from "./lock";
import { push } from "./waiter";

// @ts-ignore
@inline
function channel(cases: usize, i: i32): usize {
  return load<u32>(cases + CASE * (i as usize), CHANNEL) as usize;
}

// @ts-ignore
@inline
function byAddress(cases: usize, i: i32): usize {
  return channel(cases, load<i32>(cases + CASE * (i as usize), ORDER));
}

function lockAll(cases: usize, n: i32): void {
  let last: usize = 0;
  for (let i = 0; i < n; i++) {
    const c = byAddress(cases, i);
    if (c != last) {
      lock(c + LOCK);
      lockOther(c);
    }
    last = c;
  }
}

function unlockAll(cases: usize, n: i32): void {
  let last: usize = 0;
  for (let i = 0; i < n; i++) {
    const c = byAddress(cases, i);
    if (c != last) {
      unlockOther(c);
      unlock(c + LOCK);
    }
    last = c;
  }
}

/**
 * Does the first case that can proceed: gives its number times 8, plus OK or CLOSED. If there is none: BLOCKED, or PARKED if the
 * cases have waiters, which then stand in the queues as one group.
 */
export function select(cases: usize, n: i32): i32 {
  lockAll(cases, n);
  for (let i = 0; i < n; i++) {
    const each = cases + CASE * (i as usize);
    const c = load<u32>(each, CHANNEL) as usize;
    let result: i32;
    do {
      if (load<i32>(each, SENDING) == 0) result = recvLocked(c);
      else result = sendLocked(c, load<i32>(each, CASE_TAG), load<i32>(each, CASE_TAG + 4), load<f64>(each, CASE_TAG + 8));
    } while (result == STALE);
    if (result != BLOCKED) {
      unlockAll(cases, n);
      after();
      return (i << 3) | result;
    }
  }
  const group = load<u32>(cases, CASE_WAITER);
  if (group != 0) {
    for (let i = 0; i < n; i++) {
      const each = cases + CASE * (i as usize);
      const c = load<u32>(each, CHANNEL) as usize;
      const w = load<u32>(each, CASE_WAITER) as usize;
      store<u32>(w, group, GROUP);
      if (load<i32>(each, SENDING) != 0) {
        copy(each + CASE_TAG, w + TAG);
        push(c + SENDQ, w);
      } else {
        push(c + RECVQ, w);
      }
    }
  }
  unlockAll(cases, n);
  return group == 0 ? BLOCKED : PARKED;
}
