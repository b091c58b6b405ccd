// This thread's part in the shared memory: its number, its mailbox, and when it looks into it.
//
// Whoever wakes one of our goroutines puts a letter into our mailbox, and notifies us only if our state says that we sleep. While
// anything of ours waits out there we look for mail by microtasks, for some 20 µs; then we say that we sleep, look once more,
// and leave it to the host to wake us: either they see that we sleep, or we see their letter. The time is halved when it was in
// vain, and doubled when it was not.
//
// Invariant: while `expected` > 0, either the look-out runs (`looking`), or our state is PARK or SLEEP and one waitAsync is out.

import { Keeper, macrotask, now, onIdle, processors } from "../host/host.js";
import { resolved } from "../rt/slice.js";
import { Codec } from "./codec/codec.js";
import { type Commons, type Core, createCommons, instantiate } from "./core.js";
import { HEAP, KIND, LINK, MAIL, PARK, RECORD, SLEEP, STATE, THREADS, TOP, WAITER_SIZE } from "./wasm/layout.js";

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

const longest = 0.02; // ms
const shortest = 0.002;
const sliceMs = 10;
const cores = processors();

export class Thread {
  readonly commons: Commons;
  readonly core: Core;
  readonly codec: Codec;
  readonly number: number;
  /** Where this thread's record is, in bytes. */
  readonly record: number;
  /** The whole memory. `alloc` of the core may make it grow: see {@link refresh}. */
  i32: Int32Array;
  u8: Uint8Array;
  f64: Float64Array;
  /** Called by kind of letter. */
  readonly readers: Reader[] = [];
  /** Looks for work when there is no mail; tells whether there was some. Of a processor. */
  work: (() => boolean) | undefined = undefined;

  #expected = 0;
  #looking = false;
  #counted = false; // among those who look out
  #armed = false;
  #began = 0; // when the host last had the thread
  #since = 0; // when there was something last
  #turns = 0;
  #patience = longest;
  readonly #mail: number; // index of the mailbox
  readonly #state: number;
  readonly #keeper = new Keeper();

  constructor(commons: Commons, number: number | undefined) {
    const core = instantiate(commons, (thread) => this.isDead(thread));
    this.commons = commons;
    this.core = core;
    this.i32 = new Int32Array(commons.memory.buffer);
    this.u8 = new Uint8Array(commons.memory.buffer);
    this.f64 = new Float64Array(commons.memory.buffer);
    if (number === undefined) Atomics.compareExchange(this.i32, TOP >> 2, 0, HEAP);
    this.number = number ?? core.claimThread();
    this.record = THREADS + this.number * RECORD;
    this.#mail = (this.record + MAIL) >> 2;
    this.#state = (this.record + STATE) >> 2;
    core.become(this.number, this.record, 1);
    this.codec = new Codec(this, undefined);
    onIdle(() => this.#fallAsleep());
  }

  /** Gets views of the memory's present length. */
  refresh(): void {
    const { buffer } = this.commons.memory;
    if (buffer.byteLength === this.u8.byteLength) return;
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.f64 = new Float64Array(buffer);
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
    if (pointer + bytes > this.u8.length) this.refresh();
    return pointer;
  }

  /** A waiter of the shared memory, for the goroutine that this thread knows by `place`. */
  waiter(object: number, place: number, flags: number): number {
    return this.made(this.core.waiter(object, place, flags), WAITER_SIZE);
  }

  /** Whether a thread is known to have died. */
  isDead: (thread: number) => boolean = () => false;

  /** Something of ours waits out there: a letter will come for it. */
  expect(): void {
    this.#expected++;
    if (!this.#looking) this.#look();
  }

  /** Nothing will come for it any more. */
  forget(): void {
    this.#expected--;
  }

  /** Our own goroutines may have posted to us while we sleep. */
  nudge(): void {
    if (!this.#looking && this.i32[this.#mail] !== 0) this.#look();
  }

  #look(): void {
    this.#looking = true;
    this.core.unpark();
    this.#began = this.#since = now();
    this.#turns = 0;
    this.#counted = this.core.spin(cores) !== 0;
    void resolved.then(this.#turn);
  }

  /** Looks once, and again in the next microtask. */
  readonly #turn = (): void => {
    if (this.#deliver() || this.work?.() === true) {
      this.#since = 0; // read the clock when it has been quiet for some turns
      this.#turns++;
    } else if (this.#expected === 0) {
      this.#stopLooking();
      return;
    } else if (!this.#counted) {
      this.#sleep();
      return;
    } else if ((++this.#turns & 15) === 0) {
      const time = now();
      if (this.#since === 0) {
        this.#since = time;
        this.#patience = Math.min(this.#patience * 2, longest);
      } else if (time - this.#since > this.#patience) {
        this.#patience = Math.max(this.#patience / 2, shortest);
        this.#sleep();
        return;
      }
    }
    if ((this.#turns & 255) === 255 && now() - this.#began > sliceMs) macrotask(this.#resume);
    else void resolved.then(this.#turn);
  };

  readonly #resume = (): void => {
    this.#began = now();
    this.#turns++;
    this.#turn();
  };

  #stopLooking(): void {
    this.#looking = false;
    if (this.#counted) this.core.spun();
    this.#counted = false;
  }

  /** Sleeps, unless there is mail. */
  #sleep(): void {
    this.#stopLooking();
    if (this.core.park(0) === 0 || !this.#arm(PARK)) this.#look();
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
    this.#keeper.release();
    if (!this.#looking) this.#look();
  };

  /** Hands out the mail. False if there was none. */
  #deliver(): boolean {
    if (this.i32[this.#mail] === 0) return false;
    let letter = this.core.takeMail();
    while (letter !== 0) {
      if (letter + 64 > this.u8.length) this.refresh();
      const next = this.i32[(letter + LINK) >> 2] as number;
      const kind = this.i32[(letter + KIND) >> 2] as number;
      (this.readers[kind] as Reader)(letter);
      letter = next;
    }
    return true;
  }

  /** The host's event loop is empty. Holds it, if another thread may still wake one of ours. */
  #fallAsleep(): void {
    if (this.#expected === 0 || this.#looking) return;
    if (this.core.park(1) === 0 || !this.#arm(SLEEP)) {
      this.#look();
      return;
    }
    if (this.mayBeWoken()) this.#keeper.hold();
  }

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
  if (here !== undefined) throw new Error("gort: this thread has begun a runtime of its own");
  return (here = new Thread(commons, number));
}
