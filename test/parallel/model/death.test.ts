// A thread dies between any two of its steps, and is swept up: what it had not taken is not lost, and nobody waits for it.

import { test } from "node:test";
import { Channels, type Flaw } from "./channels.js";
import { type Model, proves, refutes } from "./explorer.js";

/** A receiver dies; another takes all that is left. */
function receiverDies(cap: number, flaw?: Flaw): Model {
  const c = new Channels({ caps: [cap], threads: 3, values: 3, flaw });
  c.thread(0, [c.recv(0), c.recv(0)], 1);
  c.thread(1, [c.send(0, 1), c.send(0, 2), c.send(0, 3), c.after(0), c.close(0)]);
  c.thread(2, [c.recv(0, true)]);
  c.mayDie(0);
  return c.model;
}

/** A sender dies; what it has sent arrives. */
function senderDies(cap: number, flaw?: Flaw): Model {
  const c = new Channels({ caps: [cap], threads: 3, values: 3, flaw });
  c.thread(0, [c.send(0, 1), c.send(0, 2)], 1);
  c.thread(1, [c.send(0, 3), c.after(0), c.close(0)]);
  c.thread(2, [c.recv(0, true)]);
  c.mayDie(0);
  return c.model;
}

/** One that selects among two channels dies, perhaps with the locks of both. */
function selectDies(caps: readonly number[], flaw?: Flaw): Model {
  const c = new Channels({ caps, threads: 3, values: 3, flaw });
  const both = c.select({ chan: 0 }, { chan: 1 });
  c.thread(0, [both, c.select({ chan: 1, value: 3 }, { chan: 0 })], 1);
  c.thread(1, [c.send(0, 1), c.send(1, 2), c.after(0), c.close(0), c.close(1)]);
  c.thread(2, [both, both, both, c.recv(0, true), c.recv(1, true)]);
  c.mayDie(0);
  return c.model;
}

/** One that closes two channels dies; somebody waits to receive, somebody to send. */
function closerDies(flaw?: Flaw): Model {
  const c = new Channels({ caps: [0, 0], threads: 4, values: 1, flaw });
  c.thread(0, [c.close(0), c.close(1)]);
  c.thread(1, [c.recv(0)], 1);
  c.thread(2, [c.send(1, 1)], 1);
  c.thread(3, [c.after(0), c.close(0), c.close(1)]);
  c.mayDie(0);
  return c.model;
}

test("a receiver that dies loses nothing but what it has taken", () => {
  for (const [cap, states] of [23_222, 20_198, 16_675].entries()) proves(receiverDies(cap), states);
});

test("what a sender has sent before it died arrives, and what it had not sent does not", () => {
  for (const [cap, states] of [11_305, 8735, 3798].entries()) proves(senderDies(cap), states);
});

test("a select that dies leaves no lock behind and no waiter", () => {
  proves(selectDies([0, 0]), 181_075);
  proves(selectDies([0, 1]), 129_814);
});

test("what the dead began to close is closed, for all who wait", () => {
  proves(closerDies(), 44_824);
});

test("the explorer finds what each part of the sweep is there for", () => {
  refutes(senderDies(0, "nobody is kicked after a death"), "a goroutine is stuck");
  refutes(receiverDies(0, "the mail of the dead is thrown away"), "a value is lost");
  refutes(receiverDies(0, "mail is returned before the queues are swept"), "a value is lost");
  refutes(selectDies([0, 0], "a lock of the dead stays held"), "a goroutine is stuck");
  const onTheWay: Flaw = "the locks of the dead are freed one by one, on the way";
  refutes(selectDies([0, 0], onTheWay), "a goroutine is stuck");
  refutes(closerDies("nobody ends what the dead began to close"), "a goroutine is stuck");
});
