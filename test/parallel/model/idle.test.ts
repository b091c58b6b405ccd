// Idle processors (processor.ts, pool.ts, wasm/task.ts): no task stays in a queue while all processors sleep.
//
// The main thread submits tasks, wakes a processor or starts one, and may lower gomaxprocs; the processors take tasks, sleep, fall
// asleep and retire. The first task may block its thread until all others have run. The mailbox and the host's waitAsync are as
// park.test.ts has shown them to be: here, who is kicked runs on. All queues are one.

import { test } from "node:test";
import { Model, proves, refutes, type State, type Step, type Steps } from "./explorer.js";

const [FREE, RUN, PARK, SLEEP, BLOCK, RETIRED, BORN] = [0, 1, 2, 3, 4, 6, 7];

type Flaw =
  | "looks for tasks before it says that it sleeps"
  | "gives up if the first that is idle cannot be woken"
  | "all count themselves as surplus"
  | "wakes before it submits"
  | "does not look after one has ended";

interface Setting {
  readonly tasks: number;
  /** gomaxprocs, in the beginning and, if it is lowered after the first task, later. */
  readonly procs: number;
  readonly later?: number;
  /** How many processors there are in the beginning; there may be two. */
  readonly alive: number;
  /** The first task blocks its thread, at once or after having waited for something else. */
  readonly blocks?: "at once" | "later";
  /** The processors have goroutines that wait, so that they cannot retire. */
  readonly pinned?: boolean;
  /** A processor that has fallen asleep retires after a while, even if it is not one too many. */
  readonly lulls?: boolean;
  /** Whether event loops become empty. */
  readonly empties: boolean;
  readonly flaw?: Flaw;
}

function processors(setting: Setting): Model {
  const { tasks, procs, later, alive: born, blocks, pinned = false, lulls = false, empties, flaw } = setting;
  const m = new Model();
  const queue = m.word("tasks in the queue");
  const blocker = m.word("the first task blocks", blocks === undefined ? 0 : 1);
  const ran = m.word("tasks that have run");
  const bits = m.word("idle bits");
  const wants = m.word("gomaxprocs", procs);
  const alive = m.word("alive", born);
  const starting = m.word("starting");
  const blocked = m.word("blocked threads");
  const asked = m.word("note to the main thread");
  const gone = m.word("ended, and not yet seen");
  const state = m.word("state of P0", RUN);
  for (const p of [1, 2]) m.word(`state of P${p}`, p <= born ? RUN : FREE);
  const fired = m.words("notified", 3);
  const armed = m.words("armed", 3);

  const get = (s: State, at: number) => s[at] as number;
  const add = (s: State, at: number, n: number) => void (s[at] = get(s, at) + n);
  const wanted = (s: State) => get(s, wants) + get(s, blocked);
  const lowest = (n: number) => 31 - Math.clz32(n & -n);

  /** kick: `was` is a word of who kicks. */
  const kick = (name: string, whom: (s: State) => number, was: number, done: string, not: string): Steps => ({
    [`${name}: read the state`]: (s) => {
      s[was] = get(s, state + whom(s));
      if (s[was] === PARK || s[was] === SLEEP) return `${name}: kick`;
      s[was] = 0;
      return not;
    },
    [`${name}: kick`]: (s) => {
      const p = whom(s);
      const same = s[state + p] === s[was];
      s[was] = 0;
      if (!same) return not;
      s[state + p] = RUN;
      if (s[armed + p] === 1) s[fired + p] = 1;
      return done;
    },
  });

  /** wakeProcessor. */
  const wake = (name: string, who: string, me: number, done: string, not: string): Steps => {
    const bit = m.word(`${name}: chosen by ${who}`);
    const was = m.word(`${name}: state seen by ${who}`);
    const failed = flaw === "gives up if the first that is idle cannot be woken" ? not : name;
    return {
      [name]: (s) => {
        if (s[bits] === 0) {
          s[bit] = 0;
          return not;
        }
        s[bit] = lowest(get(s, bits));
        return `${name}: take the bit`;
      },
      [`${name}: take the bit`]: (s) => {
        const mask = 1 << get(s, bit);
        if ((get(s, bits) & mask) === 0) {
          s[bit] = 0;
          return done; // somebody else has just woken it
        }
        add(s, bits, -mask);
        if (s[bit] !== me) return `${name}: read the state`;
        s[bit] = 0;
        return failed;
      },
      ...kick(name, (s) => get(s, bit), was, done, failed),
    };
  };

  // The main thread: its submits, and what happens to it between them.
  const left = m.word("submits left", tasks);
  const early = flaw === "wakes before it submits";
  const submitted = (s: State): string => {
    add(s, left, -1);
    return later !== undefined && get(s, left) === tasks - 1 ? "lower gomaxprocs" : "event loop";
  };
  const grow: Step = (s) => {
    if (get(s, alive) < wanted(s) && get(s, starting) < Math.max(get(s, queue), 1)) {
      const number = [1, 2].find((p) => s[state + p] === FREE);
      if (number !== undefined) {
        s[state + number] = BORN;
        add(s, starting, 1);
        add(s, alive, 1);
      }
    }
    return "event loop";
  };
  const looked = m.word("state seen by gomaxprocs");
  m.actor("main", {
    "event loop": [
      (s) => {
        if (s[left] === 0) return undefined;
        if (!early) add(s, queue, 1);
        const next = early ? "submit: wake" : submitted(s);
        return next === "event loop" ? "submit: wake" : next;
      },
      (s) => {
        if (s[asked] === 0) return undefined;
        s[asked] = 0;
        return "grow";
      },
      (s) => {
        if (s[gone] === 0) return undefined;
        s[state + get(s, gone)] = FREE;
        s[gone] = 0;
        return flaw === "does not look after one has ended" ? "event loop" : "ended: kick 1: read the state";
      },
    ],
    "lower gomaxprocs": (s) => {
      s[wants] = later as number;
      return "lowered: kick 1: read the state";
    },
    ...kick("lowered: kick 1", () => 1, looked, "lowered: kick 2: read the state", "lowered: kick 2: read the state"),
    ...kick("lowered: kick 2", () => 2, looked, "submit: wake", "submit: wake"),
    ...kick("ended: kick 1", () => 1, looked, "ended: kick 2: read the state", "ended: kick 2: read the state"),
    ...kick("ended: kick 2", () => 2, looked, "ended: wake", "ended: wake"),
    "ended: wake": (s) => (s[queue] === 0 ? "event loop" : "submit: wake"),
    ...wake("submit: wake", "main", 0, early ? "submit too late" : "event loop", early ? "submit too late" : "grow"),
    "submit too late": (s) => {
      if (get(s, left) > 0) add(s, queue, 1);
      return get(s, left) > 0 ? submitted(s) : "event loop";
    },
    grow,
  });

  for (const p of [1, 2]) {
    const me = `P${p}`;
    const asleep = m.word(`${me} asleep`);
    const waits = m.word(`${me} has a goroutine that will block`);
    const own = 1 << p;
    const setIdle = (s: State, is: boolean) => void (s[bits] = is ? get(s, bits) | own : get(s, bits) & ~own);
    const surplus = (s: State) => {
      if (get(s, alive) <= wanted(s)) return false;
      if (flaw === "all count themselves as surplus") return true;
      const before = p === 2 && [BORN, RUN, PARK, SLEEP].includes(get(s, state + 1)) ? 1 : 0;
      return before >= get(s, wants);
    };
    const lastLook = flaw === "looks for tasks before it says that it sleeps";
    const rest = lastLook ? "say that it is idle" : "say that it sleeps";
    m.actor(me, {
      unborn: (s) => {
        if (s[state + p] === FREE || s[state + p] === RETIRED) return undefined;
        if (s[state + p] === BORN) add(s, starting, -1);
        return "look";
      },
      look: (s) => {
        s[state + p] = RUN;
        s[asleep] = 0;
        return "turn";
      },
      turn: [
        (s) => (get(s, queue) > 0 && !surplus(s) ? "take a task" : undefined),
        (s) => (get(s, queue) === 0 || surplus(s) ? rest : undefined),
      ],
      "take a task": (s) => {
        if (s[queue] === 0) return "turn";
        add(s, queue, -1);
        if (s[blocker] === 0) return "say that it is not idle";
        s[blocker] = 0;
        s[waits] = blocks === "at once" ? 1 : 2;
        return "say that it is not idle";
      },
      "say that it is not idle": (s) => {
        setIdle(s, false);
        return get(s, queue) > 0 ? "wake another" : "run";
      },
      ...wake("wake another", me, p, "run", "ask: wake another"),
      "ask: wake another": (s) => {
        if (get(s, alive) < wanted(s) && s[starting] === 0) s[asked] = 1;
        return "run";
      },
      run: (s) => {
        if (s[waits] === 1) return "block";
        if (s[waits] === 2) s[waits] = 3;
        else add(s, ran, 1);
        return "turn";
      },
      block: (s) => {
        s[state + p] = BLOCK;
        s[waits] = 0;
        return "count itself as blocked";
      },
      "count itself as blocked": (s) => {
        add(s, blocked, 1);
        return "are there tasks?";
      },
      "are there tasks?": (s) => (get(s, queue) > 0 ? "blocked: wake another" : "blocked"),
      ...wake("blocked: wake another", me, p, "blocked", "blocked: ask"),
      "blocked: ask": (s) => {
        if (get(s, alive) < wanted(s) && s[starting] === 0) s[asked] = 1;
        return "blocked";
      },
      blocked: (s) => {
        if (get(s, ran) < tasks - 1) return undefined;
        add(s, blocked, -1);
        add(s, ran, 1);
        return "look";
      },
      "say that it sleeps": (s) => {
        s[state + p] = s[asleep] === 1 ? SLEEP : PARK;
        return lastLook ? "arm" : "say that it is idle";
      },
      "say that it is idle": (s) => {
        setIdle(s, true);
        return "look for tasks";
      },
      "look for tasks": (s) => {
        if (get(s, queue) > 0 && !surplus(s)) return "not idle after all";
        return lastLook ? "say that it sleeps" : "arm";
      },
      "not idle after all": (s) => {
        setIdle(s, false);
        return "look";
      },
      arm: (s) => {
        if (s[armed + p] === 0) {
          if (s[state + p] === RUN) return "look";
          s[armed + p] = 1;
        }
        return s[asleep] === 1 && surplus(s) ? "retire" : "event loop";
      },
      "event loop": [
        (s) => {
          if (s[fired + p] === 0) return undefined;
          s[fired + p] = s[armed + p] = 0;
          return "look";
        },
        (s) => {
          if (!empties || s[asleep] === 1 || s[waits] === 3) return undefined;
          s[asleep] = 1;
          return rest;
        },
        (s) => (s[waits] === 3 ? "block" : undefined),
        (s) => {
          if (!lulls || pinned || s[asleep] === 0 || s[waits] !== 0) return undefined;
          add(s, alive, -1);
          return "retire: take the bit";
        },
      ],
      retire: (s) => {
        if (pinned || get(s, alive) <= wanted(s)) return "event loop";
        add(s, alive, -1);
        return "retire: take the bit";
      },
      "retire: take the bit": (s) => {
        const had = (get(s, bits) & own) !== 0;
        setIdle(s, false);
        if (!had) {
          add(s, alive, 1);
          return "event loop";
        }
        s[state + p] = RETIRED;
        s[asleep] = s[armed + p] = s[fired + p] = 0;
        s[gone] = p;
        return "unborn";
      },
    });
  }
  m.atRest((s) => s[ran] !== tasks && "a task waits, and nobody runs it");
  return m;
}

test("every task runs, whether something holds the event loops of the processors or they become empty", () => {
  proves(processors({ tasks: 3, procs: 1, alive: 1, empties: false }), 852);
  proves(processors({ tasks: 3, procs: 1, alive: 1, empties: true }), 2975);
  proves(processors({ tasks: 3, procs: 2, alive: 2, empties: false }), 67_929);
  proves(processors({ tasks: 2, procs: 2, alive: 1, empties: true }), 68_542);
});

test("also when one blocks its thread until the others have run", () => {
  proves(processors({ tasks: 2, procs: 1, alive: 1, blocks: "at once", empties: false }), 3244);
  proves(processors({ tasks: 2, procs: 2, alive: 2, blocks: "later", empties: false }), 87_544);
  proves(processors({ tasks: 2, procs: 1, alive: 2, blocks: "later", empties: true }), 207_585);
});

test("also when gomaxprocs is lowered, and processors retire, or cannot", () => {
  proves(processors({ tasks: 1, procs: 2, later: 1, alive: 2, empties: true }), 101_338);
  proves(processors({ tasks: 2, procs: 2, later: 1, alive: 2, pinned: true, empties: true }), 321_314);
});

test("also when processors retire because there has been nothing to do", () => {
  proves(processors({ tasks: 2, procs: 1, alive: 1, lulls: true, empties: true }), 12_518);
  proves(processors({ tasks: 1, procs: 2, alive: 2, lulls: true, empties: true }), 26_466);
});

test("the explorer finds the task that nobody runs for each step that is done wrong", () => {
  const find = (flaw: Flaw, setting: Omit<Setting, "flaw" | "tasks">) =>
    refutes(processors({ tasks: 2, ...setting, flaw }), "a task waits, and nobody runs it");
  find("looks for tasks before it says that it sleeps", { procs: 1, alive: 1, empties: false });
  find("gives up if the first that is idle cannot be woken", { procs: 1, alive: 2, blocks: "later", empties: false });
  find("all count themselves as surplus", { procs: 2, later: 1, alive: 2, pinned: true, empties: true });
  find("wakes before it submits", { procs: 1, alive: 1, empties: false });
  find("does not look after one has ended", { procs: 1, alive: 1, lulls: true, empties: true });
});
