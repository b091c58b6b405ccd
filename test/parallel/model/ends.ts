// A channel with a buffer and its two ends (wasm/chan.ts, select.ts, sweep.ts), as a model for the explorer: each thread has one
// goroutine.
//
// A section under one lock is taken apart where it touches what the other end may see or change: SENT, RECEIVED, the slots and
// whether senders wait. Those under both locks are one step, but for what `len` may see, which looks without locks. That a thread
// which is posted to runs on is taken for granted: chan.test.ts and park.test.ts show it.

import { count, has, push, remove, shift } from "./lists.js";
import { Model, type State, type Step, type Steps } from "./explorer.js";

export type Flaw =
  | "a sender parks with its own lock only"
  | "a sender that has both locks does not look again"
  | "a receiver does not ask whether senders wait"
  | "who hands over does not say what has been sent"
  | "who hands over does not say what has been received"
  | "who hands over sends before it receives"
  | "the length is read without looking again"
  | "a value is put back with one lock"
  | "LOCK of the dead stays held"
  | "RECV_LOCK of the dead stays held";

/** Sends a value (1 and 2 are of one sender, 3 and 4 of another), receives once, or until the channel is closed, … */
export type Op = number | "receive" | "range" | "select" | "close" | { readonly after: number };

export interface Setting {
  readonly cap: number;
  /** What the goroutine of each thread does. */
  readonly threads: readonly (readonly Op[])[];
  /** In these threads a wait may be cancelled, once; then it is begun again. */
  readonly cancels?: readonly number[];
  /** This thread may die while it is in no straight-line code, and is swept up. */
  readonly dies?: number;
  /** Somebody asks for the length. */
  readonly looks?: boolean;
  readonly flaw?: Flaw;
}

const [OK, CLOSED] = [1, 2];
const [PENDING, DELIVERED, RETURNED, TWICE] = [0, 1, 2, 3];

export function ends({ cap, threads, cancels = [], dies, looks = false, flaw }: Setting): Model {
  const m = new Model();
  const n = threads.length;
  const lock = m.word("LOCK"); // thread + 1
  const other = m.word("RECV_LOCK");
  const closed = m.word("IS_CLOSED");
  const sent = m.word("SENT");
  const received = m.word("RECEIVED");
  const seenSent = m.word("SEEN_SENT");
  const seenReceived = m.word("SEEN_RECEIVED");
  const slots = m.words("slots", cap);
  const recvq = m.words("RECVQ", n + 1); // thread + 1
  const sendq = m.words("SENDQ", n + 1);
  const ghosts = m.words("GHOSTS", 3);
  // By thread: its waiter.
  const claim = m.words("claim", n);
  const result = m.words("result", n);
  const value = m.words("value", n);
  const receives = m.words("waits to receive", n);
  const mayCancel = m.words("cancels left", n);
  const done = m.words("done", n);
  const dead = m.words("dead", n);
  const swept = m.word("swept");
  // By value, and by sender.
  const fate = m.words("fate of value", 5);
  const given = m.words("sent value", 5);
  const last = m.words("last value of sender", 2);
  const disorder = m.word("out of order");
  const length = m.word("length");
  const straight: string[] = []; // where no thread dies

  const get = (s: State, at: number) => s[at] as number;
  const add = (s: State, at: number, k: number) => void (s[at] = get(s, at) + k);

  /** A value leaves the channel. */
  const took = (s: State, v: number) => {
    const sender = last + (v > 2 ? 1 : 0);
    if (v <= get(s, sender)) s[disorder] = 1;
    s[sender] = v;
  };
  const settle = (s: State, v: number, as: number) => {
    s[fate + v] = s[fate + v] === PENDING ? as : TWICE;
  };
  const post = (s: State, w: number, what: number) => void (s[result + w - 1] = what);
  /** Whether the waiter is still to be had. */
  const claims = (s: State, w: number) => {
    if (s[claim + w - 1] === 1) return false;
    s[claim + w - 1] = 1;
    return true;
  };
  const unlockBoth = (s: State, next: string) => {
    s[lock] = s[other] = 0;
    return next;
  };

  const send = (t: number, v: number, name: string, next: string): Steps => {
    const put = `${name}: put it into the slot`;
    const say = `${name}: say so`;
    const looksAt = `${name}: look at RECEIVED`;
    const both = `${name}: lock the other end`;
    straight.push(put, say, looksAt);
    const sends = (s: State) => {
      s[given + v] = 1;
      return next;
    };
    const parks = (s: State) => {
      s[lock] = 0;
      s[value + t] = v;
      push(s, sendq, t + 1);
      return `${name}: wait`;
    };
    return {
      [name]: (s) => {
        if (s[lock] !== 0) return undefined;
        if (s[closed] === 1) {
          settle(s, v, RETURNED);
          return next;
        }
        const r = shift(s, recvq);
        if (r !== 0) {
          if (!claims(s, r)) return name;
          s[value + r - 1] = v;
          took(s, v);
          post(s, r, OK);
          return sends(s);
        }
        s[lock] = t + 1;
        return get(s, sent) - get(s, seenReceived) === cap ? looksAt : put;
      },
      [looksAt]: (s) => {
        if (get(s, sent) - get(s, received) < cap) {
          s[seenReceived] = get(s, received);
          return put;
        }
        return flaw === "a sender parks with its own lock only" ? `${name}: park` : both;
      },
      [`${name}: park`]: parks,
      [both]: (s) => {
        if (s[other] !== 0) return undefined;
        const full = get(s, sent) - get(s, received) === cap;
        if (full || flaw === "a sender that has both locks does not look again") return parks(s);
        s[lock] = 0;
        return name;
      },
      [put]: (s) => {
        s[slots + (get(s, sent) % cap)] = v;
        return say;
      },
      [say]: (s) => {
        add(s, sent, 1);
        s[lock] = 0;
        return sends(s);
      },
      ...wait(t, name, sendq, (s, what) => {
        if (what === CLOSED) settle(s, v, RETURNED);
        return next;
      }),
    };
  };

  /** recvLocked, with both locks: a value, CLOSED, or that a sender is to be let in first. */
  const recv = (t: number, name: string, next: (what: number) => string): Steps => {
    const copy = `${name}: copy it`;
    const say = `${name}: say so`;
    const looksAt = `${name}: look at SENT`;
    const slow = `${name}: lock the senders' end`;
    const both = `${name}: lock the other end`;
    const over = `${name}: let the sender in`;
    straight.push(copy, say, looksAt, over);
    const gets = (s: State, v: number) => {
      took(s, v);
      settle(s, v, DELIVERED);
      return next(OK);
    };
    const first = (s: State) => get(s, slots + (get(s, received) % cap));
    const early = flaw === "who hands over sends before it receives";
    return {
      // Without a select this is where it begins.
      [`${name}: lock its end`]: (s) => {
        if (s[other] !== 0) return undefined;
        const asks = flaw !== "a receiver does not ask whether senders wait";
        if (s[ghosts] !== 0 || (s[sendq] !== 0 && asks)) return slow;
        s[other] = t + 1;
        return s[seenSent] === s[received] ? looksAt : copy;
      },
      [looksAt]: (s) => {
        s[seenSent] = get(s, sent);
        if (s[sent] !== s[received]) return copy;
        s[other] = 0;
        return slow;
      },
      [copy]: (s) => {
        s[value + t] = first(s);
        return say;
      },
      [say]: (s) => {
        add(s, received, 1);
        s[other] = 0;
        const v = get(s, value + t);
        s[value + t] = 0;
        return gets(s, v);
      },
      [slow]: (s) => {
        if (s[lock] !== 0) return undefined;
        s[lock] = t + 1;
        return both;
      },
      [both]: (s) => {
        if (s[other] !== 0) return undefined;
        s[other] = t + 1;
        return `${name}: with both`;
      },
      [`${name}: with both`]: (s) => {
        const ghost = shift(s, ghosts);
        if (ghost !== 0) return unlockBoth(s, gets(s, ghost));
        const w = shift(s, sendq);
        if (w !== 0) {
          if (!claims(s, w)) return unlockBoth(s, slow);
          s[value + t] = first(s);
          if (early) s[slots + (get(s, sent) % cap)] = get(s, value + w - 1);
          add(s, early ? sent : received, 1);
          s[receives + t] = w; // for the next step
          return over;
        }
        s[seenSent] = get(s, sent);
        if (s[sent] !== s[received]) {
          const v = first(s);
          add(s, received, 1);
          return unlockBoth(s, gets(s, v));
        }
        if (s[closed] === 1) return unlockBoth(s, next(CLOSED));
        s[receives + t] = 1;
        push(s, recvq, t + 1);
        return unlockBoth(s, `${name}: wait`);
      },
      [over]: (s) => {
        const w = get(s, receives + t);
        const [v, its] = [get(s, value + t), get(s, value + w - 1)];
        s[receives + t] = s[value + t] = 0;
        if (!early) s[slots + (get(s, sent) % cap)] = its;
        add(s, early ? received : sent, 1);
        if (flaw !== "who hands over does not say what has been sent") s[seenSent] = get(s, sent);
        if (flaw !== "who hands over does not say what has been received") s[seenReceived] = get(s, received);
        s[given + its] = 1;
        post(s, w, OK);
        return unlockBoth(s, gets(s, v));
      },
      ...wait(t, name, recvq, (s, what, v) => {
        if (what === OK) settle(s, v, DELIVERED);
        return next(what);
      }),
    };
  };

  /** Waits until it is posted, or cancelled: then it takes its waiter out of the queue, and begins anew. */
  const wait = (t: number, name: string, queue: number, then: (s: State, what: number, v: number) => string): Steps => {
    const again = queue === sendq ? name : `${name}: lock its end`;
    const forget = (s: State) => void (s[result + t] = s[claim + t] = s[value + t] = s[receives + t] = 0);
    return {
      [`${name}: wait`]: [
        (s) => {
          const what = get(s, result + t);
          if (what === 0) return undefined;
          const v = get(s, value + t);
          forget(s);
          return then(s, what, v);
        },
        (s) => {
          if (s[mayCancel + t] === 0) return undefined;
          s[mayCancel + t] = 0;
          if (s[claim + t] === 1) return `${name}: wait`;
          s[claim + t] = 1;
          return `${name}: leave`;
        },
      ],
      [`${name}: leave`]: (s) => {
        if (s[lock] !== 0) return undefined;
        remove(s, queue, t + 1);
        forget(s);
        return again;
      },
    };
  };

  const wakeAll = (name: string, queue: number, next: string): Steps => ({
    [name]: (s) => {
      if (s[lock] !== 0) return undefined;
      const w = shift(s, queue);
      if (w === 0) return next;
      if (claims(s, w)) post(s, w, CLOSED);
      return name;
    },
  });

  const gone = (s: State, t: number) => s[done + t] === 1 || (s[dead + t] === 1 && s[swept] === 1);

  const perform = (t: number, op: Op, id: string, next: string): readonly [string, Steps] => {
    if (typeof op === "number") return [`${id} send v${op}`, send(t, op, `${id} send v${op}`, next)];
    if (typeof op === "object") {
      const name = `${id} after T${op.after}`;
      return [name, { [name]: (s) => (gone(s, op.after) ? next : undefined) }];
    }
    const name = `${id} ${op}`;
    if (op === "close") {
      const close: Step = (s) => {
        if (s[lock] !== 0) return undefined;
        s[closed] = 1;
        return `${name}: wake receivers`;
      };
      return [
        name,
        {
          [name]: close,
          ...wakeAll(`${name}: wake receivers`, recvq, `${name}: wake senders`),
          ...wakeAll(`${name}: wake senders`, sendq, next),
        },
      ];
    }
    const entry = op === "select" ? `${name}: lock the senders' end` : `${name}: lock its end`;
    const again = (what: number) => (op === "range" && what !== CLOSED ? entry : next);
    const steps = recv(t, name, again);
    // A select may die with both locks; otherwise the sections under both are straight-line code.
    if (op !== "select") straight.push(`${name}: with both`);
    return [entry, steps];
  };

  threads.forEach((ops, t) => {
    const parts: Steps[] = [];
    let next = "end";
    for (let i = ops.length - 1; i >= 0; i--) {
      const [entry, steps] = perform(t, ops[i] as Op, `${i + 1}`, next);
      parts.unshift(steps);
      next = entry;
    }
    const begin: Step = (s) => {
      s[mayCancel + t] = cancels.includes(t) ? 1 : 0;
      return next;
    };
    const end: Step = (s) => {
      if (s[done + t] === 1) return undefined;
      s[done + t] = 1;
      return "end";
    };
    m.actor(`T${t}`, Object.assign({ begin }, ...parts, { end }), (s) => s[dead + t] === 0);
  });

  if (dies !== undefined) {
    const evict =
      (queue: number, next: string): Step =>
      (s) => {
        if (s[lock] !== 0) return undefined;
        remove(s, queue, dies + 1);
        return next;
      };
    m.actor("death", {
      alive: (s) => {
        if (s[done + dies] === 1 || m.at(s, `T${dies}`, ...straight)) return undefined;
        s[dead + dies] = 1;
        return "free its locks";
      },
      "free its locks": (s) => {
        if (s[lock] === dies + 1 && flaw !== "LOCK of the dead stays held") s[lock] = 0;
        if (s[other] === dies + 1 && flaw !== "RECV_LOCK of the dead stays held") s[other] = 0;
        return "evict a receiver";
      },
      "evict a receiver": evict(recvq, "evict a sender"),
      "evict a sender": evict(sendq, "its mail"),
      "its mail": (s) => (s[result + dies] === OK && s[receives + dies] === 1 ? "put back" : "end what it began"),
      "put back": (s) => {
        if (s[lock] !== 0) return undefined;
        s[lock] = n + 1;
        return "put back: lock the other end";
      },
      "put back: lock the other end": (s) => {
        if (s[other] !== 0 && flaw !== "a value is put back with one lock") return undefined;
        s[lock] = 0;
        const v = get(s, value + dies);
        const r = shift(s, recvq);
        if (r !== 0 && !claims(s, r)) return "put back";
        s[result + dies] = 0;
        s[last + (v > 2 ? 1 : 0)] = 0; // others have got ahead of it
        if (r === 0) {
          if (count(s, ghosts) > 0) throw new Error("one at most");
          push(s, ghosts, v);
          return "end what it began";
        }
        s[value + r - 1] = v;
        post(s, r, OK);
        return "end what it began";
      },
      "end what it began": (s) => (s[closed] === 1 ? "wake receivers" : "sweep"),
      ...wakeAll("wake receivers", recvq, "wake senders"),
      ...wakeAll("wake senders", sendq, "sweep"),
      sweep: (s) => {
        if (s[swept] === 1) return undefined;
        s[swept] = 1;
        return "sweep";
      },
    });
  }

  if (looks) {
    const before = m.word("RECEIVED as seen");
    const seen = m.word("SENT as seen");
    m.actor("len", {
      "read RECEIVED": (s) => {
        s[before] = get(s, received);
        return "read SENT";
      },
      "read SENT": (s) => {
        s[seen] = get(s, sent);
        return "read RECEIVED again";
      },
      "read RECEIVED again": (s) => {
        if (s[before] !== s[received] && flaw !== "the length is read without looking again") return "read RECEIVED";
        s[length] = get(s, seen) - get(s, before);
        s[seen] = s[before] = 0;
        return "done";
      },
      done: () => undefined,
    });
  }

  const inBuffer = (s: State, v: number) => {
    for (let at = get(s, received); at < get(s, sent); at++) if (s[slots + (at % cap)] === v) return true;
    return has(s, ghosts, v);
  };
  m.always((s) => get(s, sent) - get(s, received) > cap && "there is more in the buffer than fits");
  m.always((s) => get(s, received) > get(s, sent) && "more has been received than sent");
  m.always((s) => (get(s, length) > cap || get(s, length) < 0) && "the length is impossible");
  m.always((s) => s[disorder] === 1 && "values of one sender overtake each other");
  m.always((s) => {
    for (let v = 1; v <= 4; v++) {
      if (s[fate + v] === TWICE) return "a value is delivered twice";
      if (s[fate + v] === RETURNED && s[given + v] === 1) return "a value that was sent came back";
    }
    return undefined;
  });
  m.atRest((s) => threads.some((_, t) => s[done + t] === 0 && s[dead + t] === 0) && "a goroutine is stuck");
  m.atRest((s) => {
    for (let v = 1; v <= 4; v++) {
      if (s[given + v] === 1 && s[fate + v] === PENDING && !inBuffer(s, v)) return "a value is lost";
    }
    return undefined;
  });
  return m;
}
