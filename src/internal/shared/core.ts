// The shared memory and its code (wasm/), as this thread has them: what it offers, typed, and the views.

import { granted } from "../host/quota.js";
import { code } from "./code.js";

type Pointer = number;
type Result = number;

/** What wasm/index.ts exports, where each is explained. Threads are numbers, objects and waiters are pointers. */
export interface Core {
  become(thread: number, record: Pointer, mayBlock: number): void;

  alloc(bytes: number): Pointer;
  free(block: Pointer): void;
  capacity(block: Pointer): number;

  waiter(object: Pointer, flags: number): Pointer;
  blockingWaiter(): Pointer;
  takeMail(): Pointer;
  park(asleep: number): number;
  unpark(): void;
  unpoll(): number;
  quiet(but: number): number;
  unlink(object: Pointer, queue: number, waiter: Pointer): number;
  claimOwn(group: Pointer): number;
  look(): Result;
  block(ms: number): Result;
  kick(thread: number): number;

  createGate(type: number): Pointer;
  hold(object: Pointer): void;
  travel(object: Pointer): void;
  arrive(object: Pointer): void;
  discard(object: Pointer): number;
  drop(object: Pointer): number;
  destroy(object: Pointer): void;
  nextLost(): Pointer;
  create(type: number, bytes: number): Pointer;
  revive(object: Pointer): number;

  createContext(isSignal: number, deadline: number): Pointer;
  endContext(context: Pointer, tag: number, aux: number, num: number): void;
  giveBack(context: Pointer): void;

  createChan(cap: number): Pointer;
  send(chan: Pointer, tag: number, aux: number, num: number, waiter: Pointer): Result;
  recv(chan: Pointer, waiter: Pointer): Result;
  close(chan: Pointer): Result;
  length(chan: Pointer): number;
  select(cases: Pointer, n: number): Result;

  acquire(mutex: Pointer, waiter: Pointer): Result;
  release(mutex: Pointer, serial: number): Result;
  complete(once: Pointer): void;
  acquireRead(rwmutex: Pointer, waiter: Pointer): Result;
  acquireWrite(rwmutex: Pointer, waiter: Pointer): Result;
  releaseRead(rwmutex: Pointer): Result;
  releaseWrite(rwmutex: Pointer, serial: number): Result;
  admit(rwmutex: Pointer): void;
  add(waitGroup: Pointer, delta: number): Result;
  wait(waitGroup: Pointer, waiter: Pointer): Result;
  createCond(lock: Pointer, how: number): Pointer;
  stand(cond: Pointer, waiter: Pointer): Result;
  signal(cond: Pointer): number;
  broadcast(cond: Pointer): void;
  createSemaphore(size: number): Pointer;
  take(semaphore: Pointer, n: number, waiter: Pointer): Result;
  give(semaphore: Pointer, n: number): Result;
  grant(semaphore: Pointer): void;

  createMap(seed: number): Pointer;
  mapLoad(map: Pointer, form: number, key: Pointer, bytes: number): Result;
  mapStore(
    map: Pointer,
    form: number,
    key: Pointer,
    bytes: number,
    overwrites: number,
    tag: number,
    aux: number,
    num: number,
  ): Result;
  mapSwap(
    map: Pointer,
    form: number,
    key: Pointer,
    bytes: number,
    oldTag: number,
    oldAux: number,
    oldNum: number,
    tag: number,
    aux: number,
    num: number,
  ): Result;
  mapDelete(
    map: Pointer,
    form: number,
    key: Pointer,
    bytes: number,
    always: number,
    oldTag: number,
    oldAux: number,
    oldNum: number,
  ): Result;
  mapScan(map: Pointer, from: number, buffer: Pointer, size: number): number;
  mapDetach(map: Pointer, stripe: number, to: Pointer): void;
  mapPop(stripe: Pointer): number;
  box(tag: number, aux: number, num: number): Pointer;
  unbox(box: Pointer): number;

  claimThread(state: number): number;
  begin(): void;
  stateOf(thread: number): number;
  createTask(block: Pointer, name: number, context: Pointer, tag: number, aux: number, num: number): void;
  submit(task: Pointer): number;
  nextTask(random: number): Pointer;
  finish(task: Pointer, result: Result, tag: number, aux: number, num: number): number;
  waiting(): number;
  ringLength(thread: number): number;
  idle(is: number): void;
  seek(does: number): void;
  wakeProcessor(): number;
  askForProcessor(): void;
  wanted(): number;
  surplus(): number;
  retire(inAnyCase: number): number;
  spin(most: number): number;
  spun(): void;

  declareDead(thread: number): void;
  sweep(thread: number, why: number, code: number): void;
  bury(thread: number): void;
}

/** 1 MiB to begin with. Below 2 GiB, so that a pointer is never negative. */
const pages = { initial: 16, maximum: 32767 };

/** What threads have in common; it can be sent to another thread as it is. */
export interface Commons {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  /** How many processors the system gives us. */
  readonly cores: number;
}

export function createCommons(): Commons {
  const text = atob(code);
  const bytes = new Uint8Array(text.length); // filled by a loop: `from` takes some milliseconds
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return {
    memory: new WebAssembly.Memory({ ...pages, shared: true }),
    module: new WebAssembly.Module(bytes),
    cores: granted(),
  };
}

/** The code, run on the shared memory by this thread. */
export function instantiate({ memory, module }: Commons, isDead: (thread: number) => boolean): Core {
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, host: { isDead } });
  return exports as unknown as Core;
}
