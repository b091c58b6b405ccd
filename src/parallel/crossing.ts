// Contexts and AbortSignals that go to other threads: what their own thread keeps of them, and what the others have.
//
// An object of the shared memory stands for a context, one however many messages it goes into. Its own thread has no handle of it
// but listens to the context, until it is given back: then no other thread has it, and no message. The others have a `Received`
// each. That asks the shared memory whenever somebody asks it; it stands in the object's queue, and has its alarm set, exactly
// while somebody waits for its end. So what nobody waits for is left to the collector.
//
// Values do not cross. The cause does, unless it cannot be encoded: then its text does. The reason is encoded once and read by
// any number of threads, so it is encoded without handles, and its block goes with the object.

import type { Context, RecvChan } from "../internal/types.js";
import { background, todo } from "../context/background.js";
import { cause } from "../context/cause.js";
import { canceled, deadlineExceeded } from "../context/errors.js";
import { asError } from "../context/signals.js";
import { DeadlineContext } from "../context/deadline.js";
import { Derived } from "../context/derived.js";
import { type Branch, CancelContext, hang, leave } from "../context/tree.js";
import { nowhere } from "../internal/chan/nowhere.js";
import { onAbort } from "../internal/chan/cancel.js";
import { nil } from "../internal/chan/make.js";
import { Rendezvous } from "../internal/chan/rendezvous.js";
import { Queue } from "../internal/ds/queue.js";
import { onListeners } from "../internal/host/host.js";
import { Alarm, now, wall } from "../internal/rt/alarm.js";
import { resolved } from "../internal/rt/slice.js";
import { ArmedQueue, type Form, lookout, type Waiter, type WaitQueue } from "../internal/rt/park.js";
import { addKind, addPassport, type SharedObject } from "../internal/shared/object.js";
import { writeSlot } from "../internal/shared/value.js";
import { SharedQueue } from "../internal/shared/queue.js";
import { addSingletons, type Thread, thread } from "../internal/shared/thread.js";
import {
  A,
  CONTEXT,
  CONTEXT_SIZE,
  DEADLINE,
  GROUP,
  IS_SIGNAL,
  LATE,
  OWNER,
  Q1,
  REASON,
  RETURN,
  RETURNED,
} from "../internal/shared/wasm/layout.js";
import { freeReasons, readReason, writeReason } from "./reason.js";

/** What stands for the contexts that every thread has, in place of an object. */
const BACKGROUND = 1;
const TODO = 2;
const CANCELED = 3;
const EXCEEDED = 4;

/** A context or a signal of this thread that others know of. */
class Sent implements Branch {
  next: Branch = this;
  prev: Branch = this;
  trunk: CancelContext | undefined = undefined;
  unfollow: (() => void) | undefined = undefined;
  readonly source: Context | AbortSignal;
  readonly pointer: number;
  #err: Error | undefined = undefined;
  #deaf: (() => void) | undefined = undefined;

  constructor(source: Context | AbortSignal, pointer: number) {
    this.source = source;
    this.pointer = pointer;
  }

  listen(): void {
    const { source } = this;
    if (!isSignal(source)) hang(this, source);
    else if (source.aborted) this.tell(canceled, source.reason);
    else this.#deaf = onAbort(source, () => this.tell(canceled, source.reason));
  }

  fall(err: Error): undefined {
    this.#err = err;
  }

  wake(): void {}

  /** Only now, since encoding a cause may run foreign code. */
  abort(why: Error): void {
    this.tell(this.#err as Error, why);
  }

  stop(): void {
    this.#deaf?.();
    leave(this)?.();
  }

  private tell(err: Error, why: unknown): void {
    const on = thread();
    const { tag, aux, num } = writeReason(err, why);
    on.core.endContext(this.pointer, tag, aux, num);
    on.nudge();
  }
}

const bySource = new WeakMap<object, Sent>();
const byPointer = new Map<number, Sent>();

/** How many contexts and signals of this thread others know of. @tests */
export function countSent(): number {
  return byPointer.size;
}

/** The object that stands for it, with a reference for a message. */
function send(source: Context | AbortSignal): number {
  const on = thread();
  const known = bySource.get(source);
  if (known !== undefined && on.core.revive(known.pointer) !== 0) return known.pointer;
  const isOfSignal = isSignal(source);
  const deadline = isOfSignal ? NaN : (source.deadline()?.getTime() ?? NaN);
  const pointer = on.made(on.core.createContext(isOfSignal ? 1 : 0, deadline), CONTEXT_SIZE);
  if (!Number.isNaN(deadline)) {
    const late = lateCause(source as Context);
    if (late !== deadlineExceeded) writeSlot(on, pointer + LATE, writeReason(deadlineExceeded, late));
  }
  const sent = new Sent(source, pointer);
  bySource.set(source, sent);
  byPointer.set(pointer, sent);
  on.readers[RETURNED] ??= returned;
  on.expect();
  try {
    sent.listen();
  } catch (error) {
    on.registry.discard(CONTEXT, pointer);
    throw error; // a context of another make
  }
  return pointer;
}

/** The cause of a context that its deadline ends, as far as it can be known before. */
function lateCause(ctx: Context): Error {
  for (let at = ctx; at instanceof Derived; at = at.parent) {
    if (at instanceof DeadlineContext || at instanceof Received) return at.late ?? deadlineExceeded;
  }
  return deadlineExceeded;
}

/** No other thread knows of it any more. */
function returned(letter: number): void {
  const on = thread();
  const pointer = letter - RETURN;
  const sent = byPointer.get(pointer) as Sent;
  on.forget();
  byPointer.delete(pointer);
  if (bySource.get(sent.source) === sent) bySource.delete(sent.source);
  sent.stop();
  freeReasons(on, pointer);
  on.free(pointer);
}

/** This thread's handle of another's context. */
class Link implements SharedObject {
  readonly on: Thread;
  readonly kind: number = CONTEXT;
  pointer: number;
  waiting = 0;
  readonly ctx: Received;
  readonly watch: Watch;
  /** Whether the program has been given it; not just a context that is made from it. */
  exposed = false;

  constructor(on: Thread, pointer: number) {
    this.on = on;
    this.pointer = pointer;
    this.watch = new Watch(this);
    this.ctx = new Received(this);
  }
}

/** The queue of those who want to know when the context ends: one a thread. */
class Watch extends SharedQueue {
  constructor(link: Link) {
    super(link, Q1, 0);
  }

  enter(waiter: number): number {
    this.on.i32[(waiter + GROUP) >> 2] = waiter; // so that it can be left: see `leaves`
    return this.on.core.wait(this.of.pointer, waiter);
  }

  /** Not at once if it has ended already: whoever is about to wait for that is only half in the queues. */
  settle(w: Waiter, _waiter: number, _result: number, parked: boolean): void {
    const { ctx } = this.of as Link;
    if (parked) {
      ctx.hear();
      return;
    }
    w.queue = nowhere;
    void resolved.then(() => ctx.err());
  }

  /** Leaves the queue; false if a letter is on its way, which cannot be called back. */
  leaves(w: Waiter): boolean {
    if (this.on.core.claimOwn(w.value as number) === 0) return false;
    this.leave(w);
    return true;
  }
}

const watching: Form = { state: "", result: () => undefined };

/** A context of another thread. */
class Received extends CancelContext {
  readonly isSignal: boolean;
  readonly #link: Link;
  readonly #until: number; // on the wall clock; NaN: no deadline
  readonly #bell: Bell;
  #listeners = 0; // done channel, branches, signal: which of them have somebody who waits
  #waiter: Waiter | undefined = undefined;
  #letter = false; // is on its way, though nobody waits for it any more
  #done: Done | undefined = undefined;
  #signal: AbortSignal | undefined = undefined;
  #reason: unknown = undefined; // of a signal

  constructor(link: Link) {
    super(background());
    const { on, pointer } = link;
    this.#link = link;
    this.isSignal = on.i32[(pointer + IS_SIGNAL) >> 2] !== 0;
    this.#until = on.f64[(pointer + DEADLINE) >> 3] as number;
    // Wall clocks show whole milliseconds; with one more, it does not end here before it does in its own thread.
    this.#bell = new Bell(this, Number.isNaN(this.#until) ? Infinity : now() + this.#until - wall() + 1);
    this.branches = new Branches(this.#join, this.#part);
  }

  override deadline(): Date | undefined {
    return Number.isNaN(this.#until) ? undefined : new Date(this.#until);
  }

  /** The cause, should the deadline end it. */
  get late(): Error {
    const { on, pointer } = this.#link;
    if (pointer === 0 || on.i32[(pointer + LATE) >> 2] === 0) return deadlineExceeded;
    return readReason(on, pointer + LATE)[1] as Error;
  }

  override err(): Error | undefined {
    const { on, pointer } = this.#link;
    if (pointer !== 0) {
      if (Atomics.load(on.i32, (pointer + A) >> 2) === 0) this.#learn();
      else if (this.#bell.isDue) this.cancel(deadlineExceeded, this.late);
    }
    return super.err();
  }

  override done(): RecvChan<never> {
    if (this.#done === undefined) {
      this.#done = new Done(this, new ArmedQueue(this.#join, this.#part));
      if (super.err() !== undefined) this.#done.close();
    }
    return this.#done;
  }

  override wake(): void {
    this.#done?.close();
  }

  override get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#signal = super.signal;
      if (this.isSignal) signals.set(this.#signal, this);
      onListeners(this.#signal, (any) => (any ? this.#join() : this.#part()));
      this.err();
    }
    return this.#signal;
  }

  /** The object that stands for it, with a reference for a message; 0 if it has ended. */
  carry(): number {
    const { on, pointer } = this.#link;
    if (pointer !== 0) on.core.travel(pointer);
    return pointer;
  }

  /** The letter has come: it has ended in its own thread. */
  hear(): void {
    this.#waiter = undefined;
    this.#letter = false;
    if (super.err() === undefined) this.err();
    else this.#link.on.registry.dispose(this.#link); // we knew
  }

  override fall(err: Error, why: Error): Queue<Branch> | undefined {
    this.#stop();
    if (!this.#letter) this.#link.on.registry.dispose(this.#link);
    return super.fall(err, why);
  }

  override abort(why: Error): void {
    super.abort(this.isSignal && this.#reason !== undefined ? (this.#reason as Error) : why);
  }

  readonly #join = (): void => {
    if (++this.#listeners !== 1 || this.#link.pointer === 0) return;
    this.#bell.set(this.#bell.time);
    const w = lookout(this.#link.watch, watching, undefined);
    if (w.queue === this.#link.watch) this.#waiter = w;
  };

  readonly #part = (): void => {
    if (--this.#listeners !== 0 || this.#link.pointer === 0) return;
    this.#stop();
    if (!this.#link.exposed && !this.#letter) this.#link.on.registry.dispose(this.#link);
  };

  #learn(): void {
    const [err, why] = readReason(this.#link.on, this.#link.pointer + REASON);
    this.#reason = why;
    this.cancel(err, asError(why));
  }

  /** Nobody here has to be told any more. */
  #stop(): void {
    this.#bell.clear();
    const w = this.#waiter;
    this.#waiter = undefined;
    if (w !== undefined) this.#letter = !this.#link.watch.leaves(w);
  }
}

/** A done channel that asks, whenever it is asked. */
class Done extends Rendezvous<never> {
  readonly #ctx: Received;

  constructor(ctx: Received, recvq: WaitQueue) {
    super();
    this.#ctx = ctx;
    this.recvq = recvq;
  }

  override take(): ReturnType<Rendezvous<never>["take"]> {
    this.#ctx.err();
    return super.take();
  }

  override canTake(): boolean {
    this.#ctx.err();
    return super.canTake();
  }
}

/** The signals that are other threads'. */
const signals = new WeakMap<AbortSignal, Received>();

/** The deadline, by this thread's own clock. */
class Bell extends Alarm {
  readonly time: number;
  private readonly ctx: Received;

  constructor(ctx: Received, time: number) {
    super();
    this.ctx = ctx;
    this.time = time;
  }

  get isDue(): boolean {
    return this.time !== Infinity && now() >= this.time;
  }

  protected override ring(): void {
    this.ctx.err();
  }
}

/** What hangs on a context. */
class Branches extends Queue<Branch> {
  readonly #first: () => void;
  readonly #last: () => void;

  constructor(first: () => void, last: () => void) {
    super();
    this.#first = first;
    this.#last = last;
  }

  override push(branch: Branch): void {
    const first = this.head === undefined;
    super.push(branch);
    if (first) this.#first();
  }

  override remove(branch: Branch): void {
    super.remove(branch);
    if (this.head === undefined) this.#last();
  }
}

/** Lets contexts and signals cross. */
export function addContexts(): void {
  addSingletons(canceled, deadlineExceeded);
  addKind(CONTEXT, {
    make: (on, pointer) => new Link(on, pointer),
    destroy(on, pointer) {
      const isOrphan = Atomics.load(on.i32, (pointer + OWNER) >> 2) === 0;
      if (isOrphan) {
        freeReasons(on, pointer);
      } else {
        on.core.giveBack(pointer);
        on.nudge();
      }
      return !isOrphan;
    },
  });
  addPassport({
    kind: CONTEXT,
    pack,
    unpack(pointer, constant) {
      if (pointer === 0) return constantOf(constant);
      return own(pointer) ?? exposed(pointer);
    },
    drop(pointer) {
      if (pointer !== 0) thread().registry.discard(CONTEXT, pointer);
    },
    repeat(pointer) {
      if (pointer !== 0) thread().core.travel(pointer);
    },
  });
}

/** What stands for a context or signal in a message: its object and a reference to it, or one that every thread has. */
export function pack(value: object): readonly [pointer: number, constant: number] | undefined {
  if (isSignal(value)) return [signals.get(value)?.carry() || send(value), 0];
  if (!isContext(value)) return undefined;
  if (value === todo()) return [0, TODO];
  const err = value.err();
  if (err === undefined && value.done() === (nil as unknown)) return [0, BACKGROUND];
  if (err === canceled && cause(value) === err) return [0, CANCELED];
  if (err === deadlineExceeded && cause(value) === err) return [0, EXCEEDED];
  return [(value instanceof Received && value.carry()) || send(value), 0];
}

/** The context or signal of this very thread that has come back. */
function own(pointer: number): Context | AbortSignal | undefined {
  const sent = byPointer.get(pointer);
  if (sent !== undefined) thread().registry.discard(CONTEXT, pointer);
  return sent?.source;
}

function exposed(pointer: number): Context | AbortSignal {
  const link = arrived(pointer);
  link.exposed = true;
  return link.ctx.isSignal ? link.ctx.signal : link.ctx;
}

function arrived(pointer: number): Link {
  return thread().registry.arrive(CONTEXT, pointer) as Link;
}

const ended: CancelContext[] = [];

function constantOf(constant: number): Context {
  if (constant === BACKGROUND) return background();
  if (constant === TODO) return todo();
  let ctx = ended[constant];
  if (ctx === undefined) {
    const err = constant === CANCELED ? canceled : deadlineExceeded;
    ctx = ended[constant] = new CancelContext(background());
    ctx.cancel(err, err);
  }
  return ctx;
}

export function isSignal(value: object): value is AbortSignal {
  const { aborted, addEventListener } = value as Partial<AbortSignal>;
  return typeof aborted === "boolean" && typeof addEventListener === "function";
}

function isContext(value: object): value is Context {
  return ["deadline", "done", "err", "value"].every((name) => typeof value[name as keyof object] === "function");
}

/** What {@link pack} has packed, here: the caller's reference becomes this thread's. */
export function received(pointer: number): Context | AbortSignal {
  return own(pointer) ?? arrived(pointer).ctx;
}

/** A context that has been cancelled long ago. */
export function alreadyCanceled(): Context {
  return constantOf(CANCELED);
}
