// Idle processors: no task stays in a queue while processors sleep that could run it.

import { test } from "node:test";
import { proves, refutes } from "./explorer.js";
import { type Flaw, processors, type Setting } from "./processors.js";

/** One may be too many: the third has begun a task, which submits another, and the first sleeps. */
const tooMany: Setting = {
  tasks: 1,
  procs: 3,
  later: 1,
  alive: 3,
  submits: "later",
  has: 3,
  sleeps: 1,
  empties: false,
};

test("every task runs, whether something holds the event loops of the processors or they become empty", () => {
  proves(processors({ tasks: 3, procs: 1, alive: 1, empties: false }), 3_189);
  proves(processors({ tasks: 3, procs: 1, alive: 1, empties: true }), 10_026);
  proves(processors({ tasks: 3, procs: 2, alive: 2, empties: false }), 360_036);
  proves(processors({ tasks: 2, procs: 2, alive: 1, empties: true }), 170_543);
});

test("also when one blocks its thread until the others have run, or computes for as long", () => {
  proves(processors({ tasks: 2, procs: 1, alive: 1, blocks: "at once", empties: false }), 10_507);
  proves(processors({ tasks: 2, procs: 2, alive: 2, blocks: "later", empties: false }), 283_089);
  proves(processors({ tasks: 2, procs: 2, alive: 1, computes: true, empties: false }), 16_173);
  proves(processors({ tasks: 2, procs: 2, alive: 2, computes: true, empties: false }), 50_491);
});

test("also when what blocks a processor that seeks is no task", () => {
  proves(processors({ tasks: 2, procs: 1, alive: 1, blocks: "outside", empties: false }), 15_072);
  proves(processors({ tasks: 1, procs: 2, alive: 2, blocks: "outside", empties: false }), 27_583);
});

test("also what tasks submit", () => {
  proves(processors({ tasks: 1, procs: 2, alive: 2, submits: "at once", empties: false }), 32_342);
  proves(processors({ tasks: 1, procs: 2, alive: 2, submits: "later", empties: false }), 53_521);
});

test("also when gomaxprocs is lowered, and processors retire, or cannot", () => {
  proves(processors({ tasks: 1, procs: 2, later: 1, alive: 2, empties: true }), 533_112);
  proves(processors({ tasks: 2, procs: 2, later: 1, alive: 2, pinned: true, empties: false }), 578_786);
  proves(processors({ tasks: 1, procs: 2, later: 1, alive: 2, submits: "later", empties: false }), 467_813);
  proves(processors(tooMany), 852_334);
});

test("also when processors retire because there has been nothing to do", () => {
  proves(processors({ tasks: 2, procs: 1, alive: 1, lulls: true, empties: true }), 47_528);
  proves(processors({ tasks: 1, procs: 2, alive: 2, lulls: true, empties: true }), 92_223);
});

test("also when a processor dies", () => {
  proves(processors({ tasks: 2, procs: 1, alive: 1, dies: 1, empties: false }), 13_560);
  proves(processors({ tasks: 2, procs: 2, alive: 2, dies: 1, empties: false }), 307_491);
  proves(processors({ tasks: 1, procs: 2, alive: 2, dies: 1, submits: "at once", empties: false }), 118_894);
});

test("the explorer finds the task that nobody runs for each step that is done wrong", () => {
  const find = (flaw: Flaw, setting: Partial<Setting>) => {
    const one: Setting = { tasks: 2, procs: 1, alive: 1, empties: false };
    refutes(processors({ ...one, ...setting, flaw }), "a task waits, and nobody runs it");
  };
  find("looks for tasks before it says that it sleeps", {});
  find("gives up if the first that is idle cannot be woken", { procs: 2, alive: 2, blocks: "later" });
  find("all count themselves as surplus", { tasks: 1, procs: 2, later: 1, alive: 2, submits: "later" });
  find("wakes before it submits", {});
  find("does not look after one has ended", { lulls: true, empties: true });
  find("a seeker stops counting after its last look", {});
  find("who has found a task wakes no other", { procs: 2, computes: true });
  find("the main thread does not ask again", {});
  find("a surplus processor is content with what it has submitted", tooMany);
  find("a seeker that is one too many just sleeps", tooMany);
  find("a seeker blocks", { blocks: "outside" });
  find("the dead go on seeking", { dies: 1 });
});
