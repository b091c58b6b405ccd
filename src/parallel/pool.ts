// The processors, as the main thread sees them: it starts one when there is something to run, and sees it end.
//
// Only the main thread starts workers, so that it sees all of them end. A processor that finds more to run than the others can
// take asks it for one more. A worker loads this very file (or the bundle that it has become part of), and becomes a processor.

import { exitNow } from "../internal/host/host.js";
import { given, type HostWorker, startWorker } from "../internal/host/worker.js";
import { panic, setElsewhere } from "../internal/rt/panic.js";
import { getProcs, onProcs, setFleet } from "../internal/rt/procs.js";
import type { Commons } from "../internal/shared/core.js";
import { type Thread, thread } from "../internal/shared/thread.js";
import {
  ALIVE,
  ASK,
  ASKED,
  BORN,
  EXITED,
  NOTE,
  OUT_OF_MEMORY,
  PROCESSORS,
  STARTING,
  WAKE,
} from "../internal/shared/wasm/layout.js";
import { beginWith, type Shelf, shelfForNew } from "./buffers.js";
import { addPassports } from "./passports.js";
import { answerDumps } from "./dump.js";
import { Figures } from "./fleet.js";
import { placed, type Remote } from "./remote.js";
import { beProcessor } from "./processor.js";

/** Takes tasks, and sees to it that somebody runs them. */
export interface Processors {
  submit(task: number): void;
}

/** What a worker is told when it starts. */
interface Birth {
  readonly gort: {
    /** Which copy of gort the worker is to be a processor of. */
    readonly copy: string;
    readonly commons: Commons;
    readonly number: number;
    readonly preload: readonly string[];
    readonly shelf: Shelf;
    /** Where threads ask each other for their goroutines. */
    readonly dumps: string;
  };
}

// Copies of gort have processors of their own. Those that a bundler has put into one file have one import.meta.
const copies = import.meta as { gort?: number };
copies.gort = (copies.gort ?? 0) + 1;
const copy = `${import.meta.url} ${copies.gort}`;

let here: Processors | undefined;

export function processors(): Processors {
  return (here ??= new Pool(thread()));
}

/** Modules that every processor imports before it runs anything: `gort run` puts some here. */
const preload: unique symbol = Symbol.for("gort.preload") as never;
const everywhere = globalThis as { [preload]?: readonly string[] };

class Pool implements Processors {
  /** By their threads' numbers. */
  readonly workers: Map<number, HostWorker> = new Map();
  readonly #on: Thread;
  readonly #dumps: string;
  #unsure = false;

  constructor(on: Thread) {
    this.#on = on;
    this.#dumps = `gort dumps ${Date.now()} ${Math.random()}`;
    answerDumps(on, this.#dumps);
    on.readers[NOTE] = (note) => {
      on.free(note);
      Atomics.store(on.i32, ASKED >> 2, 0);
      this.#grow();
    };
    on.work = () => this.#ask();
    on.expect(); // a processor may want something at any time
    on.mayBeWoken = () => on.core.quiet(-1) === 0;
    on.holdsLoop = () => !on.isAlone() && on.core.quiet(on.number) === 0;
    setElsewhere(() => on.fallAsleep());
    onProcs((n) => {
      Atomics.store(on.i32, PROCESSORS >> 2, n);
      for (const number of this.workers.keys()) on.core.kick(number);
      if (this.#on.core.waiting() > 0) this.#grow();
    });
    Atomics.store(on.i32, PROCESSORS >> 2, getProcs());
    setFleet(new Figures(on));
  }

  submit(task: number): void {
    const next = this.#on.core.submit(task);
    if (next === WAKE) this.#wake();
    else if (next === ASK) this.#unsure = true;
  }

  #wake(): void {
    if (this.#on.core.wakeProcessor() === 0) this.#grow();
  }

  /** Sees to tasks that somebody was about to take. */
  #ask(): boolean {
    if (!this.#unsure) return false;
    this.#unsure = false;
    if (this.#on.core.waiting() > 0) this.#wake();
    return false;
  }

  /** Starts a processor, if there may be one more, and those that are starting are not enough. */
  #grow(): void {
    if (this.#read(ALIVE) >= this.#on.core.wanted()) return;
    if (this.#read(STARTING) < Math.max(this.#on.core.waiting(), 1)) this.#start();
  }

  #start(): void {
    const { core, i32, commons } = this.#on;
    const number = core.claimThread(BORN);
    if (number === -1) return;
    Atomics.add(i32, STARTING >> 2, 1);
    Atomics.add(i32, ALIVE >> 2, 1);
    let why: number = EXITED;
    const birth: Birth = {
      gort: { copy, commons, number, preload: everywhere[preload] ?? [], shelf: shelfForNew(), dumps: this.#dumps },
    };
    const worker = startWorker(import.meta.url, `gort ${number}`, birth, {
      error(error) {
        if ((error as { code?: string } | undefined)?.code === "ERR_WORKER_OUT_OF_MEMORY") why = OUT_OF_MEMORY;
        else panic(error);
      },
      message(message) {
        const { gort: last } = message as { gort?: { panic: unknown; on: Remote } | { exit: number } };
        if (last === undefined) return; // the program's own
        if ("exit" in last) exitNow(last.exit);
        else panic(last.panic, placed(last.on));
      },
      exit: (code) => this.#ended(number, why, code),
    });
    this.workers.set(number, worker);
  }

  #ended(number: number, why: number, code: number): void {
    const { core, registry } = this.#on;
    this.workers.delete(number);
    core.declareDead(number);
    core.sweep(number, why, code);
    registry.destroyLost();
    core.bury(number);
    this.#on.look();
    if (core.waiting() > 0) this.#wake();
  }

  #read(word: number): number {
    return Atomics.load(this.#on.i32, word >> 2);
  }
}

addPassports();

const birth = (given() as Birth | null | undefined)?.gort;
if (birth?.copy === copy) {
  here = beProcessor(birth.commons, birth.number, [...birth.preload, import.meta.url], birth.dumps);
  beginWith(birth.shelf);
}
