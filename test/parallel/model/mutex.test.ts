// A lock between threads (wasm/gate.ts, sweep.ts): handed over, given up, and taken from the dead.
//
// Each thread locks, is inside, and unlocks, twice. One may be cancelled while it waits; one may die between any two steps.
// Who is told that the owner has died does not have the lock, and begins anew.

import { test } from "node:test";
import { Model, proves, refutes, type State, type Step, type Steps } from "./explorer.js";

type Flaw =
  | "hands over without asking for the claim"
  | "a context does not ask for the claim"
  | "the lock is taken from the dead before its waiters are"
  | "the next is told of the death, and nobody gets the lock"
  | "nobody is kicked after a death"
  | "the lock of the dead is not taken";

const [OK, DIED, CANCELED] = [1, 5, 9];
const LOCAL = 100;

interface Setting {
  readonly threads: number;
  readonly rounds: number;
  /** Which threads may be cancelled once, and which one may die. */
  readonly cancels?: readonly number[];
  readonly dies?: number;
  readonly flaw?: Flaw;
}

function mutex({ threads, rounds, cancels = [], dies, flaw }: Setting): Model {
  const m = new Model();
  const held = m.word("held");
  const owner = m.word("owner");
  const bereaved = m.word("the last owner has died");
  const queue = m.words("queue", threads + 1); // thread + 1, ends with a 0
  const claim = m.words("claim", threads);
  const result = m.words("result", threads);
  const mail = m.words("mail", threads);
  const asleep = m.words("asleep", threads);
  const left = m.words("rounds left", threads, rounds);
  const cancel = m.words("cancels left", threads);
  const dead = m.words("dead", threads);
  const inside = m.words("inside", threads);
  const bell = m.words("to ring", threads + 1);
  const orphaned = m.word("died with the lock");
  const told = m.word("told of the death");

  const get = (s: State, at: number) => s[at] as number;
  const remove = (s: State, t: number) => {
    let at = queue;
    while (s[at] !== 0 && s[at] !== t + 1) at++;
    for (; s[at] !== 0; at++) s[at] = get(s, at + 1);
  };
  const post = (s: State, me: number, t: number, what: number) => {
    s[result + t] = what;
    s[mail + t] = 1;
    s[bell + me] = t + 1;
  };
  const ring =
    (me: number, next: string): Step =>
    (s) => {
      s[asleep + get(s, bell + me) - 1] = 0;
      s[bell + me] = 0;
      return next;
    };
  /** The first in the queue, if it can be had; undefined if it has to be asked again. */
  const first = (s: State): number | undefined => {
    const t = get(s, queue) - 1;
    if (t === -1) return -1;
    remove(s, t);
    if (s[claim + t] !== 0 && flaw !== "hands over without asking for the claim") return undefined;
    s[claim + t] = 1;
    return t;
  };
  const release = (me: number, name: string, next: string): Steps => ({
    [name]: (s) => {
      if (s[held] === 0) return next;
      const t = first(s);
      if (t === undefined) return name;
      if (t === -1) {
        s[held] = s[owner] = 0;
        return next;
      }
      s[owner] = t + 1;
      post(s, me, t, OK);
      return `${name}: ring`;
    },
    [`${name}: ring`]: ring(me, next),
  });

  for (let t = 0; t < threads; t++) {
    const outcome = (s: State, what: number): string => {
      if (what === DIED) s[told] = 1;
      if (what === OK) s[inside + t] = 1;
      return what === OK ? "unlock" : "lock";
    };
    m.actor(
      `T${t}`,
      {
        begin: (s) => {
          s[cancel + t] = cancels.includes(t) ? 1 : 0;
          return "lock";
        },
        lock: (s) => {
          s[claim + t] = 0;
          if (s[bereaved] === 1) {
            s[bereaved] = 0;
            return outcome(s, DIED);
          }
          if (s[held] === 0) {
            s[held] = 1;
            s[owner] = t + 1;
            return outcome(s, OK);
          }
          let at = queue;
          while (s[at] !== 0) at++;
          s[at] = t + 1;
          return "wait";
        },
        wait: [
          (s) => {
            if (s[asleep + t] === 1) return undefined;
            if (s[mail + t] === 0) {
              s[asleep + t] = 1;
              return "wait";
            }
            s[mail + t] = 0;
            return outcome(s, get(s, result + t));
          },
          (s) => {
            if (s[cancel + t] === 0) return undefined;
            s[cancel + t] = 0;
            if (s[claim + t] !== 0 && flaw !== "a context does not ask for the claim") return "wait";
            s[claim + t] = LOCAL;
            s[asleep + t] = 0;
            return "leave the queue";
          },
        ],
        "leave the queue": (s) => {
          remove(s, t);
          return outcome(s, CANCELED);
        },
        unlock: (s) => {
          s[inside + t] = 0;
          return "release";
        },
        ...release(t, "release", "again"),
        again: (s) => {
          s[left + t] = get(s, left + t) - 1;
          return get(s, left + t) > 0 ? "lock" : "end";
        },
        end: () => undefined,
      },
      (s) => s[dead + t] === 0,
    );
  }

  if (dies !== undefined) {
    const early = flaw === "the lock is taken from the dead before its waiters are";
    m.actor("death", {
      alive: (s) => {
        if (s[left + dies] === 0) return undefined;
        s[dead + dies] = 1;
        s[inside + dies] = 0;
        return early ? "bereave" : "evict";
      },
      evict: (s) => {
        remove(s, dies);
        if (s[owner] === dies + 1) s[orphaned] = 1;
        return early || flaw === "the lock of the dead is not taken" ? "kick" : "bereave";
      },
      bereave: (s) => {
        if (s[held] === 0 || s[owner] !== dies + 1) return early ? "evict" : "kick";
        const t = first(s);
        if (t === undefined) return "bereave";
        if (t === -1) {
          s[held] = s[owner] = 0;
          s[bereaved] = 1;
          return "kick";
        }
        post(s, threads, t, DIED);
        return "bereave: ring";
      },
      "bereave: ring": ring(
        threads,
        flaw === "the next is told of the death, and nobody gets the lock" ? "kick" : "pass on",
      ),
      ...release(threads, "pass on", early ? "evict" : "kick"),
      kick: (s) => {
        if (flaw !== "nobody is kicked after a death") for (let t = 0; t < threads; t++) s[asleep + t] = 0;
        return "swept";
      },
      swept: () => undefined,
    });
  }
  m.always((s) => {
    const who = Array.from({ length: threads }, (_, t) => t).filter((t) => s[inside + t] === 1);
    if (who.length > 1) return "two are inside";
    return who.length === 1 && s[owner] !== (who[0] as number) + 1 && "the owner is not who is inside";
  });
  m.atRest((s) => {
    for (let t = 0; t < threads; t++) if (s[dead + t] === 0 && s[left + t] !== 0) return "a goroutine is stuck";
    if (s[held] !== 0) return "it stays locked";
    return s[orphaned] === 1 && s[told] === 0 && s[bereaved] === 0 && "nobody is told that the owner has died";
  });
  return m;
}

test("one at a time is inside, and each gets in", () => {
  proves(mutex({ threads: 3, rounds: 2 }), 21_494);
});

test("also when two of them give up waiting", () => {
  proves(mutex({ threads: 3, rounds: 2, cancels: [0, 1] }), 98_829);
});

test("the lock of a thread that dies goes to the next, who is told first", () => {
  proves(mutex({ threads: 3, rounds: 2, dies: 0 }), 149_489);
  proves(mutex({ threads: 3, rounds: 1, cancels: [0, 1], dies: 0 }), 19_855);
});

test("the explorer finds what each step comes to that is done wrong", () => {
  const find = (flaw: Flaw, problem: string) =>
    refutes(mutex({ threads: 3, rounds: 1, cancels: [1], dies: 0, flaw }), problem);
  find("hands over without asking for the claim", "a goroutine is stuck");
  find("a context does not ask for the claim", "a goroutine is stuck");
  find("the lock is taken from the dead before its waiters are", "a goroutine is stuck");
  find("the next is told of the death, and nobody gets the lock", "a goroutine is stuck");
  find("nobody is kicked after a death", "a goroutine is stuck");
  find("the lock of the dead is not taken", "a goroutine is stuck");
});
