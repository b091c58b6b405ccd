// Deadlocks across threads (quiet() of wasm/waiter.ts, thread.ts, pool.ts): one is reported only if nobody can go on, and always then.
//
// Thread 0 is the main thread, the others are processors. A thread that has work may send letters, each of which is work for who
// gets it; without work it parks, falls asleep, and then asks whether all is quiet. A blocked thread asks again and again.

import { test } from "node:test";
import { Model, proves, refutes, type State, type Step, type Steps } from "./explorer.js";

const [RUN, PARK, SLEEP, BLOCK, DEAD] = [1, 2, 3, 4, 5];

type Flaw =
  | "looks once"
  | "looks twice, and does not count how often they began to run"
  | "a processor does not tell the main thread"
  | "the main thread does not look after a thread has ended"
  | "nobody is kicked after a death"
  | "does not ask whether the blocked are answered";

interface Setting {
  readonly threads: number;
  /** How many letters are sent in all. */
  readonly letters: number;
  /** Which threads have work in the beginning. The others sleep. */
  readonly work: readonly number[];
  /** This processor may block its thread, once; this one may end, at any time. */
  readonly blocks?: number;
  readonly ends?: number;
  readonly flaw?: Flaw;
}

function deadlock({ threads, letters, work: busy, blocks, ends, flaw }: Setting): Model {
  const m = new Model();
  const all = Array.from({ length: threads }, (_, t) => t);
  const perThread = (name: string, busyOnes: number, sleepers: number) =>
    all.map((t) => m.word(`${name}[${t}]`, busy.includes(t) ? busyOnes : sleepers))[0] as number;
  const state = perThread("state", RUN, SLEEP);
  const mail = m.words("mail", threads);
  const wakes = m.words("wakes", threads);
  const work = perThread("work", 1, 0);
  const armed = perThread("armed", 0, 1);
  const fired = m.words("notified", threads);
  const asleep = perThread("asleep", 0, 1);
  const left = m.word("letters left", letters);
  const sync = m.word("may block", blocks === undefined ? 0 : 1);
  const waiting = m.word("waits for an answer");
  const answered = m.word("answered");
  const ended = m.word("ended, and not yet seen");
  const dead = m.words("dead", threads);
  const reported = m.word("reported");

  const get = (s: State, at: number) => s[at] as number;
  const add = (s: State, at: number, n: number) => void (s[at] = get(s, at) + n);

  /** kick, of one that is known. */
  const kick = (name: string, to: number, was: number, next: string): Steps => ({
    [name]: (s) => {
      s[was] = get(s, state + to);
      if (s[was] === PARK || s[was] === SLEEP) return `${name}: say run`;
      s[was] = 0;
      return next;
    },
    [`${name}: say run`]: (s) => {
      if (s[state + to] === s[was]) {
        s[state + to] = RUN;
        if (s[armed + to] === 1) s[fired + to] = 1;
      }
      s[was] = 0;
      return next;
    },
  });

  for (const t of all) {
    const was = m.word(`T${t}: state seen`);
    const round = m.word(`T${t}: round`);
    const sum = m.word(`T${t}: wakes in this round`);
    const before = m.word(`T${t}: wakes in the round before`);
    const letter = m.word(`T${t}: mail seen`);
    const forget = (s: State, next: string) => {
      s[round] = s[sum] = s[before] = s[letter] = 0;
      return next;
    };
    const others = all.filter((each) => each !== t);
    const isAsleep = t === blocks ? (s: State) => (s[waiting] === 1 ? "blocked" : "event loop") : () => "event loop";

    const quiet: Record<string, Step> = {};
    const rounds = flaw === "looks once" ? 1 : 2;
    for (const i of all) {
      const enough = (s: State): string => {
        if (i < threads - 1) return `quiet: mail of T${i + 1}`;
        s[round] = get(s, round) + 1;
        if (s[round] === rounds) {
          const same = s[sum] === s[before] || rounds === 1;
          const counts = flaw !== "looks twice, and does not count how often they began to run";
          return forget(s, same || !counts ? "it is quiet" : "not quiet");
        }
        s[before] = get(s, sum);
        s[sum] = 0;
        return "quiet: mail of T0";
      };
      quiet[`quiet: mail of T${i}`] = (s) => {
        s[letter] = Math.min(get(s, mail + i), 1);
        return `quiet: state of T${i}`;
      };
      quiet[`quiet: state of T${i}`] = (s) => {
        const seen = get(s, state + i);
        const hasMail = s[letter] === 1;
        s[letter] = 0;
        if (seen === RUN || seen === PARK || (seen === SLEEP && hasMail)) return forget(s, "not quiet");
        return seen === BLOCK ? `quiet: answer of T${i}` : `quiet: wakes of T${i}`;
      };
      quiet[`quiet: answer of T${i}`] = (s) => {
        const asks = flaw !== "does not ask whether the blocked are answered";
        return s[answered] === 1 && asks ? forget(s, "not quiet") : `quiet: wakes of T${i}`;
      };
      quiet[`quiet: wakes of T${i}`] = (s) => {
        add(s, sum, get(s, wakes + i));
        return enough(s);
      };
    }

    const sends: Record<string, Step> = {};
    for (const to of others) {
      sends[`push to T${to}`] = (s) => {
        add(s, mail + to, 1);
        return `kick T${to}`;
      };
      Object.assign(sends, kick(`kick T${to}`, to, was, "run"));
    }
    const tells = t !== 0 && flaw !== "a processor does not tell the main thread";

    m.actor(
      `T${t}`,
      {
        run: [
          ...others.map((to): Step => (s) => {
            if (s[work + t] === 0 || s[left] === 0) return undefined;
            add(s, left, -1);
            return `push to T${to}`;
          }),
          (s) => {
            if (s[mail + t] === 0) return undefined;
            s[mail + t] = 0;
            s[work + t] = 1;
            return "run";
          },
          (s) => {
            if (s[mail + t] !== 0) return undefined;
            s[work + t] = 0;
            return "park";
          },
          (s) => {
            if (t !== blocks || s[sync] === 0 || s[work + t] === 0) return undefined;
            s[sync] = 0;
            s[waiting] = 1;
            s[work + t] = 0;
            return "block";
          },
          (s) => {
            if (s[waiting] === 0 || s[answered] === 1 || s[work + t] === 0 || s[left] === 0) return undefined;
            add(s, left, -1);
            s[answered] = 1;
            return "run";
          },
        ],
        ...sends,
        // Without work. That a thread parks only if it has no mail, as in one step, park.test.ts has shown.
        park: (s) => {
          s[state + t] = s[asleep + t] === 1 ? SLEEP : PARK;
          if (s[mail + t] !== 0) return "count a wake";
          s[armed + t] = 1;
          return s[asleep + t] === 1 ? "quiet: mail of T0" : "event loop";
        },
        "event loop": [
          (s) => {
            if (s[fired + t] === 0) return undefined;
            s[fired + t] = s[armed + t] = 0;
            return "count a wake";
          },
          (s) => {
            if (s[asleep + t] === 1) return undefined;
            s[asleep + t] = 1;
            return "park";
          },
          (s) => {
            if (t !== 0 || s[ended] === 0) return undefined;
            s[state + get(s, ended)] = DEAD;
            s[mail + get(s, ended)] = 0;
            s[ended] = 0;
            return flaw === "nobody is kicked after a death" ? "after the end" : "after the end: kick T1";
          },
        ],
        ...(t === 0 && kick("after the end: kick T1", 1, was, "after the end")),
        "after the end": () =>
          flaw === "the main thread does not look after a thread has ended" ? "event loop" : "count a wake",
        "count a wake": (s) => {
          add(s, wakes + t, 1);
          return "say run";
        },
        "say run": (s) => {
          s[state + t] = RUN;
          s[asleep + t] = 0;
          return t === blocks && s[answered] === 1 && s[waiting] === 0 ? "free the waiter" : "run";
        },
        "free the waiter": (s) => {
          s[answered] = 0;
          return "run";
        },
        block: (s) => {
          s[state + t] = BLOCK;
          return "blocked";
        },
        blocked: [
          (s) => {
            if (s[answered] === 0) return undefined;
            s[waiting] = 0;
            s[work + t] = 1;
            return "count a wake";
          },
          // Another slice is over. If the main thread does not sleep now, then a later one will do.
          (s) => (s[answered] === 0 && s[reported] === 0 && s[state] === SLEEP ? "quiet: mail of T0" : undefined),
        ],
        ...quiet,
        "it is quiet": (s) => {
          if (t !== 0) return tells ? "kick the main thread" : isAsleep(s);
          s[reported] = 1;
          return "the end";
        },
        ...(t !== 0 && kick("kick the main thread", 0, was, "told")),
        told: isAsleep,
        "not quiet": isAsleep,
        "the end": () => undefined,
      },
      (s) => s[dead + t] === 0,
      busy.includes(t) ? "run" : "event loop",
    );
  }
  if (ends !== undefined) {
    m.actor("end", {
      alive: (s) => {
        if (s[reported] === 1) return undefined;
        s[dead + ends] = 1;
        s[work + ends] = 0;
        s[ended] = ends;
        return "gone";
      },
      gone: () => undefined,
    });
  }
  m.always((s) => {
    if (s[reported] === 0) return undefined;
    const stays = (t: number) => s[dead + t] === 1 || (t === blocks && s[waiting] === 1);
    const goesOn = all.some((t) => !stays(t) && (s[work + t] !== 0 || s[mail + t] !== 0));
    return (goesOn || (s[answered] === 1 && s[waiting] === 1)) && "a deadlock is reported, and somebody can go on";
  });
  m.atRest((s) => s[reported] === 0 && "nobody can go on, and no deadlock is reported");
  return m;
}

test("a deadlock is reported when nobody can go on, and not before", () => {
  proves(deadlock({ threads: 2, letters: 2, work: [0, 1] }), 41_220);
  proves(deadlock({ threads: 3, letters: 1, work: [1] }), 6363);
  proves(deadlock({ threads: 3, letters: 2, work: [1] }), 414_182);
});

test("also when a thread is blocked until another answers, or for ever", () => {
  proves(deadlock({ threads: 2, letters: 1, work: [0, 1], blocks: 1 }), 551_651);
});

test("also when a thread ends", () => {
  proves(deadlock({ threads: 2, letters: 2, work: [0, 1], ends: 1 }), 123_865);
  proves(deadlock({ threads: 3, letters: 1, work: [2], ends: 2 }), 309_442);
});

test("the explorer finds what each step comes to that is done wrong", () => {
  const early = "a deadlock is reported, and somebody can go on";
  const never = "nobody can go on, and no deadlock is reported";
  const find = (flaw: Flaw, problem: string, more: Partial<Setting> = {}) => {
    const setting: Setting = { threads: 3, letters: 2, work: [1], ...more };
    refutes(deadlock({ ...setting, flaw }), problem);
  };
  find("looks once", early);
  find("looks twice, and does not count how often they began to run", early, { letters: 3, work: [2] });
  find("a processor does not tell the main thread", never);
  find("does not ask whether the blocked are answered", early, { blocks: 1, threads: 2, work: [0, 1] });
  find("the main thread does not look after a thread has ended", never, { ends: 1, threads: 2 });
  find("nobody is kicked after a death", never, { ends: 2, work: [2] });
});
