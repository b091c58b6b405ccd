// The nil channel: both directions block for ever, and select never chooses it.

import { GoPanic } from "../rt/panic.js";
import type { WaitQueue } from "../rt/park.js";
import { blocked, Channel } from "./channel.js";
import { nowhere } from "./nowhere.js";

export class Nil extends Channel<never> {
  override recvq: WaitQueue = nowhere;
  override sendq: WaitQueue = nowhere;

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
