// The queue of those who wait for nothing that could ever happen.

import { type Waiter, WaitQueue } from "../rt/park.js";

/** Nobody will ever look for those who wait here, so they are not kept. A dump tells that they wait for nothing. */
class Nowhere extends WaitQueue {
  override resolve = (): void => {}; // never idle: it would keep the one who waits here

  override push(waiter: Waiter): void {
    const { form } = waiter;
    if (form.state.startsWith("chan")) waiter.form = { ...form, state: `${form.state} (nil chan)` };
  }

  override leave(): void {}
}

export const nowhere: WaitQueue = new Nowhere();
