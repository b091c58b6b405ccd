// A channel between threads: the operations of every channel, over the one in the shared memory.

import type { Cancel, Received, SendCase } from "../types.js";
import { blocked, closed, closeOfClosed, given, offer, Operations, sendOnClosed } from "../chan/channel.js";
import { reasonToStop, wait } from "../chan/cancel.js";
import { deliver, fail, ready, type Waiter } from "../rt/park.js";
import { pass } from "../rt/slice.js";
import { block, blockingWaiter, wouldBlock } from "./block.js";
import { detach } from "./codec/transfer.js";
import { moveLater, moveNow, settleMoved } from "./moved.js";
import { addKind, type SharedObject } from "./object.js";
import { SharedQueue } from "./queue.js";
import type { Thread } from "./thread.js";
import { discardValue, readValue, type Slot } from "./value.js";
import {
  BLOCKED,
  CAP,
  CHAN,
  CLOSED,
  IS_CLOSED,
  MISUSE,
  OK,
  PARKED,
  RECVQ,
  SENDQ,
  SENDS,
  TAG,
  VALUE,
} from "./wasm/layout.js";

class Receivers extends SharedQueue {
  enter(waiter: number): number {
    return this.on.core.recv(this.of.pointer, waiter);
  }

  settle(w: Waiter, waiter: number, result: number, parked: boolean): void {
    const slot = parked ? waiter + TAG : this.on.record + VALUE;
    deliver(w, result === OK ? readValue(this.on, slot) : undefined, result === OK);
  }
}

class Senders extends SharedQueue {
  /** Sends the value that has been encoded: it is in `offered`, or else still in the codec. */
  enter(waiter: number, offered?: unknown): number {
    if (offered !== undefined) Object.assign(this.on.codec, offered);
    const { tag, aux, num } = this.on.codec;
    const result = this.on.core.send(this.of.pointer, tag, aux, num, waiter);
    if (result === PARKED) moveLater(this.on, waiter);
    return result;
  }

  settle(w: Waiter, waiter: number, result: number, parked: boolean): void {
    if (parked) settleMoved(waiter, result === OK);
    else if (result === OK) moveNow(this.on);
    if (result === OK) {
      ready(w, w.form.result(undefined, true, w));
      return;
    }
    if (parked) discardValue(this.on, waiter + TAG);
    else discardEncoded(this.on);
    fail(w, sendOnClosed());
  }

  override refused(offered: unknown): void {
    if (offered !== undefined) Object.assign(this.on.codec, offered);
    discardEncoded(this.on);
  }

  override left(waiter: number): void {
    settleMoved(waiter, false);
    discardValue(this.on, waiter + TAG);
  }
}

/** The value that was encoded last: a context of another make may send something, too, when it is asked for its done channel. */
function encoded({ codec: { tag, aux, num } }: Thread): Slot {
  return { tag, aux, num };
}

/** The value that was encoded last reaches nobody. */
function discardEncoded({ codec }: Thread): void {
  codec.discard(codec.tag, codec.aux, codec.num);
}

export class SharedChannel<T> extends Operations<T> implements SharedObject, Disposable {
  readonly on: Thread;
  readonly kind: number = CHAN;
  pointer: number;
  waiting = 0;
  readonly cap: number;
  readonly recvq: Receivers;
  readonly sendq: Senders;

  constructor(on: Thread, pointer: number) {
    super();
    this.on = on;
    this.pointer = pointer;
    this.cap = on.i32[(pointer + CAP) >> 2] as number;
    this.recvq = new Receivers(this, RECVQ, 0);
    this.sendq = new Senders(this, SENDQ, SENDS);
  }

  get len(): number {
    return this.on.core.length(this.pointer);
  }

  get isClosed(): boolean {
    return this.on.i32[(this.pointer + IS_CLOSED) >> 2] !== 0;
  }

  take(parks?: boolean): T | typeof blocked | typeof closed {
    const { on } = this;
    const waiter = parks === true ? on.spare() : 0;
    const result = on.core.recv(this.pointer, waiter);
    if (result === OK) {
      on.nudge();
      return readValue(on, on.record + VALUE) as T;
    }
    if (result === CLOSED) return closed;
    if (result === PARKED) this.recvq.entered(waiter);
    return blocked;
  }

  give(value: T): typeof given | typeof blocked | typeof closed {
    const { on } = this;
    on.codec.encode(value, "send");
    const result = this.offer(0);
    if (result !== given) discardEncoded(on);
    return result;
  }

  override send(value: T, ctx?: Cancel): Promise<void> {
    if (ctx !== undefined) {
      const stop = reasonToStop(ctx);
      if (stop !== undefined) return stop;
    }
    try {
      this.on.codec.encode(value, "send");
    } catch (error) {
      return Promise.reject(error);
    }
    const result = this.offer(ctx === undefined ? this.on.spare() : 0);
    if (result === given) return pass();
    if (result === blocked) return wait(this.sendq, offer, ctx === undefined ? undefined : encoded(this.on), ctx);
    discardEncoded(this.on);
    return Promise.reject(sendOnClosed());
  }

  close(): void {
    if (this.on.core.close(this.pointer) === MISUSE) throw closeOfClosed();
    this.on.nudge();
  }

  sending(value: T): SendCase {
    return new SharedSending(this, value) as unknown as SendCase;
  }

  sendSync(value: T): void {
    const { on } = this;
    on.codec.encode(value, "sendSync");
    const { tag, aux, num } = on.codec;
    const moved = on.codec.takeMoved();
    let result = on.core.send(this.pointer, tag, aux, num, blockingWaiter(on));
    if (result === PARKED) result = block(on);
    if (result === OK) {
      if (moved !== undefined) detach(moved);
      on.nudge();
      return;
    }
    on.codec.discard(tag, aux, num);
    throw result === CLOSED ? sendOnClosed() : wouldBlock("sendSync");
  }

  recvSync(): Received<T> {
    const { on } = this;
    const waiter = blockingWaiter(on);
    let result = on.core.recv(this.pointer, waiter);
    let at = on.record + VALUE;
    if (result === PARKED) {
      result = block(on);
      at = waiter + TAG;
    }
    if (result === BLOCKED) throw wouldBlock("recvSync");
    on.nudge();
    return result === OK ? [readValue(on, at) as T, true] : [undefined, false];
  }

  /** This thread does not use the channel any more. */
  [Symbol.dispose](): void {
    this.on.registry.dispose(this);
  }

  /** Sends what has been encoded, if that needs no waiting; otherwise parks the waiter, if there is one. */
  private offer(waiter: number): typeof given | typeof blocked | typeof closed {
    const { on } = this;
    const { tag, aux, num } = on.codec;
    const result = on.core.send(this.pointer, tag, aux, num, waiter);
    if (result === OK) {
      moveNow(on);
      on.nudge();
      return given;
    }
    if (result === CLOSED) return closed;
    if (result === PARKED) {
      moveLater(on, this.sendq.entered(waiter));
    }
    return blocked;
  }
}

addKind(CHAN, {
  make: (on, pointer) => new SharedChannel(on, pointer),
  destroy(on, pointer) {
    while (on.core.recv(pointer, 0) === OK) discardValue(on, on.record + VALUE);
  },
});

/** A send case of select: the channel and the value, as they were when it was made. */
export class SharedSending {
  readonly chan: SharedChannel<unknown>;
  readonly value: unknown;

  constructor(chan: SharedChannel<unknown>, value: unknown) {
    this.chan = chan;
    this.value = value;
    Object.freeze(this);
  }
}
