// gort/sync: the public API. Written by "npm run api".

import type { Cancel } from "gort";

/**
 * A meeting point for goroutines that wait for a condition and those that make it true. Go: `sync.Cond`.
 *
 * ```ts
 * const cond = new sync.Cond(new sync.Mutex());
 * await cond.l.lock();
 * while (queue.length === 0) await cond.wait();
 * const item = queue.shift();
 * cond.l.unlock();
 * ```
 */
export declare class Cond extends Condition {
  #private;
  /** Wakes the one who has waited longest, if anybody waits. Go: `c.Signal()`. */
  signal(): void;
  /** Wakes all who wait. Go: `c.Broadcast()`. */
  broadcast(): void;
}

/** Something that one goroutine at a time can hold. Go: `sync.Locker`. */
export interface Locker {
  /** Waits for the lock; disposing what it gives unlocks. With `ctx`: rejects with its error when it is done first. */
  lock(ctx?: Cancel): Promise<Disposable>;
  /** Gives the lock up. */
  unlock(): void;
}

/**
 * A map with operations that read and write in one step. Keys are compared as in JavaScript's own `Map`, values with
 * `===`. Go: `sync.Map`.
 *
 * ```ts
 * const sessions = new sync.Map<string, Session>();
 * const [session, loaded] = sessions.loadOrStore(id, fresh);
 * ```
 */
export declare class Map<K, V> {
  #private;
  /** The value of `key`, and whether there is one. Go: `m.Load(k)`. */
  load(key: K): [value: V, ok: true] | [value: undefined, ok: false];
  /** Sets the value of `key`. Go: `m.Store(k, v)`. */
  store(key: K, value: V): void;
  /**
   * The value of `key`, which is `value` from now on if there was none; and whether there was one. Go:
   * `m.LoadOrStore(k, v)`.
   */
  loadOrStore(key: K, value: V): [actual: V, loaded: boolean];
  /** Deletes `key`, and gives the value that it had. Go: `m.LoadAndDelete(k)`. */
  loadAndDelete(key: K): [value: V, loaded: true] | [value: undefined, loaded: false];
  /** Deletes `key`. Go: `m.Delete(k)`. */
  delete(key: K): void;
  /** Sets the value of `key`, and gives the one it had before. Go: `m.Swap(k, v)`. */
  swap(key: K, value: V): [previous: V, loaded: true] | [previous: undefined, loaded: false];
  /** Sets the value of `key` if it is `old`; a missing one is never. Go: `m.CompareAndSwap(k, old, new)`. */
  compareAndSwap(key: K, old: V, value: V): boolean;
  /** Deletes `key` if its value is `old`. Go: `m.CompareAndDelete(k, old)`. */
  compareAndDelete(key: K, old: V): boolean;
  /**
   * Calls `f` for each key that is there, until it gives `false`. `f` may change the map: each key is visited once at
   * most; one that was added meanwhile is not, one that was deleted before its turn is not either. Go: `m.Range(f)`.
   */
  range(f: (key: K, value: V) => boolean): void;
  /** Deletes all. Go: `m.Clear()`. */
  clear(): void;
  /**
   * The value of `key`, made by `make` if there is none. However many call at once, `make` runs once, and all get what
   * it gives; a failure goes to all of them and is not kept. What others store meanwhile stays, and is the value.
   */
  loadOrCompute(key: K, make: () => V | Promise<V>): Promise<V>;
}

/**
 * A lock that one goroutine at a time holds; those who wait get it in the order of their coming. Go: `sync.Mutex`.
 *
 * Between two awaits nothing else runs, so a mutex is needed only where an `await` stands between reading and writing.
 *
 * ```ts
 * const mu = new sync.Mutex();
 * await mu.with(async () => {
 *   balance = (await load()) - amount;
 *   await store(balance);
 * });
 * ```
 */
export declare class Mutex extends Exclusive implements Locker {
  #private;
  /**
   * Waits for the lock. Disposing what it gives unlocks: `using lock = await mu.lock()`. Go: `mu.Lock()`.
   * With `ctx`: rejects with its error when it is done first; the lock is then not held.
   */
  lock(ctx?: Cancel): Promise<Disposable>;
  /** Takes the lock if nobody holds it. Go: `mu.TryLock()`. */
  tryLock(): boolean;
  /**
   * Hands the lock to the one who has waited longest, or frees it. Any goroutine may do so. Unlocking what is not
   * locked is fatal. Go: `mu.Unlock()`.
   */
  unlock(): void;
}

/**
 * Runs a function once, however many call. Go: `sync.Once`.
 *
 * ```ts
 * const once = new sync.Once();
 * await once.do(connect);
 * ```
 */
export declare class Once {
  #private;
  /**
   * The first call runs `fn`; every other one waits until that run has ended, and runs nothing. If `fn` fails, the
   * first call rejects with its error, and it counts as done. Go: `once.Do(f)`.
   */
  do(fn: () => unknown): Promise<void>;
}

/**
 * Keeps things that are costly to make, to be used again; it may drop any of them at any time. Go: `sync.Pool`.
 *
 * ```ts
 * const buffers = new sync.Pool(() => new Uint8Array(65536));
 * const buffer = buffers.get();
 * buffers.put(buffer);
 * ```
 */
export declare class Pool<T> {
  #private;
  constructor(make: () => T);
  /** One that was put back, or else a new one. Go: `p.Get()`. */
  get(): T;
  /** Lets somebody else use `x`. `undefined` and `null` are ignored. Go: `p.Put(x)`. */
  put(x: T): void;
}

/**
 * A lock that any number of readers or one writer holds. Go: `sync.RWMutex`.
 *
 * Once a writer waits, new readers wait behind it; a goroutine must therefore not take the read lock twice.
 *
 * ```ts
 * const mu = new sync.RWMutex();
 * const user = await mu.withRead(() => cache.get(id));
 * ```
 */
export declare class RWMutex extends ReadWrite implements Locker {
  #private;
  /** Waits for the lock, to write. Go: `rw.Lock()`. */
  lock(ctx?: Cancel): Promise<Disposable>;
  /** Takes the lock for writing if nobody holds it. Go: `rw.TryLock()`. */
  tryLock(): boolean;
  /**
   * The writer gives the lock up: to all readers that wait, or else to the next writer. Fatal if no writer holds it.
   */
  unlock(): void;
  /** Waits for the lock, to read. Go: `rw.RLock()`. */
  rlock(ctx?: Cancel): Promise<Disposable>;
  /** Takes the lock for reading if no writer holds it or waits for it. Go: `rw.TryRLock()`. */
  tryRLock(): boolean;
  /** A reader gives the lock up; the last one lets the next writer in. Fatal if no reader holds it. */
  runlock(): void;
}

/**
 * Waits for a collection of goroutines to finish. Go: `sync.WaitGroup`.
 *
 * ```ts
 * const wg = new sync.WaitGroup();
 * for (const url of urls) wg.go(fetchPage, url);
 * await wg.wait();
 * ```
 */
export declare class WaitGroup extends Group {
  #private;
  /** Adds `n`, which may be negative, to the counter; at 0 everybody who waits goes on. Below 0: a `GoPanic`. */
  add(n: number): void;
  /** Waits until the counter is 0. With `ctx`: rejects with its error when it is done first. */
  wait(ctx?: Cancel): Promise<void>;
}

/** A function that calls `f` the first time only, and throws the same every time if `f` does. Go: `sync.OnceFunc`. */
export declare function onceFunc(f: () => void): () => void;

/** A function that calls `f` the first time, and gives or throws the same every time. Go: `sync.OnceValue`. */
export declare function onceValue<T>(f: () => T): () => T;

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
