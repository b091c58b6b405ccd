// Buffers that lose their memory as they are sent: not before, since what is not sent stays whole.

import { detach } from "./codec/transfer.js";
import type { Thread } from "./thread.js";

/** Of those who wait to send, by their waiters. */
const waiting = new Map<number, readonly ArrayBuffer[]>();

/** What was encoded last has been sent. */
export function moveNow({ codec }: Thread): void {
  const moved = codec.takeMoved();
  if (moved !== undefined) detach(moved);
}

/** What was encoded last is in a waiter. */
export function moveLater({ codec }: Thread, waiter: number): void {
  keep(waiter, codec.takeMoved());
}

export function keep(waiter: number, moved: readonly ArrayBuffer[] | undefined): void {
  if (moved !== undefined) waiting.set(waiter, moved);
}

/** What was in the waiter has been sent, or not. */
export function settleMoved(waiter: number, sent: boolean): void {
  if (waiting.size === 0) return;
  const moved = waiting.get(waiter);
  waiting.delete(waiter);
  if (sent && moved !== undefined) detach(moved);
}
