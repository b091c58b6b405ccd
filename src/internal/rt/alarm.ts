// Whatever is to happen at a certain time, on this thread: one heap, one timer of the host.
//
// Invariants: an alarm is in the heap while it is set, and only then (`place` >= 0). The host's timer is aimed at or before the
// first of them; it keeps the program alive exactly while the heap is not empty. No alarm rings before its time.

import { Heap, type Placed } from "../ds/heap.js";
import { HostTimer, now as hostNow, wall as hostWall } from "../host/host.js";
import { newSlice } from "./slice.js";

/** Where time comes from; a test's or a simulation's clock can stand here. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Milliseconds since 1970. */
  wall(): number;
  /** `ring` must be called at `at` or later; it replaces what was aimed at before. Infinity: not needed. */
  aim(at: number, ring: () => void): void;
}

const timer = new HostTimer(() => {
  newSlice();
  ring();
});
const hostClock: Clock = { now: hostNow, wall: hostWall, aim: (at) => timer.aim(at) };

let clock: Clock = hostClock;
let order = 0;
let ringing = false;
const heap = new Heap<Alarm>();

export abstract class Alarm implements Placed<Alarm> {
  place: number = -1;
  at: number = Infinity;
  private nth: number = 0;

  /** It is time: called once for each {@link set}, with the alarm no longer set. */
  protected abstract ring(): void;

  get isSet(): boolean {
    return this.place >= 0;
  }

  /** Rings at `at`; it must not be set. At Infinity: never. */
  set(at: number): void {
    this.at = at;
    if (at === Infinity) return;
    this.nth = order++;
    heap.add(this);
    if (heap.first === this) aim();
  }

  /** Will not ring, whether it was set or not. */
  clear(): void {
    if (this.place < 0) return;
    const first = heap.first === this;
    heap.remove(this);
    if (first) aim();
  }

  before(other: Alarm): boolean {
    return this.at < other.at || (this.at === other.at && this.nth < other.nth);
  }

  /** Takes it out of the heap and rings. Only of one that is due. */
  static due(alarm: Alarm): void {
    heap.remove(alarm);
    alarm.ring();
  }
}

/** The time now, on the clock of the alarms. */
export function now(): number {
  return clock.now();
}

/** Milliseconds since 1970, on the clock of the alarms. */
export function wall(): number {
  return clock.wall();
}

/** The date that the wall clock showed, or will show, at a time of {@link now}. */
export function dateOf(at: number): Date {
  return new Date(clock.wall() - clock.now() + at);
}

/** Puts another clock behind all alarms that are set from here on; gives the way back. */
export function setClock(next: Clock): () => void {
  const before = clock;
  clock = next;
  return () => {
    clock = before;
  };
}

function aim(): void {
  if (!ringing) clock.aim(heap.first?.at ?? Infinity, ring);
}

function ring(): void {
  const t = clock.now();
  ringing = true;
  for (let first; (first = heap.first) !== undefined && first.at <= t;) Alarm.due(first);
  ringing = false;
  aim();
}
