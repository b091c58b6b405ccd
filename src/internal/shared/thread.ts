// This thread's part in the shared memory: its number, its mailbox, and when it looks into it.
//
// Whoever wakes one of our goroutines puts a letter into our mailbox, and notifies us only if our state says that we sleep. While
// anything of ours waits out there we look for mail by microtasks for a while (see patience.ts); then we say that we sleep, look
// once more, and leave it to the host to wake us: either they see that we sleep, or we see their letter.
//
// Invariant: while `expected` > 0, either the look-out runs (`looking`), or our state is PARK or SLEEP and one waitAsync is out.

import { after, Keeper, macrotask, now, onIdle } from "../host/host.js";
import { hasEnded, systemThread } from "../host/worker.js";
import { count } from "../rt/census.js";
import { resolved } from "../rt/slice.js";
import { Codec } from "./codec/codec.js";
import type { Heap } from "./heap.js";
import { Registry } from "./object.js";
import { Pace, Patience } from "./patience.js";
import { type Commons, type Core, createCommons, instantiate } from "./core.js";
import {
  GOROUTINES,
  GROUP,
  HEAP,
  IS_CLOSED,
  KICKS,
  KIND,
  LINK,
  MAIL,
  PARK,
  POLLED,
  RECORD,
  RESULT,
  RUN,
  SHAPES,
  SLEEP,
  STATE,
  SYSTEM_THREAD,
  TASK_SIZE,
  THREADS,
  TOP,
  WAITER,
  WAITER_SIZE,
} from "./wasm/layout.js";

/** Who gets a letter, by its kind. */
export type Reader = (letter: number) => void;

/** What the platform has, and our version of TypeScript's library has not. */
interface WaitAsync {
  waitAsync(
    words: Int32Array,
    index: number,
    value: number,
  ): { async: true; value: Promise<string> } | { async: false; value: string };
}

const sliceMs = 10;
const shortSleepMs = 2;

/** Errors that every thread has: they cross as themselves. */
const singletons: object[] = [];

export function addSingletons(...errors: object[]): void {
  singletons.push(...errors);
}

export class Thread implements Heap {
  readonly commons: Commons;
  readonly core: Core;
  readonly registry: Registry;
  readonly codec: Codec;
  readonly singletons: readonly object[] = singletons;
  readonly number: number;
  /** Where this thread's record is, in bytes. */
  readonly record: number;
  /** The whole memory. `alloc` of the core may make it grow: see {@link refresh}. */
  i32: Int32Array;
  u8: Uint8Array;
  f64: Float64Array;
  /** Called by kind of letter. */
  readonly readers: Reader[] = [];
  /** What a processor does when there is no mail: tells whether there was something to do. */
  work: (() => boolean) | undefined = undefined;
  /** What a processor does when it has said that it sleeps: false if it must not. */
  beforeSleep: (() => boolean) | undefined = undefined;

  /** How many of its waiters stand in queues. */
  standing = 0;

  #spare = 0;
  #expected = 0;
  #looking = false;
  #counted = false; // among those who look out
  #armed = false;
  #held = false; // the event loop
  #leaving = false; // about to let go of it
  #rested = false; // asleep since it has looked last
  #fellAsleep = 0;
  #began = 0; // when the host last had the thread
  #since = 0; // when there was something last
  #turns = 0;
  #quiet = false; // we have been looking out since there was something last
  readonly #patience = new Patience(0.15, 256);
  readonly #pace = new Pace();
  #kicked = 0; // how often this thread had woken another when it fell asleep
  readonly #mail: number; // index of the mailbox
  readonly #state: number;
  readonly #kicks: number;
  readonly #keeper = new Keeper();

  constructor(commons: Commons, number: number | undefined) {
    const core = instantiate(commons, (other) => this.#isDead(other));
    this.commons = commons;
    this.core = core;
    this.i32 = new Int32Array(commons.memory.buffer);
    this.u8 = new Uint8Array(commons.memory.buffer);
    this.f64 = new Float64Array(commons.memory.buffer);
    if (number === undefined) Atomics.compareExchange(this.i32, TOP >> 2, 0, HEAP);
    this.i32[IS_CLOSED >> 2] = 1; // at address 0, what has been disposed, is a closed channel
    this.number = number ?? core.claimThread(RUN);
    this.record = THREADS + this.number * RECORD;
    this.#mail = (this.record + MAIL) >> 2;
    this.#state = (this.record + STATE) >> 2;
    this.#kicks = (this.record + KICKS) >> 2;
    this.i32[(this.record + SYSTEM_THREAD) >> 2] = systemThread();
    core.become(this.number, this.record, 1);
    this.registry = new Registry(this);
    this.codec = new Codec(this, this.registry, SHAPES, singletons);
    onIdle(() => this.fallAsleep());
  }

  /** Gets views of the memory's present length. */
  refresh(): void {
    const { buffer } = this.commons.memory;
    if (buffer.byteLength === this.u8.byteLength) return;
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  /** Sees to it that the views reach up to `end`: what other threads have made may lie beyond. */
  reach(end: number): void {
    if (end > this.u8.length) this.refresh();
  }

  alloc(bytes: number): number {
    return this.made(this.core.alloc(bytes), bytes);
  }

  free(block: number): void {
    this.core.free(block);
  }

  /** What has just been made of `bytes`, if it has. */
  made(pointer: number, bytes: number): number {
    if (pointer === 0) throw exhausted(bytes);
    this.reach(pointer + bytes);
    return pointer;
  }

  /** A waiter of the shared memory. */
  waiter(object: number, flags: number): number {
    return this.made(this.core.waiter(object, flags), WAITER_SIZE);
  }

  /**
   * A waiter of no group, for an operation that may need one: {@link useSpare} if it does. With 1 added if this thread is to look
   * at the waiter itself, which is faster: it does so if it has no other, so that none that is older can be in the mailbox.
   * 0 if there is no memory for it.
   */
  spare(): number {
    if (this.#spare === 0) {
      this.#spare = this.core.waiter(0, 0);
      if (this.#spare === 0) return 0;
      this.reach(this.#spare + WAITER_SIZE);
    }
    return this.standing === 0 ? this.#spare | 1 : this.#spare;
  }

  useSpare(): void {
    this.#spare = 0;
  }

  freeWaiter(waiter: number): void {
    if (this.#spare !== 0) {
      this.core.free(waiter);
      return;
    }
    this.#spare = waiter;
    this.i32[(waiter + GROUP) >> 2] = 0;
  }

  /**
   * Whether a thread that has a lock has died. The main thread sees workers end only when its event loop runs; here it cannot
   * wait for that. Where the system does not tell, it must.
   */
  #isDead(other: number): boolean {
    return hasEnded(this.i32[(THREADS + other * RECORD + SYSTEM_THREAD) >> 2] as number);
  }

  /** Something of ours waits out there: a letter will come for it. */
  expect(): void {
    this.#expected++;
    this.look();
  }

  /** Nothing will come for it any more. */
  forget(): void {
    this.#expected--;
  }

  /** Whether nothing of ours waits out there, except for what always does. */
  isAlone(): boolean {
    return this.#expected <= 1 && this.i32[this.#mail] === 0;
  }

  /** Our own goroutines may have posted to us while we sleep. */
  nudge(): void {
    if (this.i32[this.#mail] !== 0) this.look();
    else if (this.#rested && !this.#held && this.holdsLoop()) this.#hold(); // others run again, who were all asleep
  }

  /** Looks for mail and for work until it has been quiet for a while. */
  look(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#rested = false;
    this.core.unpark();
    this.#began = this.#since = now();
    this.#turns = 0;
    this.#quiet = false;
    this.#counted = this.#patience.tries() && this.core.spin(this.commons.cores) !== 0;
    void this.#lookOut();
  }

  /** Looks, microtask by microtask. It is an `await` that goes on, since that leaves the least garbage. */
  async #lookOut(): Promise<void> {
    for (;;) {
      if ((this.#turns & 255) === 255 && now() - this.#began > sliceMs) {
        macrotask(this.#resume);
        return;
      }
      await resolved;
      if (this.#deliver() || this.work?.() === true) {
        this.#pace.found();
        if (this.#quiet) this.#patience.rewarded();
        this.#quiet = false;
        this.#since = 0; // read the clock when it has been quiet for some turns
        this.#turns++;
      } else if (this.#expected === 0) {
        this.#stopLooking();
        return;
      } else if (!this.#counted || (this.#pace.isSlow() && this.i32[this.#kicks] !== this.#kicked)) {
        this.#sleep();
        return;
      } else if ((++this.#turns & 15) === 0) {
        this.#quiet = true;
        const time = now();
        if (this.#since === 0) {
          this.#since = time;
        } else if (time - this.#since > this.#patience.ms) {
          this.#patience.disappointed();
          this.#sleep();
          return;
        }
      }
    }
  }

  readonly #resume = (): void => {
    this.#began = now();
    this.#turns++;
    void this.#lookOut();
  };

  #stopLooking(): void {
    this.#looking = false;
    if (this.#counted) this.core.spun();
    this.#counted = false;
  }

  /** Sleeps, unless there is mail. */
  #sleep(): void {
    this.#stopLooking();
    this.#rested = this.#rests(0, PARK);
    if (this.#rested) {
      this.#fellAsleep = now();
      this.#pace.rest();
      this.#kicked = this.i32[this.#kicks] as number;
    }
    if (!this.#rested) this.look();
    else if (this.holdsLoop()) this.#hold();
    else if (this.#held && !this.#leaving) this.#leaveSoon();
  }

  #hold(): void {
    if (this.#held) return;
    this.#held = true;
    this.#keeper.hold();
  }

  /**
   * Lets go of the event loop when this thread has slept for a while: to let it end and to hold it again takes as long as a short
   * sleep. From the loop itself, since elsewhere it might end without asking once more.
   */
  #leaveSoon(): void {
    this.#leaving = true;
    after(shortSleepMs, () => {
      this.#leaving = false;
      if (this.#looking || this.holdsLoop()) return; // sleeps again later
      if (now() - this.#fellAsleep < shortSleepMs / 2) {
        this.#leaveSoon();
        return;
      }
      this.#held = false;
      this.#keeper.release();
    });
  }

  /** First it says that it sleeps, then it looks: whoever puts something down for it does the opposite. */
  #rests(asleep: number, state: number): boolean {
    this.say();
    if (this.core.unpoll() === 0 || this.core.park(asleep) === 0) return false;
    if (this.beforeSleep?.() !== false) return this.#arm(state);
    this.core.unpark();
    return false;
  }

  /** How many goroutines this thread has, its tasks aside. */
  goroutines: () => number = count;

  /** Tells the others what this thread has. */
  say(): void {
    Atomics.store(this.i32, (this.record + GOROUTINES) >> 2, this.goroutines());
  }

  /** Asks to be notified. False if somebody has already done so. */
  #arm(state: number): boolean {
    if (this.#armed) return true;
    const waiting = (Atomics as unknown as WaitAsync).waitAsync(this.i32, this.#state, state);
    if (!waiting.async) return false;
    this.#armed = true;
    void waiting.value.then(this.#notified);
    return true;
  }

  readonly #notified = (): void => {
    this.#armed = false;
    this.look();
  };

  /** Hands out the mail. False if there was none. */
  #deliver(): boolean {
    const answered = this.#polled();
    if (this.i32[this.#mail] === 0) return answered;
    let letter = this.core.takeMail();
    while (letter !== 0) {
      this.reach(letter + TASK_SIZE);
      const next = this.i32[(letter + LINK) >> 2] as number;
      const kind = this.u8[letter + KIND] as number;
      (this.readers[kind] as Reader)(letter);
      letter = next;
    }
    return true;
  }

  /** Looks at the waiter that is not to come by mail. Tells whether it has been posted. */
  #polled(): boolean {
    const at = (this.record + POLLED) >> 2;
    const waiter = this.i32[at] as number;
    if (waiter === 0 || this.i32[(waiter + RESULT) >> 2] === 0) return false;
    Atomics.load(this.i32, (waiter + RESULT) >> 2);
    this.i32[at] = 0;
    (this.readers[WAITER] as Reader)(waiter);
    return true;
  }

  /** The host's event loop is empty. Holds it if another thread may still wake one of ours, and tells whether. */
  fallAsleep(): boolean {
    if (this.#expected === 0) return false;
    if (!this.#rests(1, SLEEP)) {
      macrotask(() => this.look()); // not in a microtask: the loop would end after it
      return true;
    }
    if (!this.mayBeWoken()) return false;
    this.#hold();
    return true;
  }

  /**
   * Whether the event loop must not end while this thread sleeps. The main thread's is held as long as others run, so that nobody
   * else who listens for its end takes it for one; the others' is held when it has ended.
   */
  holdsLoop: () => boolean = () => false;

  /** Whether anything is left that could wake this thread, whose event loop is empty. */
  mayBeWoken: () => boolean = () => false;
}

function exhausted(bytes: number): RangeError {
  return new RangeError(`gort: the memory that threads share is exhausted (${bytes} more bytes were asked for)`);
}

let here: Thread | undefined;

/** This thread; the first to ask makes the memory. */
export function thread(): Thread {
  return (here ??= new Thread(createCommons(), undefined));
}

/** This thread takes part in what another has made. */
export function join(commons: Commons, number: number): Thread {
  return (here = new Thread(commons, number));
}
