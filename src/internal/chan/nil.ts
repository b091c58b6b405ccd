// The nil channel: nobody ever comes to meet those who wait at it, and select never chooses it.

import { GoPanic } from "../rt/panic.js";
import type { WaitQueue } from "../rt/park.js";
import { nowhere } from "./nowhere.js";
import { Rendezvous } from "./rendezvous.js";

export class Nil extends Rendezvous<never> {
  override recvq: WaitQueue = nowhere;
  override sendq: WaitQueue = nowhere;

  override close(): never {
    throw new GoPanic("close of nil channel", "ERR_CLOSE_OF_NIL_CHANNEL");
  }
}

export const nil: Nil = new Nil();
