// The detailed mode: goroutines get numbers, creation sites, and a way to tell where they wait.
//
// Who runs is known from an AsyncLocalStorage. Where a goroutine waits is not recorded at every wait, which would cost too much:
// to dump, its waits are resolved with a mark; a frame of ours, below the user's, wakes, takes the stack and waits on. The user's
// code never runs.
//
// Invariants: a goroutine's token is held by the goroutine alone (its frames and its async context; main's is held here, too):
// that the collector takes the token of a goroutine that has not ended proves that nobody can ever wake it. So what is kept here,
// `all`, refers to tokens weakly, and a token to its waiters, never the other way round.

import { builtin, collectGarbage, macrotask, now, wall } from "../internal/host/host.js";
import { type Detail, type GoroutineInfo, setDetail } from "../internal/rt/detail.js";
import { begin, reissue, type Waiter } from "../internal/rt/park.js";
import { userFrames } from "../internal/rt/frames.js";
import { createdLines, goFrames, site } from "./frames.js";

interface Storage<T> {
  getStore(): T | undefined;
  run<R>(store: T, fn: () => R): R;
}

/** What is known of a goroutine from outside. */
interface Entry {
  readonly id: number;
  readonly createdBy: number | undefined;
  readonly site: { stack?: string };
  /** Of a task: its name and module. */
  readonly title: string | undefined;
  readonly token: WeakRef<Token>;
  state: string;
  since: number | undefined;
  leaked: boolean;
}

interface Token {
  readonly entry: Entry;
  readonly waits: Set<Wait>;
}

interface Wait {
  readonly waiter: Waiter;
  promise: Promise<unknown>;
  stack: string;
}

const mark: unique symbol = Symbol("dump");

/** Turns the detailed mode on. Before the first goroutine starts. */
export function install(): void {
  const hooks = builtin("node:async_hooks") as { AsyncLocalStorage: new () => Storage<Token> } | undefined;
  if (hooks === undefined) {
    throw new Error("gort: this platform has no AsyncLocalStorage, which the detailed mode needs");
  }
  setDetail(new Detailed(new hooks.AsyncLocalStorage()));
}

class Detailed implements Detail {
  readonly #current: Storage<Token>;
  readonly #all = new Map<number, Entry>();
  readonly #gone = new FinalizationRegistry<Entry>((entry) => {
    entry.leaked = this.#all.has(entry.id);
  });
  #lastId = 1;
  #failing: Entry | undefined;
  readonly #main: Token;
  /** Of what is no goroutine here: the thread is a processor. */
  #place = "";

  constructor(current: Storage<Token>) {
    this.#current = current;
    this.#main = this.#enter(1, undefined, {});
  }

  main(body: () => unknown): () => unknown {
    return () => this.#current.run(this.#main, () => this.#run(body, this.#main.entry));
  }

  on(processor: number): void {
    this.#place = `processor ${processor}`;
    this.#all.delete(this.#main.entry.id);
  }

  task(body: () => unknown, title: string): () => unknown {
    const token = this.#enter(++this.#lastId, undefined, {}, title);
    return () => this.#current.run(token, () => this.#run(body, token.entry));
  }

  go(body: () => unknown): () => unknown {
    let token: Token | undefined = this.#enter(++this.#lastId, this.#current.getStore()?.entry.id ?? 1, site());
    const { entry } = token;
    return () => {
      const own = token as Token;
      token = undefined;
      return this.#current.run(own, () => this.#run(body, entry));
    };
  }

  /** A goroutine's outermost frame. */
  #run(body: () => unknown, entry: Entry): unknown {
    entry.state = "running";
    const ended = () => void this.#all.delete(entry.id);
    const failed = () => {
      ended();
      this.#failing = entry;
    };
    let result: unknown;
    try {
      result = body();
    } catch (error) {
      failed();
      throw error;
    }
    if (result instanceof Promise) void result.then(ended, failed);
    else ended();
    return result;
  }

  #enter(id: number, createdBy: number | undefined, at: { stack?: string }, title?: string): Token {
    const token = { waits: new Set<Wait>() } as { entry: Entry; waits: Set<Wait> };
    token.entry = {
      id,
      createdBy,
      site: at,
      title,
      token: new WeakRef(token),
      state: "runnable",
      since: undefined,
      leaked: false,
    };
    this.#all.set(id, token.entry);
    this.#gone.register(token, token.entry);
    return token;
  }

  park<R>(promise: Promise<R>, waiter: Waiter): Promise<R> {
    return frame(this.#current.getStore() ?? this.#main, promise, waiter);
  }

  running(): { id: number; created: string } {
    const { entry } = this.#current.getStore() ?? this.#main;
    return { id: entry.id, created: createdLines(this.#info(entry)) };
  }

  failing(): { id: number; created: string } {
    const entry = this.#failing;
    return entry === undefined ? this.running() : { id: entry.id, created: createdLines(this.#info(entry)) };
  }

  list(): GoroutineInfo[] {
    return [...this.#all.values()].map((entry) => this.#info(entry));
  }

  #info(entry: Entry): GoroutineInfo {
    const { id, since, createdBy } = entry;
    // Running, but not the one that runs: it waits on a promise that is not ours.
    const awaits = entry.state === "running" && entry !== this.#current.getStore()?.entry;
    const state = awaits ? "await" : entry.state;
    const at = since === undefined ? undefined : new Date(wall() - now() + since);
    return { id, state, since: at, createdBy, createdAt: entry.title ?? userFrames(entry.site.stack) };
  }

  others = (): Promise<string> => Promise.resolve("");

  async dump(): Promise<string> {
    const own = await this.own();
    const others = await this.others();
    return others === "" ? own : `${own}\n${others}`;
  }

  async own(): Promise<string> {
    const asked = new Set<Wait>();
    for (let round = 0; round < 3; round++) {
      const waits = [...this.#all.values()].flatMap(waitsOf).filter((wait) => !asked.has(wait));
      if (waits.length === 0 && round > 0) break; // nobody has begun to wait while the others told where
      for (const wait of waits) {
        asked.add(wait);
        if (wait.waiter.resolve === null) continue; // it has been woken, and is about to run
        const [promise, resolveOld] = reissue(wait.waiter);
        wait.promise = promise;
        resolveOld(mark);
      }
      await new Promise<void>(macrotask); // lets our frames take their stacks
    }
    const text = (entry: Entry) =>
      goFrames(this.#info(entry), waitsOf(entry)[0]?.stack ?? "", entry.leaked, this.#place);
    return [...this.#all.values()].map(text).join("\n");
  }

  async leaks(): Promise<GoroutineInfo[]> {
    void begin(); // the last resolver that was made is remembered until the next one
    for (let i = 0; i < 3; i++) {
      collectGarbage();
      await new Promise<void>(macrotask); // finalizers run between macrotasks
    }
    return [...this.#all.values()].filter((entry) => entry.leaked).map((entry) => this.#info(entry));
  }
}

function waitsOf(entry: Entry): Wait[] {
  return [...(entry.token.deref()?.waits ?? [])];
}

/** A wait: our frame below the user's. */
async function frame<R>(token: Token, promise: Promise<R>, waiter: Waiter): Promise<R> {
  const wait: Wait = { waiter, promise, stack: "" };
  const { entry, waits } = token;
  entry.state = waiter.form.state;
  entry.since = now();
  waits.add(wait);
  try {
    for (;;) {
      const result = await wait.promise;
      if (result !== mark) return result as R;
      wait.stack = userFrames(site().stack);
    }
  } finally {
    waits.delete(wait);
    entry.state = "running";
    entry.since = undefined;
  }
}
