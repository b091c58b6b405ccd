// A channel with a buffer.
//
// Invariants: receivers wait only while the buffer is empty, senders only while it is full. The buffer grows with what is in it,
// so that a large capacity costs nothing until it is used.

import { Ring } from "../ds/ring.js";
import { deliverLater } from "../rt/park.js";
import { blocked, Channel, closed, given } from "./channel.js";

export class Buffered<T> extends Channel<T> {
  readonly cap: number;
  private readonly buffer: Ring<T> = new Ring<T>();

  constructor(capacity: number) {
    super();
    this.cap = capacity;
  }

  get len(): number {
    return this.buffer.length;
  }

  take(): T | typeof blocked | typeof closed {
    const buffer = this.buffer;
    if (buffer.length === 0) return this.isClosed ? closed : blocked;
    const value = buffer.shift();
    const sender = this.sendq.shift();
    if (sender !== undefined) {
      buffer.push(sender.value as T); // the place goes to the sender that has waited longest: nobody can overtake it
      deliverLater(sender, undefined, true);
    }
    return value;
  }

  give(value: T): typeof given | typeof blocked | typeof closed {
    if (this.isClosed) return closed;
    const receiver = this.recvq.shift();
    if (receiver !== undefined) {
      deliverLater(receiver, value, true);
      return given;
    }
    if (this.buffer.length === this.cap) return blocked;
    this.buffer.push(value);
    return given;
  }

  protected override takeAll(max: number): T[] {
    const { buffer, sendq } = this;
    const values = buffer.take(Math.min(max, buffer.length));
    for (let w; buffer.length < this.cap && (w = sendq.shift()) !== undefined;) {
      if (buffer.length === 0 && values.length < max) values.push(w.value as T);
      else buffer.push(w.value as T);
      deliverLater(w, undefined, true);
    }
    return values;
  }

  canTake(): boolean {
    return this.buffer.length > 0 || this.isClosed;
  }

  canGive(): boolean {
    return this.buffer.length < this.cap || this.recvq.head !== undefined || this.isClosed;
  }
}
