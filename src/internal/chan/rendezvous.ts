// A channel without a buffer: a send and a receive happen together.

import { blocked, Channel, closed, given } from "./channel.js";
import { deliver } from "../rt/park.js";

export class Rendezvous<T> extends Channel<T> {
  get len(): number {
    return 0;
  }

  get cap(): number {
    return 0;
  }

  take(): T | typeof blocked | typeof closed {
    const sender = this.sendq.shift();
    if (sender === undefined) return this.isClosed ? closed : blocked;
    const value = sender.value as T;
    deliver(sender, undefined, true);
    return value;
  }

  give(value: T): typeof given | typeof blocked | typeof closed {
    if (this.isClosed) return closed;
    const receiver = this.recvq.shift();
    if (receiver === undefined) return blocked;
    deliver(receiver, value, true);
    return given;
  }

  canTake(): boolean {
    return this.sendq.head !== undefined || this.isClosed;
  }

  canGive(): boolean {
    return this.recvq.head !== undefined || this.isClosed;
  }
}
