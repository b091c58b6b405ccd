// Processors that have nothing to do, and who wakes them (processor.ts, pool.ts, wasm/task.ts), as a model for the explorer.
//
// The main thread submits tasks, wakes a processor or starts one, and may lower gomaxprocs; the processors seek, take tasks, sleep,
// fall asleep, retire and die. The first task may block its thread until all others have run, or submit one more. The mailbox and
// the host's waitAsync are as park.test.ts has shown them to be: here, who is kicked runs on. There are two queues: the ring of
// the main thread, and what processors have submitted. Whether a submitter wakes somebody or asks later is left to chance.

import { Model, type State, type Step, type Steps } from "./explorer.js";

const [FREE, RUN, PARK, SLEEP, BLOCK, DEAD, RETIRED, BORN] = [0, 1, 2, 3, 4, 5, 6, 7];

export type Flaw =
  | "looks for tasks before it says that it sleeps"
  | "gives up if the first that is idle cannot be woken"
  | "all count themselves as surplus"
  | "wakes before it submits"
  | "does not look after one has ended"
  | "a seeker stops counting after its last look"
  | "who has found a task wakes no other"
  | "the main thread does not ask again"
  | "a surplus processor is content with what it has submitted"
  | "a seeker that is one too many just sleeps"
  | "a seeker blocks"
  | "the dead go on seeking";

export interface Setting {
  readonly tasks: number;
  /** gomaxprocs, in the beginning and, if it is lowered after the first task, later. */
  readonly procs: number;
  readonly later?: number;
  /** How many processors there are in the beginning; there may always be two. */
  readonly alive: number;
  /**
   * The first task blocks its thread, at once or after having waited for something else; or something that is no task does, as a
   * timer's callback may.
   */
  readonly blocks?: "at once" | "later" | "outside";
  /** The first task computes until all others have run. */
  readonly computes?: boolean;
  /** The first task submits another, at once or after having waited for something else. */
  readonly submits?: "at once" | "later";
  /** This processor has begun the first task, and waits; this one sleeps. */
  readonly has?: number;
  readonly sleeps?: number;
  /** This processor may die at any time. */
  readonly dies?: number;
  /** The processors have goroutines that wait, so that they cannot retire. */
  readonly pinned?: boolean;
  /** A processor that has fallen asleep retires after a while, even if it is not one too many. */
  readonly lulls?: boolean;
  /** Whether event loops become empty. */
  readonly empties: boolean;
  readonly flaw?: Flaw;
}

/** What is special about the first task; "later" is after it has waited for something else. Or what blocks is no task. */
const [BLOCKS, BLOCKS_LATER, SUBMITS, SUBMITS_LATER, OUTSIDE, COMPUTES] = [1, 2, 3, 4, 5, 6];

function whatIsSpecial({ blocks, submits, computes = false }: Setting): number {
  if (computes) return COMPUTES;
  if (submits !== undefined) return submits === "at once" ? SUBMITS : SUBMITS_LATER;
  if (blocks === undefined || blocks === "outside") return 0;
  return blocks === "at once" ? BLOCKS : BLOCKS_LATER;
}

export function processors(setting: Setting): Model {
  const { tasks, procs, later, alive: born, blocks, submits, has, sleeps, dies } = setting;
  const { pinned = false, lulls = false, empties, flaw } = setting;
  const m = new Model();
  const numbers = Array.from({ length: Math.max(2, born) }, (_, i) => i + 1);
  const perProcessor = (name: string, value: (p: number) => number = () => 0) =>
    [0, ...numbers].map((p) => m.word(`${name} of P${p}`, value(p)))[0] as number;
  const ring = m.word("tasks in the ring of the main thread");
  const queue = m.word("tasks of processors");
  const all = submits === undefined ? tasks : tasks + 1;
  const special = perProcessor("special task", (p) => (p === has ? SUBMITS : 0));
  const first = m.word("the first task is yet to come", has === undefined ? whatIsSpecial(setting) : 0);
  const outside = m.word("something else blocks", blocks === "outside" ? 1 : 0);
  const seekers = m.word("seekers");
  const unsure = m.word("the main thread asks again");
  const ran = m.word("tasks that have run");
  const bits = m.word("idle bits", sleeps === undefined ? 0 : 1 << sleeps);
  const wants = m.word("gomaxprocs", procs);
  const alive = m.word("alive", born);
  const starting = m.word("starting");
  const blocked = m.word("blocked threads");
  const asked = m.word("note to the main thread");
  const gone = m.word("ended, and not yet seen");
  const died = m.word("dead, and not yet seen");
  const state = perProcessor("state", (p) => {
    if (p > born) return FREE;
    return p === sleeps ? PARK : RUN;
  });
  const fired = perProcessor("notification");
  const armed = perProcessor("waitAsync", (p) => (p === sleeps ? 1 : 0));
  const seeking = perProcessor("seeking");
  const begun = perProcessor("begun tasks", (p) => (p === has ? 1 : 0));
  const dead = perProcessor("death");

  const get = (s: State, at: number) => s[at] as number;
  const add = (s: State, at: number, n: number) => void (s[at] = get(s, at) + n);
  const wanted = (s: State) => get(s, wants) + get(s, blocked);
  const waiting = (s: State) => get(s, ring) + get(s, queue);
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
    const failed = flaw === "gives up if the first that is idle cannot be woken" ? not : `${name}: find a bit`;
    return {
      [name]: (s) => (get(s, seekers) > 0 ? done : `${name}: find a bit`),
      [`${name}: find a bit`]: (s) => {
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
  const left = m.word("submits left", has === undefined ? tasks : tasks - 1);
  const early = flaw === "wakes before it submits";
  const submit = (next: string, asks: number): Step => {
    return (s) => {
      if (s[left] === 0) return undefined;
      add(s, left, -1);
      add(s, ring, 1);
      if (asks === 1) s[unsure] = 1;
      return next;
    };
  };
  const grow: Step = (s) => {
    if (get(s, alive) < wanted(s) && get(s, starting) < Math.max(waiting(s), 1)) {
      const number = numbers.find((p) => s[state + p] === FREE);
      if (number !== undefined) {
        s[state + number] = BORN;
        add(s, starting, 1);
        add(s, alive, 1);
      }
    }
    return "event loop";
  };
  const looked = m.word("state seen by gomaxprocs");
  const kickAll = (name: string, then: string): Steps =>
    Object.assign(
      {},
      ...numbers.map((p) => {
        const next = p < numbers.length ? `${name}: kick P${p + 1}: read the state` : then;
        return kick(`${name}: kick P${p}`, () => p, looked, next, next);
      }),
    );
  m.actor("main", {
    "event loop": [
      early ? (s) => (s[left] === 0 ? undefined : "submit: wake") : submit("submit: wake", 0),
      early ? () => undefined : submit("event loop", 1),
      (s) => {
        if (s[unsure] === 0 || flaw === "the main thread does not ask again") return undefined;
        s[unsure] = 0;
        return get(s, ring) > 0 ? "submit: wake" : "event loop";
      },
      (s) => {
        if (later === undefined || s[wants] === later || s[left] === tasks) return undefined;
        s[wants] = later;
        return "lowered: kick P1: read the state";
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
        return flaw === "does not look after one has ended" ? "event loop" : "ended: kick P1: read the state";
      },
      (s) => {
        const p = get(s, died);
        if (p === 0) return undefined;
        const was = s[state + p];
        s[state + p] = DEAD; // nobody gets its number here
        if (was === BORN) add(s, starting, -1);
        if (was === BLOCK) add(s, blocked, -1);
        if (flaw !== "the dead go on seeking") add(s, seekers, -get(s, seeking + p));
        add(s, alive, -1);
        s[seeking + p] = s[died] = 0;
        return "sweep";
      },
    ],
    sweep: (s) => {
      const p = dies as number;
      s[bits] = get(s, bits) & ~(1 << p);
      add(s, ran, get(s, begun + p)); // they fail
      if (s[special + p] === SUBMITS || s[special + p] === SUBMITS_LATER) add(s, ran, 1);
      s[begun + p] = s[special + p] = 0;
      return "ended: kick P1: read the state";
    },
    ...kickAll("lowered", "lowered: grow"),
    "lowered: grow": (s) => (waiting(s) === 0 ? "event loop" : "grow"),
    ...kickAll("ended", "ended: wake"),
    "ended: wake": (s) => (waiting(s) === 0 ? "event loop" : "submit: wake"),
    ...wake("submit: wake", "main", 0, early ? "submit too late" : "event loop", early ? "submit too late" : "grow"),
    "submit too late": (s) => submit("event loop", 0)(s) ?? "event loop",
    grow,
  });

  for (const p of numbers) {
    const me = `P${p}`;
    const asleep = m.word(`${me} asleep`);
    const waits = special + p;
    const waiter = m.word(`${me} has a goroutine that waits`, p === has ? 1 : 0);
    const own = 1 << p;
    const setIdle = (s: State, is: boolean) => void (s[bits] = is ? get(s, bits) | own : get(s, bits) & ~own);
    const surplus = (s: State) => {
      if (get(s, alive) <= wanted(s)) return false;
      if (flaw === "all count themselves as surplus") return true;
      const before = numbers.filter((other) => other < p && [RUN, PARK, SLEEP].includes(get(s, state + other)));
      return before.length >= get(s, wants);
    };
    const lastLook = flaw === "looks for tasks before it says that it sleeps";
    const lateStop = flaw === "a seeker stops counting after its last look";
    const rest = lastLook ? "stop seeking" : "say that it sleeps";
    const last = lastLook ? "say that it sleeps" : "arm";
    const relied = m.word(`${me} has sought`); // so it is relied upon to look at the queues, or to wake another
    const stopSeeking = (s: State) => {
      add(s, seekers, -get(s, seeking + p));
      s[seeking + p] = 0;
    };
    const begin = (from: number, next: string): Step => {
      return (s) => {
        if (s[from] === 0) return undefined;
        add(s, from, -1);
        add(s, begun + p, 1);
        if (s[first] !== 0) s[waits] = get(s, first);
        s[first] = 0;
        return next;
      };
    };
    const steps: Steps = {
      unborn: (s) => {
        if (s[state + p] !== RUN && s[state + p] !== BORN) return undefined;
        if (s[state + p] === BORN) add(s, starting, -1);
        return "look";
      },
      look: (s) => {
        s[state + p] = RUN;
        s[asleep] = 0;
        return "turn";
      },
      turn: [
        (s) => (waiting(s) > 0 && !surplus(s) ? "take a task" : undefined),
        (s) => {
          if (waiting(s) > 0 || surplus(s)) return undefined;
          s[relied] = 0;
          if (s[waits] !== 0) return rest;
          s[relied] = 1;
          if (s[seeking + p] === 1) return rest;
          s[seeking + p] = 1;
          add(s, seekers, 1);
          return "turn";
        },
        (s) => {
          if (!surplus(s)) return undefined;
          if (s[relied] === 0) return rest;
          s[relied] = 0;
          stopSeeking(s);
          return "others shall see to it";
        },
        (s) => {
          if (s[seeking + p] === 0 || s[outside] === 0) return undefined;
          s[outside] = 0;
          s[waits] = OUTSIDE;
          return "block";
        },
      ],
      "others shall see to it": (s) => (waiting(s) > 0 ? "surplus: wake another" : rest),
      ...wake("surplus: wake another", me, p, rest, rest),
      "take a task": [
        begin(ring, "say that it is not idle"),
        begin(queue, "say that it is not idle"),
        (s) => (waiting(s) === 0 ? "turn" : undefined),
      ],
      "take the next": [begin(ring, "run"), begin(queue, "run"), () => "turn"],
      "say that it is not idle": (s) => {
        setIdle(s, false);
        return "found: stop seeking";
      },
      "found: stop seeking": (s) => {
        stopSeeking(s);
        s[relied] = 0;
        return "look for more";
      },
      "look for more": (s) => {
        return waiting(s) > 0 && flaw !== "who has found a task wakes no other" ? "wake another" : "run";
      },
      ...wake("wake another", me, p, "run", "ask: wake another"),
      "ask: wake another": (s) => {
        if (get(s, alive) < wanted(s) && s[starting] === 0) s[asked] = 1;
        return "run";
      },
      run: (s) => {
        if (s[waits] === BLOCKS && s[waiter] === 0) return "block";
        if (s[waits] === SUBMITS && s[waiter] === 0) return "submit";
        if (s[waits] === BLOCKS_LATER || s[waits] === SUBMITS_LATER) {
          s[waits] = get(s, waits) - 1;
          s[waiter] = 1;
          return "take the next";
        }
        if (s[waits] === COMPUTES) {
          if (get(s, ran) < all - 1) return undefined;
          s[waits] = 0;
        }
        add(s, ran, 1);
        add(s, begun + p, -1);
        return "take the next";
      },
      submit: (s) => {
        s[state + p] = RUN;
        s[asleep] = s[waits] = s[waiter] = 0;
        add(s, queue, 1);
        add(s, begun + p, -1);
        add(s, ran, 1);
        return flaw === "a surplus processor is content with what it has submitted"
          ? "turn"
          : "submitted: wake another";
      },
      ...wake("submitted: wake another", me, p, "turn", "submitted: ask"),
      "submitted: ask": (s) => {
        if (get(s, alive) < wanted(s) && s[starting] === 0) s[asked] = 1;
        return "turn";
      },
      block: (s) => {
        s[state + p] = BLOCK;
        s[asleep] = s[waiter] = 0;
        return "count itself as blocked";
      },
      "count itself as blocked": (s) => {
        add(s, blocked, 1);
        return "blocked: stop seeking";
      },
      "blocked: stop seeking": (s) => {
        if (flaw !== "a seeker blocks") stopSeeking(s);
        return "are there tasks?";
      },
      "are there tasks?": (s) => (waiting(s) > 0 ? "blocked: wake another" : "blocked"),
      ...wake("blocked: wake another", me, p, "blocked", "blocked: ask"),
      "blocked: ask": (s) => {
        if (get(s, alive) < wanted(s) && s[starting] === 0) s[asked] = 1;
        return "blocked";
      },
      blocked: (s) => {
        if (get(s, ran) < all - (s[waits] === OUTSIDE ? 0 : 1)) return undefined;
        add(s, blocked, -1);
        if (s[waits] === BLOCKS) {
          add(s, ran, 1);
          add(s, begun + p, -1);
        }
        s[waits] = 0;
        return "look";
      },
      "say that it sleeps": (s) => {
        s[state + p] = s[asleep] === 1 ? SLEEP : PARK;
        return lastLook ? "arm" : "stop seeking";
      },
      "stop seeking": (s) => {
        if (!lateStop) stopSeeking(s);
        return "say that it is idle";
      },
      "say that it is idle": (s) => {
        setIdle(s, true);
        return "look for tasks";
      },
      "look for tasks": (s) => {
        const owes = s[relied] === 1 && flaw !== "a seeker that is one too many just sleeps";
        if (waiting(s) > 0 && (owes || !surplus(s))) return "not idle after all";
        s[relied] = 0;
        return lateStop ? "stop seeking late" : last;
      },
      "stop seeking late": (s) => {
        stopSeeking(s);
        return last;
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
          if (!empties || s[asleep] === 1 || s[waiter] === 1) return undefined;
          s[asleep] = 1;
          return rest;
        },
        (s) => {
          if (s[waiter] === 0) return undefined;
          return s[waits] === BLOCKS ? "block" : "submit";
        },
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
    };
    const at = p === sleeps || p === has ? "event loop" : undefined;
    m.actor(me, steps, (s) => s[dead + p] === 0, at);
  }
  if (dies !== undefined) {
    // Not between two steps that are straight-line code.
    const within = ["unborn", "count itself as blocked", "look", "retire: take the bit"];
    m.actor("death", {
      alive: (s) => {
        if (s[ran] === all || m.at(s, `P${dies}`, ...within)) return undefined;
        s[dead + dies] = 1;
        s[died] = dies;
        return "dead";
      },
      dead: () => undefined,
    });
  }
  m.atRest((s) => s[ran] !== all && "a task waits, and nobody runs it");
  return m;
}
