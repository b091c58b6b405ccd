// Waiters that their own thread looks at (unpoll and post of wasm/waiter.ts, aim of wasm/chan.ts, thread.ts, sweep.ts).
//
// The owner has two goroutines that receive from one channel; others hand values to them. A goroutine may begin to wait at any
// time, also while its thread sleeps. That a thread which has mail does not fall asleep is taken for granted, as one step: see
// park.test.ts.

import { test } from "node:test";
import { Model, proves, refutes, type State, type Step } from "./explorer.js";
import { count, has, push, remove, shift } from "./lists.js";

const [RUN, PARK] = [1, 2];

type Flaw =
  | "sleeps without taking its waiter back"
  | "takes its waiter back without the lock"
  | "sleeps though its waiter has been posted"
  | "looks at a second waiter"
  | "the sweep forgets the waiter that was looked at"
  | "the sweep gives it back before the mail"
  | "the sweep does not wait for who posts";

interface Setting {
  /** How many values each thread sends. */
  readonly values: readonly number[];
  /** How often each goroutine of the owner receives. */
  readonly receives: readonly number[];
  readonly dies?: boolean;
  readonly flaw?: Flaw;
}

function polling({ values, receives, dies = false, flaw }: Setting): Model {
  const m = new Model();
  const all = values.reduce((a, b) => a + b, 0);
  const lock = m.word("LOCK");
  const recvq = m.words("RECVQ", receives.length + 1); // waiter + 1
  const polls = m.words("POLL", receives.length);
  const result = m.words("RESULT", receives.length);
  const value = m.words("value", receives.length);
  const standing = m.word("standing");
  const polled = m.word("POLLED"); // waiter + 1
  const mail = m.words("mail", receives.length + 1); // the oldest first
  const state = m.word("state", RUN);
  const left = receives.map((n, i) => m.word(`receives of goroutine ${i} left`, n))[0] as number;
  const total = receives.reduce((a, b) => a + b, 0);
  const waits = m.words("waits", receives.length);
  const sent = m.word("values sent");
  const seen = m.words("seen", all + 1);
  const back = m.words("put back", all + 2); // the first is the next to be received
  const dead = m.word("dead");

  const get = (s: State, at: number) => s[at] as number;
  const add = (s: State, at: number, n: number) => void (s[at] = get(s, at) + n);

  /** The goroutine of a posted waiter has its value. */
  const settle = (s: State, w: number) => {
    s[seen + get(s, value + w - 1)] = 1;
    s[result + w - 1] = s[value + w - 1] = s[waits + w - 1] = 0;
    add(s, standing, -1);
  };

  const parks = receives.map((_, i): Step => {
    return (s) => {
      if (s[waits + i] === 1 || s[left + i] === 0 || s[lock] !== 0) return undefined;
      s[state] = RUN;
      s[waits + i] = 1;
      add(s, left + i, -1);
      if (s[standing] === 0 || flaw === "looks at a second waiter") {
        s[polls + i] = 1;
        s[polled] = i + 1;
      } else {
        s[polls + i] = 0;
      }
      add(s, standing, 1);
      push(s, recvq, i + 1);
      return "turn";
    };
  });
  const careless = flaw === "takes its waiter back without the lock";
  m.actor(
    "owner",
    {
      turn: [
        ...parks,
        (s) => {
          const w = get(s, polled);
          if (w === 0 || s[result + w - 1] === 0) return undefined;
          s[polled] = 0;
          settle(s, w);
          return "turn";
        },
        (s) => {
          if (s[mail] === 0) return undefined;
          for (let w; (w = shift(s, mail)) !== 0;) settle(s, w);
          return "turn";
        },
        (s) => {
          if (s[mail] !== 0) return undefined;
          return flaw === "sleeps without taking its waiter back" ? "sleep" : "take back";
        },
      ],
      "take back": (s) => {
        const w = get(s, polled);
        if (w === 0) return "sleep";
        if (s[lock] !== 0 && !careless) return undefined;
        if (!has(s, recvq, w)) return flaw === "sleeps though its waiter has been posted" ? "sleep" : "turn";
        if (careless) return "take back: change the flag";
        s[polls + w - 1] = s[polled] = 0;
        return "sleep";
      },
      "take back: change the flag": (s) => {
        s[polls + get(s, polled) - 1] = s[polled] = 0;
        return "sleep";
      },
      sleep: (s) => {
        if (s[mail] !== 0) return "turn";
        s[state] = PARK;
        return "asleep";
      },
      asleep: [...parks, (s) => (s[state] === PARK ? undefined : "turn")],
    },
    (s) => s[dead] === 0,
  );

  values.forEach((n, i) => {
    const yet = m.word(`values of sender ${i}`, n);
    const whom = m.word(`waiter that sender ${i} has taken`);
    m.actor(`sender ${i}`, {
      take: (s) => {
        if (s[lock] !== 0 || s[recvq] === 0 || s[yet] === 0) return undefined;
        const w = shift(s, recvq);
        s[lock] = 1;
        s[whom] = w;
        add(s, yet, -1);
        add(s, sent, 1);
        s[value + w - 1] = get(s, sent);
        return "look at the flag";
      },
      "look at the flag": (s) => (s[polls + get(s, whom) - 1] === 1 ? "write the result" : "push"),
      "write the result": (s) => {
        s[result + get(s, whom) - 1] = 1;
        s[lock] = s[whom] = 0;
        return "take";
      },
      push: (s) => {
        const w = get(s, whom);
        s[result + w - 1] = 1;
        push(s, mail, w);
        s[lock] = s[whom] = 0;
        return "kick";
      },
      kick: (s) => {
        if (s[dead] === 0) s[state] = RUN;
        return "take";
      },
    });
  });

  if (dies) {
    const putBack = (s: State, w: number) => {
      for (let at = back + all; at > back; at--) s[at] = get(s, at - 1);
      s[back] = get(s, value + w - 1);
    };
    const giveBackPolled = (s: State) => {
      const w = get(s, polled);
      s[polled] = 0;
      if (w === 0 || s[polls + w - 1] === 0 || s[result + w - 1] === 0) return;
      if (flaw !== "the sweep forgets the waiter that was looked at") putBack(s, w);
    };
    m.actor("death", {
      alive: (s) => {
        s[dead] = 1;
        return flaw === "the sweep does not wait for who posts" ? "return the mail" : "evict";
      },
      evict: (s) => {
        if (s[lock] !== 0) return undefined;
        for (let w = 1; w <= receives.length; w++) remove(s, recvq, w);
        return "return the mail";
      },
      "return the mail": (s) => {
        if (flaw === "the sweep gives it back before the mail") giveBackPolled(s);
        for (let n = count(s, mail); n > 0; n--) {
          putBack(s, get(s, mail + n - 1));
          s[mail + n - 1] = 0;
        }
        giveBackPolled(s);
        return "swept";
      },
      swept: () => undefined,
    });
  }

  m.always((s) => {
    for (let at = back; s[at + 1] !== 0 && at < back + all; at++) {
      if (get(s, at) > get(s, at + 1)) return "what is put back is out of order";
    }
    return undefined;
  });
  m.atRest((s) => {
    if (s[dead] === 1) return undefined;
    return receives.some((_, i) => s[result + i] === 1) && "the owner sleeps, and one of its waiters has been posted";
  });
  m.atRest((s) => {
    for (let v = 1; v <= get(s, sent); v++) if (s[seen + v] === 0 && !has(s, back, v)) return "a value is lost";
    return undefined;
  });
  m.atRest((s) => s[dead] === 0 && get(s, sent) < Math.min(all, total) && "a value is never sent");
  return m;
}

test("a thread that looks at its waiter itself does not sleep through the answer", () => {
  proves(polling({ values: [2], receives: [2] }), 86);
  proves(polling({ values: [2, 2], receives: [2, 2] }), 6_003);
  proves(polling({ values: [2, 1], receives: [2, 1, 1] }), 12_435);
});

test("what it was given before it died, and has not seen, is put back, the oldest first", () => {
  proves(polling({ values: [2, 2], receives: [2, 2], dies: true }), 18_744);
  proves(polling({ values: [2, 1], receives: [2, 1, 1], dies: true }), 37_698);
});

test("the explorer finds what each step comes to that is done wrong", () => {
  const setting: Setting = { values: [2, 2], receives: [2, 2] };
  const asleep = "the owner sleeps, and one of its waiters has been posted";
  const find = (flaw: Flaw, problem = asleep, dies = false) => refutes(polling({ ...setting, dies, flaw }), problem);
  find("sleeps without taking its waiter back");
  find("takes its waiter back without the lock");
  find("sleeps though its waiter has been posted");
  find("looks at a second waiter");
  find("the sweep forgets the waiter that was looked at", "a value is lost", true);
  find("the sweep gives it back before the mail", "what is put back is out of order", true);
  find("the sweep does not wait for who posts", "a value is lost", true);
});
