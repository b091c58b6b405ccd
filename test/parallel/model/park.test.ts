// How a thread parks and is woken (thread.ts and wasm/waiter.ts): no letter lies in a mailbox for ever while its owner sleeps.
//
// The owner turns, sleeps, and falls asleep as thread.ts has it; the host's waitAsync is a list of at most one, and the promise
// that fires. The senders deliver and kick as waiter.ts does, one atomic instruction a step; a third thread kicks and brings
// nothing, as one does that has submitted a task.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Model, proves, refutes, type State, type Steps } from "./explorer.js";

const [RUN, PARK, SLEEP, BLOCK] = [1, 2, 3, 4];

type Flaw =
  | "looks into the mailbox before it says that it sleeps"
  | "reads the state before it pushes"
  | "waits without comparing"
  | "takes itself for armed after it was notified"
  | "does not look after it was blocked"
  | "does not wait for the link"
  | "notifies before it says run";

interface Setting {
  /** How many letters each sender sends. */
  readonly letters: readonly number[];
  /** Whether the event loop of the owner becomes empty. Otherwise something holds it, as a timer does. */
  readonly empties: boolean;
  /** How often the owner looks because of what happens in its own thread; and how often it blocks there. */
  readonly own?: number;
  readonly blocks?: number;
  readonly kicks?: number;
  readonly flaw?: Flaw;
}

function parking({ letters, empties, own = 0, blocks = 0, kicks = 0, flaw }: Setting): Model {
  const m = new Model();
  const all = letters.reduce((a, b) => a + b, 0);
  const state = m.word("state", RUN);
  const mail = m.word("mail");
  const link = m.words("link", all + 1, -1);
  const listed = m.word("waitAsync listed"); // by the host
  const fired = m.word("waitAsync fired"); // its promise is resolved
  const armed = m.word("#armed");
  const asleep = m.word("asleep");
  const chain = m.word("letters taken");
  const got = m.word("letters got");
  const owns = m.word("own events left", own);
  const syncs = m.word("blocking operations left", blocks);
  const late = flaw === "looks into the mailbox before it says that it sleeps";

  const park = late ? "look into the mailbox" : "say that it sleeps";
  m.actor("owner", {
    look: (s) => {
      s[state] = RUN;
      s[asleep] = 0;
      return "turn";
    },
    // As long as there is nothing it may turn any number of times, which changes nothing, and then lose its patience.
    turn: [
      (s) => (s[mail] === 0 ? undefined : "take"),
      (s) => {
        if (s[mail] !== 0) return undefined;
        return s[got] === all ? "has everything" : park;
      },
    ],
    take: (s) => {
      s[chain] = s[mail] as number;
      s[mail] = 0;
      return "read a link";
    },
    "read a link": (s) => {
      let before = s[link + (s[chain] as number)] as number;
      if (before === -1) {
        if (flaw !== "does not wait for the link") return undefined;
        before = 0;
      }
      s[got] = (s[got] as number) + 1;
      s[chain] = before;
      return before === 0 ? "turn" : "read a link";
    },
    "say that it sleeps": (s) => {
      s[state] = s[asleep] === 1 ? SLEEP : PARK;
      return late ? "arm" : "look into the mailbox";
    },
    "look into the mailbox": (s) => {
      if (s[mail] !== 0) return "look";
      return late ? "say that it sleeps" : "arm";
    },
    arm: (s) => {
      if (s[armed] === 1) return "event loop";
      const compares = flaw !== "waits without comparing";
      if (compares && s[state] !== (s[asleep] === 1 ? SLEEP : PARK)) return "look";
      s[listed] = s[armed] = 1;
      return "event loop";
    },
    "event loop": [
      (s) => {
        if (s[fired] === 0) return undefined;
        s[fired] = 0;
        if (flaw !== "takes itself for armed after it was notified") s[armed] = 0;
        return "look";
      },
      (s) => {
        if (!empties || s[asleep] === 1) return undefined;
        s[asleep] = 1;
        return park;
      },
      (s) => {
        if (s[owns] === 0) return undefined;
        s[owns] = (s[owns] as number) - 1;
        return "look";
      },
      (s) => {
        if (s[syncs] === 0) return undefined;
        s[syncs] = (s[syncs] as number) - 1;
        s[state] = BLOCK;
        return "blocked";
      },
    ],
    blocked: (s) => {
      s[state] = RUN;
      return flaw === "does not look after it was blocked" ? "event loop" : "look";
    },
    "has everything": () => undefined,
  });

  const kick = (was: number, next: (s: State) => string): Steps => ({
    "read the state": (s) => {
      s[was] = s[state] as number;
      return s[was] === PARK || s[was] === SLEEP ? "say run" : next(s);
    },
    "say run": (s) => {
      if (s[state] !== s[was]) return next(s);
      if (flaw === "notifies before it says run") return notify(s, "say run at last");
      s[state] = RUN;
      return "notify";
    },
    "say run at last": (s) => {
      if (s[state] === s[was]) s[state] = RUN;
      return next(s);
    },
    notify: (s) => notify(s, next(s)),
  });
  const notify = (s: State, next: string): string => {
    if (s[listed] === 1) {
      s[listed] = 0;
      s[fired] = 1;
    }
    return next;
  };

  let first = 1;
  letters.forEach((count, i) => {
    const letter = m.word(`letter of sender ${i}`, first);
    const last = (first += count) - 1;
    const before = m.word(`before the letter of sender ${i}`);
    const was = m.word(`state seen by sender ${i}`);
    const early = flaw === "reads the state before it pushes";
    const next = (s: State) => {
      s[before] = s[was] = 0;
      if (s[letter] === last) return "done";
      s[letter] = (s[letter] as number) + 1;
      return early ? "read the state too early" : "push";
    };
    m.actor(`sender ${i}`, {
      ...(early && {
        "read the state too early": (s) => {
          s[was] = s[state] as number;
          return "push";
        },
      }),
      push: (s) => {
        s[before] = s[mail] as number;
        s[mail] = s[letter] as number;
        return "link";
      },
      link: (s) => {
        s[link + (s[letter] as number)] = s[before] as number;
        if (!early) return "read the state";
        return s[was] === PARK || s[was] === SLEEP ? "say run" : next(s);
      },
      ...kick(was, next),
      done: () => undefined,
    });
  });
  if (kicks > 0) {
    const left = m.word("kicks left", kicks);
    const was = m.word("state seen by the kicker");
    const next = (s: State) => {
      s[was] = 0;
      s[left] = (s[left] as number) - 1;
      return s[left] > 0 ? "read the state" : "done";
    };
    m.actor("kicker", { ...kick(was, next), done: () => undefined });
  }
  m.atRest((s) => s[mail] !== 0 && "a letter lies in the mailbox while its owner sleeps");
  m.atRest((s) => s[got] !== all && "a letter is lost");
  return m;
}

test("every letter is read, whether something holds the owner's event loop or it becomes empty", () => {
  proves(parking({ letters: [2, 2], empties: false }), 20_058);
  proves(parking({ letters: [2, 2], empties: true }), 106_506);
});

test("also when the owner wakes by itself in between, and when it is kicked for nothing", () => {
  proves(parking({ letters: [1, 1], empties: true, own: 1, kicks: 1 }), 49_214);
  proves(parking({ letters: [2, 1], empties: false, own: 1, kicks: 1 }), 57_795);
});

test("also when the owner blocks its thread in between", () => {
  proves(parking({ letters: [2, 1], empties: false, own: 1, blocks: 1, kicks: 1 }), 142_850);
});

test("the explorer finds the letter that is lost by each step that is done wrong", () => {
  const asleep = "a letter lies in the mailbox while its owner sleeps";
  const find = (flaw: Flaw, problem = asleep) =>
    refutes(parking({ letters: [1, 1], empties: false, blocks: 1, flaw }), problem);
  find("reads the state before it pushes");
  find("waits without comparing");
  find("takes itself for armed after it was notified");
  find("does not look after it was blocked");
  find("does not wait for the link", "a letter is lost");
  find("notifies before it says run");
});

test("a counter-example is the shortest there is, step by step", () => {
  const flaw: Flaw = "looks into the mailbox before it says that it sleeps";
  const trace = refutes(
    parking({ letters: [1], empties: false, flaw }),
    "a letter lies in the mailbox while its owner sleeps",
  );
  assert.deepEqual(trace.split("\n"), [
    "owner: look",
    "owner: turn",
    "owner: look into the mailbox",
    "sender 0: push   (mail = 1)",
    "sender 0: link   (link[1] = 0)",
    "sender 0: read the state",
    "owner: say that it sleeps   (state = 2)",
    "owner: arm   (waitAsync listed = 1, #armed = 1)",
  ]);
});
