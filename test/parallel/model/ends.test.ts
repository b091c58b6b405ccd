// The two ends of a channel with a buffer, which have a lock each: no wake-up is lost, no value lost or doubled, and none overtakes.

import { test } from "node:test";
import { ends, type Flaw, type Op, type Setting } from "./ends.js";
import { proves, refutes } from "./explorer.js";

/** Two senders, one of which closes the channel in the end, and two receivers. */
const two: readonly (readonly Op[])[] = [[1, 2], [3, "close"], ["range"], ["range"]];

/** One that receives so may die; another takes all that is left. */
function receiverDies(cap: number, how: "receive" | "select"): Setting {
  return { cap, threads: [[how, how], [1, 2], [3, { after: 0 }, "close"], ["range"]], cancels: [0], dies: 0 };
}

/** Somebody asks for the length while values pass. */
const measured: Setting = { cap: 1, threads: [[1, 2], [3], ["receive", "receive"], ["receive"]], looks: true };

test("two senders, two receivers and a close: every value arrives or comes back, in order, and everybody goes on", () => {
  for (const [i, states] of [36_850, 46_970].entries()) proves(ends({ cap: i + 1, threads: two }), states);
});

test("also when a sender and a receiver give up, or both senders, or both receivers", () => {
  for (const [i, states] of [138_390, 126_946].entries()) {
    proves(ends({ cap: i + 1, threads: two, cancels: [0, 2] }), states);
  }
  proves(ends({ cap: 1, threads: two, cancels: [0, 1] }), 101_273);
  proves(ends({ cap: 1, threads: two, cancels: [2, 3] }), 153_823);
});

test("the length is one that there was", () => {
  proves(ends(measured), 117_304);
});

test("a receiver that dies loses nothing but what it has taken, and leaves no lock behind", () => {
  for (const [i, states] of [338_400, 385_680].entries()) proves(ends(receiverDies(i + 1, "receive")), states);
  proves(ends(receiverDies(1, "select")), 359_473);
});

test("what a sender has sent before it died arrives, and it leaves no lock behind", () => {
  const threads: Setting["threads"] = [[1, 2], [3, { after: 0 }, "close"], ["range"], ["range"]];
  for (const [i, states] of [149_857, 111_948].entries()) {
    proves(ends({ cap: i + 1, threads, cancels: [0], dies: 0 }), states);
  }
});

test("what the dead began to close is closed", () => {
  proves(ends({ cap: 1, threads: [["close"], [1, 2], [3, { after: 0 }, "close"], ["range"]], dies: 0 }), 104_783);
});

test("the explorer finds what each step comes to that is done wrong", () => {
  const find = (flaw: Flaw, problem: string, setting: Setting = { cap: 1, threads: two }) =>
    refutes(ends({ ...setting, flaw }), problem);
  find("a sender parks with its own lock only", "more has been received than sent");
  find("a sender that has both locks does not look again", "more has been received than sent");
  find("a receiver does not ask whether senders wait", "more has been received than sent");
  find("who hands over does not say what has been sent", "more has been received than sent");
  find("who hands over does not say what has been received", "there is more in the buffer than fits");
  find("who hands over sends before it receives", "there is more in the buffer than fits", measured);
  find("the length is read without looking again", "the length is impossible", measured);
  const overtakes = "values of one sender overtake each other";
  find("a value is put back with one lock", overtakes, receiverDies(1, "receive"));
  find("LOCK of the dead stays held", "a goroutine is stuck", receiverDies(1, "receive"));
  find("RECV_LOCK of the dead stays held", "a goroutine is stuck", receiverDies(1, "select"));
});
