// gort/parallel: the public API. Written by "npm run api".

import type { Cancel, Context, Chan, Received } from "gort";
import type { Locker } from "gort/sync";

/** How {@link map} works. */
export interface MapOptions {
  /** How many run at once; four for each processor, if it is not given. */
  readonly limit?: number;
}

/** A function that any thread can run. */
export interface Task<A extends unknown[], R> {
  /** Runs it here, as any function. */
  (...args: A): R | Promise<R>;
  /**
   * Runs it on some processor; gives its result, or rejects with its error. The arguments and the result are copied: what cannot
   * be rejects with a `TypeError` that says where it is.
   *
   * ```ts
   * const primes = await countPrimes.run(1, 1_000_000);
   * ```
   */
  run(...args: A): Promise<R>;
  /**
   * {@link run}, until `ctx` is done: then it rejects with the context's error. A task that has not begun by then never does;
   * one that runs is not stopped, but sees it in its own `context()`.
   *
   * Contexts and signals may be among the arguments as well, and in what is sent on channels: there they arrive as what they
   * are, and end when they do here, by cancel or deadline, with their cause. Their values do not cross.
   */
  runWith(ctx: Cancel, ...args: A): Promise<R>;
}

/**
 * The context of the task that calls it, also after its awaits and in goroutines that it has started: made from that of
 * `runWith`, and ended with the task. In a task that was started without one, and outside of tasks, the background.
 *
 * A task that computes for long finds out by asking, `context().err()`; one that waits hands it to what it waits for.
 *
 * ```ts
 * export const crawl = task(import.meta, async function crawl(url: string) {
 *   const reply = await fetch(url, { signal: context().signal });
 *   …
 * });
 * ```
 */
export declare function context(): Context;

/**
 * Sets how many processors may run tasks at once, and gives the number before; without an argument, or with 0, only gives it. It
 * begins as `$GOMAXPROCS` has it, or else as {@link numCPU}. Goroutines of one thread share one processor. Go:
 * `runtime.GOMAXPROCS`.
 */
export declare function gomaxprocs(n?: number): number;

/**
 * Runs `t` for each item, several at once on all processors, and gives the results in the order of the items. The first error
 * ends it: it rejects with that, those that have not begun never do, and those that run see it in their context. The same for
 * `ctx`.
 *
 * ```ts
 * const thumbnails = await map(ctx, images, resize);
 * ```
 */
export declare function map<T, R>(
  ctx: Context,
  items: Iterable<T>,
  t: Task<[T], R>,
  { limit }?: MapOptions,
): Promise<R[]>;

/**
 * Marks a module-level function as runnable on any processor. Call it at module level, with `import.meta`; other threads find it
 * by its module and its name, so it must have one.
 *
 * `go(t, …args)` starts it as a goroutine on some processor: an error that it does not catch is a panic of the program.
 *
 * ```ts
 * export const countPrimes = task(import.meta, function countPrimes(from: number, to: number) { … });
 * ```
 */
export declare function task<A extends unknown[], R>(
  meta: ImportMeta,
  fn: (...args: A) => R | Promise<R>,
): Task<A, Awaited<R>>;

/**
 * Marks a buffer as one that is moved: when it is next sent to another thread, or passed to a task or returned by one, alone or
 * within something, it arrives as an `ArrayBuffer` of the same content, and is empty here (its `byteLength` is 0). If that
 * fails, it stays as it is. A view of the buffer moves it as well. Gives the buffer.
 *
 * What it saves is the memory, which is let go of at once, and bugs: nobody goes on with what others have now. The bytes
 * themselves are copied twice, into the memory that threads share and out of it, as without it; who receives from a channel is
 * not known when it is sent to, and the platform moves memory only to a thread that it is told. For bytes that are not to be
 * copied at all there is `SharedArrayBuffer`.
 *
 * ```ts
 * await frames.send({ id, pixels: transfer(pixels.buffer) });
 * ```
 */
export declare function transfer<B extends ArrayBuffer>(buffer: B): B;

/** What any thread can use: channels, locks and a map that tasks take as arguments. */
export declare namespace shared {
  /**
   * A meeting point for goroutines that wait for a condition and those that make it true, whatever threads they run on. A thread
   * that gets it has its lock with it. Go: `sync.Cond`.
   *
   * ```ts
   * const cond = new shared.Cond(new shared.Mutex());
   * await cond.l.lock();
   * while (jobs.len === 0) await cond.wait();
   * const job = await jobs.recv();
   * cond.l.unlock();
   * ```
   */
  export class Cond extends Condition implements Disposable {
    #private;
    /** The lock is a `shared.Mutex`, a `shared.RWMutex`, or the `rlocker()` of one. */
    constructor(l: Locker);
    /** Wakes the one who has waited longest, if anybody waits. Go: `c.Signal()`. */
    signal(): void;
    /** Wakes all who wait. Go: `c.Broadcast()`. */
    broadcast(): void;
    /** This thread does not use the cond any more. */
    [Symbol.dispose](): void;
  }

  /**
   * A map in the memory that all threads share, with operations that read and write in one step, whoever else does at that
   * moment. Keys are strings and numbers, compared as in JavaScript's own `Map`. Values are whatever can cross threads, and
   * copies: what was stored does not change with the original, and every load gives a copy of its own. Go: `sync.Map`.
   *
   * ```ts
   * const hits = new shared.Map<string, number>();
   * await count.run(hits, urls); // a task gets the map itself
   * const [n, ok] = hits.load("/");
   * ```
   *
   * It is reclaimed when no thread refers to it any more; what refers to itself, such as a map that is in one of its own values,
   * never is. Operations throw a `TypeError` for a key or a value that a map cannot have, and for a map that has been disposed;
   * those that store a value a `RangeError` when the memory is exhausted, and then nothing has changed.
   */
  class SharedMap<K extends string | number, V> implements Disposable {
    #private;
    constructor();
    /** A copy of the value of `key`, and whether there is one. Go: `m.Load(k)`. */
    load(key: K): [value: V, ok: true] | [value: undefined, ok: false];
    /** Sets the value of `key`. Go: `m.Store(k, v)`. */
    store(key: K, value: V): void;
    /**
     * The value of `key`, which is `value` from now on if there was none; and whether there was one. Go: `m.LoadOrStore(k, v)`.
     */
    loadOrStore(key: K, value: V): [actual: V, loaded: boolean];
    /** Deletes `key`, and gives the value that it had. Go: `m.LoadAndDelete(k)`. */
    loadAndDelete(key: K): [value: V, loaded: true] | [value: undefined, loaded: false];
    /** Deletes `key`. Go: `m.Delete(k)`. */
    delete(key: K): void;
    /** Sets the value of `key`, and gives the one it had before. Go: `m.Swap(k, v)`. */
    swap(key: K, value: V): [previous: V, loaded: true] | [previous: undefined, loaded: false];
    /**
     * Sets the value of `key` if it is `old`; a missing one is never. Values are compared with `===`, and only primitives can be:
     * for an object as `old` it throws a `TypeError`, since the map has a copy, which nothing else is. Go: `m.CompareAndSwap(k,
     * old, new)`, which panics for what cannot be compared.
     */
    compareAndSwap(key: K, old: V, value: V): boolean;
    /** Deletes `key` if its value is `old`, as {@link compareAndSwap} compares. Go: `m.CompareAndDelete(k, old)`. */
    compareAndDelete(key: K, old: V): boolean;
    /**
     * Calls `f` for the keys that are there, until it gives `false`. Holds no lock meanwhile: `f` may change the map, and so may
     * other threads. Each key is visited once at most, and each that is there from the beginning to the end is; of others, and of
     * values that change, it is as it happens. In no particular order. Go: `m.Range(f)`.
     */
    range(f: (key: K, value: V) => boolean): void;
    /** Deletes all. What others store meanwhile may be deleted or stay. Go: `m.Clear()`. */
    clear(): void;
    /**
     * The value of `key`, made by `make` if there is none. However many call at once, in whatever threads, one `make` runs, and
     * all get what it gives. A failure goes to all who wait in its thread, and is not kept: other threads that wait try their own
     * `make`, as they do when the thread dies. What others store meanwhile stays, and is the value.
     */
    loadOrCompute(key: K, make: () => V | Promise<V>): Promise<V>;
    /** This thread does not use the map any more. */
    [Symbol.dispose](): void;
  }
  export { SharedMap as Map };

  /**
   * A lock that one goroutine at a time holds, whatever thread it runs on; those who wait get it in the order of their coming. It
   * can be given to a task, and sent. Go: `sync.Mutex`.
   *
   * If the thread that holds it dies, then the next to lock it is rejected with an error of code `ERR_OWNER_DIED`, and does not
   * hold it; the one after gets it.
   *
   * ```ts
   * const mu = new shared.Mutex();
   * await Promise.all([update.run(mu, file, 1), update.run(mu, file, 2)]);
   * ```
   */
  export class Mutex extends Exclusive implements Locker, Disposable {
    #private;
    constructor();
    /**
     * Waits for the lock. Disposing what it gives unlocks: `using lock = await mu.lock()`. Go: `mu.Lock()`.
     * With `ctx`: rejects with its error when it is done first; the lock is then not held.
     */
    lock(ctx?: Cancel): Promise<Disposable>;
    /** Takes the lock if nobody holds it. Throws if who held it has died, as {@link lock} rejects. Go: `mu.TryLock()`. */
    tryLock(): boolean;
    /**
     * Hands the lock to the one who has waited longest, or frees it. Any goroutine of any thread may do so. Unlocking what is not
     * locked is fatal. Go: `mu.Unlock()`.
     */
    unlock(): void;
    /** This thread does not use the lock any more. */
    [Symbol.dispose](): void;
  }

  /**
   * Runs a function once, however many call, in whatever threads. Go: `sync.Once`.
   *
   * If the thread that runs it dies, then the next who waits or calls is rejected with an error of code `ERR_OWNER_DIED`, and the
   * one after runs its function.
   *
   * ```ts
   * const once = new shared.Once();
   * await once.do(() => migrate(database));
   * ```
   */
  export class Once implements Disposable {
    #private;
    constructor();
    /**
     * The first call runs `fn`, in its thread; every other one waits until that run has ended, and runs nothing. If `fn` fails, the
     * first call rejects with its error, and it counts as done. Go: `once.Do(f)`.
     */
    do(fn: () => unknown): Promise<void>;
    /** This thread does not use it any more. */
    [Symbol.dispose](): void;
  }

  /**
   * A lock that any number of readers or one writer holds, whatever threads they run on. Go: `sync.RWMutex`.
   *
   * Once a writer waits, new readers wait behind it; a goroutine must therefore not take the read lock twice. If a thread dies
   * while it writes, then the next to lock, in either way, is rejected with an error of code `ERR_OWNER_DIED`, and does not hold
   * it; the one after gets it. What a thread reads as it dies is let go of.
   *
   * ```ts
   * const mu = new shared.RWMutex();
   * const report = await mu.withRead(() => summary.run(file));
   * ```
   */
  export class RWMutex extends ReadWrite implements Locker, Disposable {
    #private;
    constructor();
    /** Waits for the lock, to write. Go: `rw.Lock()`. */
    lock(ctx?: Cancel): Promise<Disposable>;
    /** Takes the lock for writing if nobody holds it. Throws if who wrote has died, as {@link lock} rejects. Go: `rw.TryLock()`. */
    tryLock(): boolean;
    /**
     * The writer gives the lock up: to all readers that wait, or else to the next writer. Fatal if no writer holds it.
     */
    unlock(): void;
    /** Waits for the lock, to read. Go: `rw.RLock()`. */
    rlock(ctx?: Cancel): Promise<Disposable>;
    /**
     * Takes the lock for reading if no writer holds it or waits for it. Throws if who wrote has died, as {@link rlock} rejects. Go:
     * `rw.TryRLock()`.
     */
    tryRLock(): boolean;
    /** A reader gives the lock up; the last one lets the next writer in. Fatal if no reader holds it. */
    runlock(): void;
    /** This thread does not use the lock any more. */
    [Symbol.dispose](): void;
  }

  /**
   * Bounds how much of something all threads together use at once. Go: `semaphore.Weighted`.
   *
   * What a thread has taken as it dies comes back.
   *
   * ```ts
   * const connections = new shared.Semaphore(10);
   * await Promise.all(urls.map((url) => fetchPage.run(connections, url)));
   * ```
   */
  export class Semaphore extends Shares implements Disposable {
    /** A semaphore of size `n`. Throws a `RangeError` unless that is an integer from 0 to 2^31 - 1. Go: `semaphore.NewWeighted`. */
    constructor(n: number);
    acquire(ctx: Cancel, n?: number): Promise<Disposable>;
    /** This thread does not use the semaphore any more. */
    [Symbol.dispose](): void;
  }

  /**
   * A channel between threads: goes to tasks as an argument, or through another channel. Values are copied. It lives as long as a
   * thread has it; disposing it lets this thread forget it before the collector does.
   */
  export interface SharedChan<T> extends Chan<T>, Disposable {
    /** {@link Chan.send}, blocking the whole thread; for tasks that compute. A `TypeError` on the main thread. */
    sendSync(value: T): void;
    /** {@link Chan.recvOk}, blocking the whole thread; for tasks that compute. A `TypeError` on the main thread. */
    recvSync(): Received<T>;
  }

  /**
   * Waits for a collection of goroutines to finish, whatever threads they run on. Go: `sync.WaitGroup`.
   *
   * What a thread has added and not done as it dies is not taken back. {@link go} counts on the thread of its caller, and so is
   * safe.
   *
   * ```ts
   * const wg = new shared.WaitGroup();
   * for (const url of urls) wg.go(fetchPage, url); // a task: on every core
   * await wg.wait();
   * ```
   */
  export class WaitGroup extends Group implements Disposable {
    #private;
    constructor();
    /**
     * Adds `n`, which may be negative, to the counter; at 0 everybody who waits goes on. Below 0: a `GoPanic`. Counts up to 2^31
     * - 1.
     */
    add(n: number): void;
    /** Waits until the counter is 0. With `ctx`: rejects with its error when it is done first. */
    wait(ctx?: Cancel): Promise<void>;
    /** This thread does not use the group any more. */
    [Symbol.dispose](): void;
  }

  /**
   * Makes a channel that any thread can use; `select` takes it together with those of one thread. Go: `make(chan T, capacity)`.
   *
   * Throws a `RangeError` unless the capacity is an integer >= 0 that the shared memory has room for.
   *
   * ```ts
   * const results = shared.chan<number>(100);
   * go(search, query, results);
   * ```
   */
  export function chan<T>(capacity?: number): SharedChan<T>;
}

/** What every cond does, wherever its goroutines wait. */
declare abstract class Condition {
  /** The lock that guards the condition: hold it when calling {@link wait}. */
  readonly l: Locker;
  constructor(l: Locker);
  /**
   * Gives up the lock, waits for a signal or a broadcast, and holds the lock again. Test the condition in a loop. Go:
   * `c.Wait()`. With `ctx`: rejects with its error when it is done first; the lock is held then, too.
   */
  wait(ctx?: Cancel): Promise<void>;
}

/** A lock with one holder at a time, and a guard for that. */
declare abstract class Exclusive {
  abstract lock(ctx?: Cancel): Promise<Disposable>;
  abstract unlock(): void;
  /** Runs `fn` while holding the lock, and gives what it gives; unlocks whatever happens. */
  with<R>(fn: () => R | Promise<R>, ctx?: Cancel): Promise<R>;
}

/** A lock that any number of readers or one writer holds. */
declare abstract class ReadWrite extends Exclusive {
  abstract rlock(ctx?: Cancel): Promise<Disposable>;
  abstract runlock(): void;
  /** A locker whose lock is the read lock. Go: `rw.RLocker()`. */
  rlocker(): Locker;
  /** Runs `fn` while holding the lock for reading. */
  withRead<R>(fn: () => R | Promise<R>, ctx?: Cancel): Promise<R>;
}

/** What every semaphore does, wherever its goroutines wait. */
declare abstract class Shares {
  /** A semaphore of size `n`. Throws a `RangeError` unless that is an integer >= 0. Go: `semaphore.NewWeighted`. */
  constructor(n: number);
  /**
   * Waits until `n` are free, in the order of coming, and takes them. Give them back with {@link release}, or by
   * disposing what this gives (`using permit = await sem.acquire(ctx)`), but not both. Rejects with the context's error
   * when that is done first, also if it is at the call; nothing is taken then. More than the semaphore's size is never
   * free, and keeps nobody else waiting. Go: `s.Acquire`.
   */
  acquire(ctx: Cancel, n?: number): Promise<Disposable>;
  /** Takes `n` if they are free and nobody waits; tells whether it did. Go: `s.TryAcquire`. */
  tryAcquire(n?: number): boolean;
  /** Gives `n` back. Throws a `GoPanic` if that is more than is held. Go: `s.Release`. */
  release(n?: number): void;
}

/** What every wait group does, wherever it counts. */
declare abstract class Group {
  abstract add(n: number): void;
  abstract wait(ctx?: Cancel): Promise<void>;
  /** Takes 1 from the counter. */
  done(): void;
  /**
   * Starts `fn(...args)` as a goroutine that counts from now until it ends; a task (see gort/parallel), on any thread. It must
   * not fail: that is a panic. Go: `wg.Go`.
   */
  go<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): void;
}

export {};
