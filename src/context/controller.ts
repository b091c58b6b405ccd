// What stands behind a context's signal.

import { builtin } from "../internal/host/host.js";

interface Events {
  setMaxListeners?(n: number, target: EventTarget): void;
}

let events: Events | undefined;

/** A controller whose signal may have any number of listeners: Node 20 warns of a leak from the eleventh on. */
export function newController(): AbortController {
  const controller = new AbortController();
  events ??= (builtin("node:events") as Events | undefined) ?? {};
  events.setMaxListeners?.(0, controller.signal);
  return controller;
}
