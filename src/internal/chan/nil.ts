// The nil channel: both directions block for ever, and select never chooses it.

import { GoPanic } from "../rt/panic.js";
import { type Waiter, WaitQueue } from "../rt/park.js";
import { blocked, Channel } from "./channel.js";

/** Nobody will ever look for those who wait here, so they are not kept. A dump tells that they wait for nothing. */
class Nowhere extends WaitQueue {
  override push(waiter: Waiter): void {
    const { form } = waiter;
    if (form.state.startsWith("chan")) waiter.form = { ...form, state: `${form.state} (nil chan)` };
  }

  override remove(): void {}
}

export class Nil extends Channel<never> {
  override recvq: WaitQueue = new Nowhere();
  override sendq: WaitQueue = this.recvq;

  get len(): number {
    return 0;
  }

  get cap(): number {
    return 0;
  }

  take(): typeof blocked {
    return blocked;
  }

  give(): typeof blocked {
    return blocked;
  }

  canTake(): boolean {
    return false;
  }

  canGive(): boolean {
    return false;
  }

  override close(): never {
    throw new GoPanic("close of nil channel", "ERR_CLOSE_OF_NIL_CHANNEL");
  }
}

export const nil: Nil = new Nil();
