// What all kinds of channels share: the operations, in terms of what a kind can do without blocking.
//
// A kind says how a value is taken and given (`take`, `give`), and whether that would work now (`canTake`, `canGive`). An
// operation tries, and parks if it must; test and parking are one synchronous step.
//
// Invariants: after `close`, `sendq` is empty and stays so. A value is handed to the receiver that has waited longest before it
// is put anywhere else, so receivers wait only while there is nothing to take, and senders only while there is no room.

import type { Cancel, Chan, Received, SendCase } from "../types.js";
import { GoPanic } from "../rt/panic.js";
import { deliver, fail, type Form, type Standing, WaitQueue } from "../rt/park.js";
import { pass, passWith } from "../rt/slice.js";
import { reasonToStop, wait } from "./cancel.js";

/** What `take` and `give` answer where there is no value to answer. */
export const blocked: unique symbol = Symbol("blocked");
export const closed: unique symbol = Symbol("closed");
export const given: unique symbol = Symbol("given");

const receive: Form = { state: "chan receive", result: (value) => value };
const receiveOk: Form = { state: "chan receive", result: (value, ok) => (ok ? [value, true] : [undefined, false]) };
const receiveNext: Form = { state: "chan receive", result: (value, ok) => ({ value, done: !ok }) };
const receiveMany: Form = { state: "chan receive", result: (value, ok) => (ok ? [value] : []) };
export const offer: Form = { state: "chan send", result: () => undefined };

export const closeOfClosed = (): GoPanic => new GoPanic("close of closed channel", "ERR_CLOSE_OF_CLOSED_CHANNEL");
export const sendOnClosed = (): GoPanic => new GoPanic("send on closed channel", "ERR_SEND_ON_CLOSED_CHANNEL");

/** The operations of all channels, those between threads too. */
export abstract class Operations<T> implements Chan<T> {
  abstract readonly len: number;
  abstract readonly cap: number;
  abstract readonly recvq: Standing;
  abstract readonly sendq: Standing;
  abstract readonly isClosed: boolean;

  /**
   * Receives, if that needs no waiting. With `parks`, a wait without a context follows at once: its waiter may stand in the queue
   * already when this answers `blocked`.
   */
  abstract take(parks?: boolean): T | typeof blocked | typeof closed;
  /** Sends, if that needs no waiting. */
  abstract give(value: T): typeof given | typeof blocked | typeof closed;
  abstract close(): void;
  abstract sending(value: T): SendCase;

  send(value: T, ctx?: Cancel): Promise<void> {
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    const done = this.give(value);
    if (done === given) return pass();
    if (done === closed) return Promise.reject(sendOnClosed());
    return wait(this.sendq, offer, value, ctx);
  }

  trySend(value: T): boolean {
    const done = this.give(value);
    if (done === closed) throw sendOnClosed();
    return done === given;
  }

  recv(ctx?: Cancel): Promise<T | undefined> {
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    const value = this.take(!ctx);
    if (value === blocked) return wait(this.recvq, receive, undefined, ctx);
    return passWith(value === closed ? undefined : value);
  }

  recvOk(ctx?: Cancel): Promise<Received<T>> {
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    const value = this.take(!ctx);
    if (value === blocked) return wait(this.recvq, receiveOk, undefined, ctx);
    return passWith(received(value));
  }

  tryRecv(): Received<T> | undefined {
    const value = this.take();
    return value === blocked ? undefined : received(value);
  }

  drain(max: number = Infinity): T[] {
    const bad = badMax("drain", max);
    if (bad !== undefined) throw bad;
    return this.takeAll(max);
  }

  recvMany(max: number = Infinity, ctx?: Cancel): Promise<T[]> {
    const bad = badMax("recvMany", max);
    if (bad !== undefined) return Promise.reject(bad);
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    const values = this.takeAll(max);
    if (values.length === 0 && !this.isClosed) return wait(this.recvq, receiveMany, undefined, ctx);
    return passWith(values);
  }

  [Symbol.asyncIterator](): AsyncIterator<T, void> {
    return new Range(this);
  }

  protected takeAll(max: number): T[] {
    const values: T[] = [];
    while (values.length < max) {
      const value = this.take();
      if (value === blocked || value === closed) break;
      values.push(value);
    }
    return values;
  }
}

/** A channel within a thread. */
export abstract class Channel<T> extends Operations<T> {
  recvq: WaitQueue = new WaitQueue();
  sendq: WaitQueue = new WaitQueue();
  isClosed = false;
  /** Only a {@link Sending} has one: what tells them apart faster than their classes. */
  declare readonly chan?: undefined;

  /** Whether `take` would not be blocked. */
  abstract canTake(): boolean;
  /** Whether `give` would not be blocked. */
  abstract canGive(): boolean;

  close(): void {
    if (this.isClosed) throw closeOfClosed();
    this.isClosed = true;
    for (let w; (w = this.recvq.shift()) !== undefined;) deliver(w, undefined, false);
    for (let w; (w = this.sendq.shift()) !== undefined;) fail(w, sendOnClosed());
  }

  sending(value: T): SendCase {
    return new Sending(this, value) as unknown as SendCase;
  }
}

/** A send case of select: the channel and the value, as they were when it was made. */
export class Sending {
  readonly chan: Channel<unknown>;
  readonly value: unknown;

  constructor(chan: Channel<unknown>, value: unknown) {
    this.chan = chan;
    this.value = value;
    Object.freeze(this);
  }
}

/** Go's range over a channel. */
class Range<T> implements AsyncIterator<T, void> {
  readonly #chan: Operations<T>;

  constructor(chan: Operations<T>) {
    this.#chan = chan;
  }

  next(): Promise<IteratorResult<T, void>> {
    const value = this.#chan.take(true);
    if (value === blocked) return wait(this.#chan.recvq, receiveNext);
    const done = value === closed;
    return passWith({ value: done ? undefined : value, done } as IteratorResult<T, void>);
  }

  return(): Promise<IteratorResult<T, void>> {
    return passWith({ value: undefined, done: true });
  }
}

function received<T>(value: T | typeof closed): Received<T> {
  return value === closed ? [undefined, false] : [value, true];
}

function badMax(operation: string, max: number): RangeError | undefined {
  if (max >= 1 && (Number.isInteger(max) || max === Infinity)) return undefined;
  return new RangeError(`${operation}: max must be an integer >= 1, got ${String(max)}`);
}
