// Channels and select between threads: no wake-up is lost, no value is lost or doubled, and a select does one of its cases.

import { test } from "node:test";
import { Channels, type Flaw } from "./channels.js";
import { type Model, proves, refutes } from "./explorer.js";

/** Two senders, one of which closes the channel in the end, and a receiver. */
function twoSenders(cap: number, cancels: number, flaw?: Flaw): Model {
  const c = new Channels({ caps: [cap], threads: 3, values: 3, flaw });
  c.thread(0, [c.send(0, 1), c.send(0, 3)], cancels);
  c.thread(1, [c.send(0, 2), c.close(0)], cancels);
  c.thread(2, [c.recv(0, true)], cancels);
  return c.model;
}

/** Two senders on two channels, and selects that receive from both until there is nothing more. */
function selectReceives(caps: readonly number[], cancels: number, flaw?: Flaw): Model {
  const c = new Channels({ caps, threads: 3, values: 3, flaw });
  c.thread(0, [c.send(0, 1), c.send(0, 3)], cancels);
  c.thread(1, [c.send(1, 2)], cancels);
  const both = c.select({ chan: 0 }, { chan: 1 });
  c.thread(2, [both, c.select({ chan: 1 }, { chan: 0 }), both], cancels);
  return c.model;
}

/** Two selects, each of which sends what the other receives; and one more receiver, until all is closed. */
function selectsMeet(cap: number, cancels: number, flaw?: Flaw): Model {
  const c = new Channels({ caps: [cap, cap], threads: 3, values: 2, flaw });
  c.thread(0, [c.select({ chan: 0, value: 1 }, { chan: 1 }), c.close(0)], cancels);
  c.thread(1, [c.select({ chan: 1, value: 2 }, { chan: 0 }), c.close(1)], cancels);
  c.thread(2, [c.recv(0, true), c.recv(1, true)], cancels);
  return c.model;
}

/** A channel is closed while two wait to send, one of them in a select. */
function closes(cancels: number, flaw?: Flaw): Model {
  const c = new Channels({ caps: [0, 1], threads: 3, values: 3, flaw });
  c.thread(0, [c.send(0, 1), c.recv(1, true)], cancels);
  c.thread(1, [c.select({ chan: 0, value: 2 }, { chan: 0 }), c.send(1, 3), c.close(1)], cancels);
  c.thread(2, [c.close(0)]);
  return c.model;
}

test("two senders, a receiver and a close: every value arrives or comes back, and everybody goes on", () => {
  for (const [cap, states] of [2329, 2159, 1545].entries()) proves(twoSenders(cap, 0), states);
});

test("also when contexts that are done race with them", () => {
  for (const [cap, states] of [25_102, 17_825, 6086].entries()) proves(twoSenders(cap, 1), states);
});

test("a select receives from one of its channels, whoever sends, and whether or not its context is done", () => {
  proves(selectReceives([0, 0], 0), 2175);
  proves(selectReceives([0, 1], 0), 1622);
  proves(selectReceives([0, 0], 1), 24_788);
  proves(selectReceives([0, 1], 1), 8955);
});

test("two selects that send to each other do one case each", () => {
  for (const [cap, states] of [47_946, 2586].entries()) proves(selectsMeet(cap, 1), states);
});

test("a close wakes everybody who waits, in a select or not", () => {
  proves(closes(1), 9575);
});

test("the explorer finds what each step comes to that is done wrong", () => {
  refutes(selectReceives([0, 0], 0, "does not ask for the claim"), "a goroutine is stuck");
  refutes(twoSenders(0, 1, "a context does not ask for the claim"), "a value is delivered twice");
  refutes(twoSenders(0, 0, "does not ring"), "a goroutine is stuck");
  refutes(selectReceives([0, 0], 0, "select enters the queues one after the other"), "a goroutine is stuck");
  refutes(closes(0, "close wakes only receivers"), "a goroutine is stuck");
});
