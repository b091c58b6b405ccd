// Channels in shared memory (wasm/chan.ts, select.ts, queue.ts, sweep.ts), as a model for the explorer: threads with one goroutine each.
//
// A step is a section under a lock, a turn of a loop under locks, or what a thread does with a letter. What park.test.ts has shown
// is taken for granted here: a thread looks into its mailbox and falls asleep in one step, and to kick it is one step. Within a
// section others see only the claim and the letter, one after the other; to see the claim and not yet the letter is to wait for it.
// A buffer has one lock here; that the two of its ends do the same is shown by ends.ts.

import { Model, type State, type Step, type Steps } from "./explorer.js";
import { count, has, push, remove, shift } from "./lists.js";

export type Flaw =
  | "does not ask for the claim"
  | "a context does not ask for the claim"
  | "does not ring"
  | "select enters the queues one after the other"
  | "close wakes only receivers"
  | "nobody is kicked after a death"
  | "the mail of the dead is thrown away"
  | "mail is returned before the queues are swept"
  | "a lock of the dead stays held"
  | "the locks of the dead are freed one by one, on the way"
  | "nobody ends what the dead began to close";

const [BLOCKED, OK, CLOSED, STALE] = [0, 1, 2, 6];
const LOCAL = 100; // a claim by somebody in the same thread
const [PENDING, DELIVERED, RETURNED] = [0, 1, 2];

export interface Case {
  readonly chan: number;
  /** The value to send; undefined: receives. */
  readonly value?: number;
}

/** Where the words of a channel are. */
interface Chan {
  readonly closed: number;
  readonly lock: number;
  readonly slots: number;
  readonly recvq: number;
  readonly sendq: number;
  readonly ghosts: number;
}

/** What a goroutine does: its first label, and its steps, which lead to `next`. */
type Op = (thread: number, id: string, next: string) => readonly [entry: string, steps: Steps];

export class Channels {
  readonly model: Model = new Model();
  readonly #flaw: Flaw | undefined;
  readonly #caps: readonly number[];
  readonly #threads: number;
  readonly #chan: readonly Chan[];
  // By waiter: two for each thread, from 1 on. Queues are lists that end with a 0.
  readonly #group: number;
  readonly #claim: number;
  readonly #result: number;
  readonly #value: number;
  readonly #from: number; // the channel + 1, if it receives
  // By thread.
  readonly #mail: number;
  readonly #asleep: number;
  readonly #dead: number;
  readonly #cancels: number;
  readonly #done: number;
  readonly #bell: number;
  // By value.
  readonly #fate: number;
  readonly #sent: number;
  readonly #values: number;
  #swept: number;

  constructor(setting: { caps: readonly number[]; threads: number; values: number; flaw?: Flaw | undefined }) {
    const { caps, threads, values, flaw } = setting;
    const m = this.model;
    this.#flaw = flaw;
    this.#caps = caps;
    this.#threads = threads;
    this.#values = values;
    this.#chan = caps.map((cap, c) => ({
      closed: m.word(`c${c} closed`),
      lock: m.word(`c${c} lock`),
      slots: m.words(`c${c} slots`, cap + 1),
      recvq: m.words(`c${c} recvq`, threads + 2),
      sendq: m.words(`c${c} sendq`, threads + 2),
      ghosts: m.words(`c${c} ghosts`, 3),
    }));
    this.#group = m.words("group", 2 * threads + 1);
    this.#claim = m.words("claim", 2 * threads + 1);
    this.#result = m.words("result", 2 * threads + 1);
    this.#value = m.words("value", 2 * threads + 1);
    this.#from = m.words("receives from", 2 * threads + 1);
    this.#mail = m.words("mail", threads);
    this.#asleep = m.words("asleep", threads);
    this.#dead = m.words("dead", threads);
    this.#cancels = m.words("cancels left", threads);
    this.#done = m.words("done", threads);
    this.#bell = m.words("to ring", threads + 1); // thread + 1
    this.#fate = m.words("fate", values + 1);
    this.#sent = m.words("sent", values + 1);
    this.#swept = m.word("swept", 1);
    m.always((s) => this.#twice(s));
    m.atRest((s) => this.#stuck(s) ?? this.#lost(s));
  }

  /** A thread whose goroutine does these things one after the other. */
  thread(t: number, ops: readonly Op[], cancels: number = 0): void {
    const parts: Steps[] = [];
    let next = "end";
    for (let i = ops.length - 1; i >= 0; i--) {
      const [entry, steps] = (ops[i] as Op)(t, `${i + 1}`, next);
      parts.unshift(steps);
      next = entry;
    }
    const begin: Step = (s) => {
      s[this.#cancels + t] = cancels;
      return next;
    };
    const end: Step = (s) => {
      if (s[this.#done + t] === 1) return undefined;
      s[this.#done + t] = 1;
      return "end";
    };
    this.model.actor(`T${t}`, Object.assign({ begin }, ...parts, { end }), (s) => s[this.#dead + t] === 0);
  }

  send(chan: number, value: number): Op {
    return (t, id, next) => this.#simple(t, `${id} send v${value} to c${chan}`, { chan, value }, () => next);
  }

  /** Receives, once or until the channel is closed. */
  recv(chan: number, untilClosed: boolean = false): Op {
    return (t, id, next) => {
      const entry = `${id} receive from c${chan}`;
      return this.#simple(t, entry, { chan }, (result) => (untilClosed && result !== CLOSED ? entry : next));
    };
  }

  select(...cases: readonly [Case, Case]): Op {
    return (t, id, next) => this.#select(t, `${id} select`, cases, next);
  }

  close(chan: number): Op {
    return (_t, id, next) => {
      const name = `${id} close c${chan}`;
      const { closed, lock } = this.#at(chan);
      const begin: Step = (s) => {
        if (s[lock] !== 0) return undefined;
        if (s[closed] === 1) return next;
        s[closed] = 1;
        return `${name}: wake a receiver`;
      };
      return [name, { [name]: begin, ...this.#wakeAll(name, chan, _t, next) }];
    };
  }

  /** Waits until another thread has ended or is dead and swept up. */
  after(thread: number): Op {
    return (_t, id, next) => {
      const gone = (s: State) => s[this.#done + thread] === 1 || (s[this.#dead + thread] === 1 && s[this.#swept] === 2);
      return [`${id} after T${thread}`, { [`${id} after T${thread}`]: (s) => (gone(s) ? next : undefined) }];
    };
  }

  /** The thread may die between any two steps, and is swept up then. */
  mayDie(dead: number): void {
    const me = this.#threads; // rings as one more thread
    const early = this.#flaw === "mail is returned before the queues are swept";
    const order = early ? ["free", "mail", "evict", "settle", "kick"] : ["free", "evict", "mail", "settle", "kick"];
    const after = (part: string) => order[order.indexOf(part) + 1] as string;
    const last = this.#chan.length - 1;
    const steps: Record<string, Step> = {
      alive: (s) => {
        if (s[this.#done + dead] === 1) return undefined;
        s[this.#dead + dead] = 1;
        return "free 0";
      },
      mail: (s) => {
        const w = s[this.#mail + dead] as number;
        s[this.#mail + dead] = 0;
        const c = (s[this.#from + w] as number) - 1;
        s[this.#value] = w;
        if (w === 0 || c === -1 || s[this.#result + w] !== OK || this.#flaw === "the mail of the dead is thrown away") {
          return next("mail");
        }
        return `put back into c${c}`;
      },
      kick: (s) => {
        if (this.#flaw !== "nobody is kicked after a death") {
          for (let t = 0; t < this.#threads; t++) s[this.#asleep + t] = 0;
        }
        s[this.#swept] = 2;
        return "swept";
      },
      swept: () => undefined,
    };
    const next = (part: string) => (["mail", "kick"].includes(after(part)) ? after(part) : `${after(part)} 0`);
    this.#chan.forEach((c, i) => {
      const late = this.#flaw === "the locks of the dead are freed one by one, on the way";
      steps[`free ${i}`] = (s) => {
        if (!late && s[c.lock] === dead + 1 && this.#flaw !== "a lock of the dead stays held") s[c.lock] = 0;
        return i < last ? `free ${i + 1}` : next("free");
      };
      steps[`evict ${i}`] = (s) => {
        if (late && s[c.lock] === dead + 1) s[c.lock] = 0;
        if (s[c.lock] !== 0) return undefined;
        for (const w of [2 * dead + 1, 2 * dead + 2]) {
          remove(s, c.recvq, w);
          remove(s, c.sendq, w);
        }
        return i < last ? `evict ${i + 1}` : next("evict");
      };
      steps[`put back into c${i}`] = (s) => {
        if (s[c.lock] !== 0) return undefined;
        const value = s[this.#value + (s[this.#value] as number)] as number;
        const r = shift(s, c.recvq);
        if (r === 0) {
          for (let at = c.ghosts + 2; at > c.ghosts; at--) s[at] = s[at - 1] as number;
          s[c.ghosts] = value;
          return next("mail");
        }
        if (!this.#claims(s, r)) return `put back into c${i}`;
        s[this.#value + r] = value;
        this.#post(s, me, r, OK);
        return "ring after it";
      };
      const settled = i < last ? `settle ${i + 1}` : "kick";
      steps[`settle ${i}`] = (s) => {
        const ends = s[c.closed] === 1 && this.#flaw !== "nobody ends what the dead began to close";
        return ends ? `settle ${i}: wake a receiver` : settled;
      };
      Object.assign(steps, this.#wakeAll(`settle ${i}`, i, me, settled));
    });
    steps["ring after it"] = (s) => this.#ring(s, me, next("mail"));
    this.model.actor("death", steps);
  }

  // One case, and no other.

  #simple(t: number, entry: string, one: Case, next: (result: number) => string): readonly [string, Steps] {
    const { lock, sendq, recvq } = this.#at(one.chan);
    const w = 2 * t + 1;
    const operate: Step = (s) => {
      if (s[lock] !== 0) return undefined;
      this.#prepare(s, w, one, w);
      const result = this.#operate(s, t, one);
      if (result === STALE) return entry;
      if (result !== BLOCKED) return s[this.#bell + t] === 0 ? next(result) : `${entry}: ring ${result}`;
      push(s, one.value === undefined ? recvq : sendq, w);
      return `${entry}: wait`;
    };
    return [
      entry,
      {
        [entry]: operate,
        [`${entry}: ring ${OK}`]: (s) => this.#ring(s, t, next(OK)),
        ...this.#wait(t, entry, [one], next),
      },
    ];
  }

  // Several cases: all channels are locked in their order.

  #select(t: number, entry: string, cases: readonly Case[], next: string): readonly [string, Steps] {
    const steps: Record<string, Step> = {};
    const inOrder = [...new Set(cases.map(({ chan }) => chan))].sort((a, b) => a - b);
    const n = inOrder.length - 1;
    const separately = this.#flaw === "select enters the queues one after the other";
    inOrder.forEach((chan, i) => {
      const { lock } = this.#at(chan);
      steps[i === 0 ? entry : `${entry}: lock ${i}`] = (s) => {
        if (s[lock] !== 0) return undefined;
        s[lock] = t + 1;
        return i === n ? `${entry}: try 0` : `${entry}: lock ${i + 1}`;
      };
      const unlock = (what: string, then: (s: State) => string) => {
        steps[`${entry}: ${what}: unlock ${i}`] = (s) => {
          s[lock] = 0;
          return i === n ? then(s) : `${entry}: ${what}: unlock ${i + 1}`;
        };
      };
      unlock("done", (s) => (s[this.#bell + t] === 0 ? next : `${entry}: ring`));
      unlock("parked", () => `${entry}: wait`);
      unlock("not yet parked", () => `${entry}: enter 0`);
    });
    cases.forEach((each, i) => {
      const w = 2 * t + 1 + i;
      const { lock, recvq, sendq } = this.#at(each.chan);
      steps[`${entry}: try ${i}`] = (s) => {
        if (i === 0) cases.forEach((c, j) => this.#prepare(s, 2 * t + 1 + j, c, 2 * t + 1));
        const result = this.#operate(s, t, each);
        if (result === STALE) return `${entry}: try ${i}`;
        if (result !== BLOCKED) {
          this.#giveUp(s, t, cases, i);
          return `${entry}: done: unlock 0`;
        }
        if (i < cases.length - 1) return `${entry}: try ${i + 1}`;
        return separately ? `${entry}: not yet parked: unlock 0` : `${entry}: enter 0`;
      };
      steps[`${entry}: enter ${i}`] = (s) => {
        if (separately && s[lock] !== 0) return undefined;
        push(s, each.value === undefined ? recvq : sendq, w);
        if (i < cases.length - 1) return `${entry}: enter ${i + 1}`;
        return separately ? `${entry}: wait` : `${entry}: parked: unlock 0`;
      };
    });
    steps[`${entry}: ring`] = (s) => this.#ring(s, t, next);
    return [entry, { ...steps, ...this.#wait(t, entry, cases, () => next) }];
  }

  /** Waits for a letter, or for its context; takes the waiters out of their queues that are still there. */
  #wait(t: number, entry: string, cases: readonly Case[], next: (result: number) => string): Steps {
    const waiters = cases.map((_, i) => 2 * t + 1 + i);
    const lead = waiters[0] as number;
    const steps: Record<string, Step | Step[]> = {};
    const leave = (what: string, then: (s: State) => string) => {
      cases.forEach(({ chan, value }, i) => {
        const { lock, recvq, sendq } = this.#at(chan);
        steps[`${entry}: ${what} ${i}`] = (s) => {
          if (s[lock] !== 0) return undefined;
          remove(s, value === undefined ? recvq : sendq, waiters[i] as number);
          return i < cases.length - 1 ? `${entry}: ${what} ${i + 1}` : then(s);
        };
      });
    };
    steps[`${entry}: wait`] = [
      (s) => {
        const w = s[this.#mail + t] as number;
        if (w === 0) {
          if (s[this.#asleep + t] === 1) return undefined;
          s[this.#asleep + t] = 1;
          return `${entry}: wait`;
        }
        if (s[this.#asleep + t] === 1) return undefined; // the mailbox is not looked into
        s[this.#mail + t] = 0;
        const i = waiters.indexOf(w);
        const result = s[this.#result + w] as number;
        this.#settle(s, cases[i] as Case, result, s[this.#value + w] as number);
        this.#giveUp(s, t, cases, i);
        return cases.length === 1 ? next(result) : `${entry}: leave 0`;
      },
      (s) => {
        if (s[this.#cancels + t] === 0) return undefined;
        s[this.#cancels + t] = 0;
        if (s[this.#claim + lead] !== 0 && this.#flaw !== "a context does not ask for the claim") {
          return `${entry}: wait`;
        }
        s[this.#claim + lead] = LOCAL;
        s[this.#asleep + t] = 0;
        return `${entry}: leave, canceled, 0`;
      },
    ];
    if (cases.length > 1) leave("leave", () => next(OK));
    leave("leave, canceled,", () => entry); // and does it again, without a context
    return steps;
  }

  // What is done under the lock.

  #prepare(s: State, w: number, { chan, value }: Case, group: number): void {
    s[this.#group + w] = group;
    s[this.#claim + w] = s[this.#result + w] = 0;
    s[this.#value + w] = value ?? 0;
    s[this.#from + w] = value === undefined ? chan + 1 : 0;
  }

  /** sendLocked, recvLocked: what comes of it at once is settled. */
  #operate(s: State, t: number, { chan, value }: Case): number {
    const { closed, slots, recvq, sendq, ghosts } = this.#at(chan);
    const cap = this.#caps[chan] as number;
    if (value !== undefined) {
      if (s[closed] === 1) return this.#settle(s, { chan, value }, CLOSED, 0);
      const r = shift(s, recvq);
      if (r !== 0) {
        if (!this.#claims(s, r)) return STALE;
        s[this.#value + r] = value;
        this.#post(s, t, r, OK);
      } else if (count(s, slots) === cap) {
        return BLOCKED;
      } else {
        push(s, slots, value);
      }
      return this.#settle(s, { chan, value }, OK, 0);
    }
    const ghost = shift(s, ghosts);
    if (ghost !== 0) return this.#settle(s, { chan }, OK, ghost);
    const w = shift(s, sendq);
    if (w !== 0) {
      if (!this.#claims(s, w)) return STALE;
      let got = s[this.#value + w] as number;
      if (cap > 0) {
        push(s, slots, got);
        got = shift(s, slots);
      }
      this.#post(s, t, w, OK);
      return this.#settle(s, { chan }, OK, got);
    }
    const got = shift(s, slots);
    if (got !== 0) return this.#settle(s, { chan }, OK, got);
    return s[closed] === 1 ? CLOSED : BLOCKED;
  }

  #wakeAll(name: string, chan: number, me: number, next: string): Steps {
    const { lock, recvq, sendq } = this.#at(chan);
    const wake =
      (queue: number, again: string, then: string): Step =>
      (s) => {
        if (s[lock] !== 0) return undefined;
        const w = shift(s, queue);
        if (w === 0) return then;
        if (!this.#claims(s, w)) return again;
        this.#post(s, me, w, CLOSED);
        return `${again}: ring`;
      };
    const [first, second] = [`${name}: wake a receiver`, `${name}: wake a sender`];
    return {
      [first]: wake(recvq, first, this.#flaw === "close wakes only receivers" ? next : second),
      [`${first}: ring`]: (s) => this.#ring(s, me, first),
      [second]: wake(sendq, second, next),
      [`${second}: ring`]: (s) => this.#ring(s, me, second),
    };
  }

  #claims(s: State, w: number): boolean {
    const group = s[this.#group + w] as number;
    if (s[this.#claim + group] !== 0 && this.#flaw !== "does not ask for the claim") return false;
    s[this.#claim + group] = w;
    return true;
  }

  #post(s: State, me: number, w: number, result: number): void {
    const to = (w - 1) >> 1;
    s[this.#result + w] = result;
    s[this.#mail + to] = w;
    s[this.#bell + me] = to + 1;
  }

  #ring(s: State, me: number, next: string): string {
    const to = (s[this.#bell + me] as number) - 1;
    s[this.#bell + me] = 0;
    if (this.#flaw !== "does not ring") s[this.#asleep + to] = 0;
    return next;
  }

  // What becomes of the values.

  /** An operation has ended for its goroutine. */
  #settle(s: State, { value }: Case, result: number, got: number): number {
    if (value === undefined) {
      if (result === OK) s[this.#fate + got] = s[this.#fate + got] === PENDING ? DELIVERED : 3;
    } else if (result === OK) {
      s[this.#sent + value] = 1;
    } else {
      s[this.#fate + value] = s[this.#fate + value] === PENDING ? RETURNED : 3;
    }
    return result;
  }

  /** The other cases of a select do not happen: what they would have sent is their goroutine's. */
  #giveUp(s: State, _t: number, cases: readonly Case[], chosen: number): void {
    cases.forEach((each, i) => i !== chosen && each.value !== undefined && this.#settle(s, each, CLOSED, 0));
  }

  #twice(s: State): string | undefined {
    for (let v = 1; v <= this.#values; v++) {
      if (s[this.#fate + v] === 3) return "a value is delivered twice";
      if (s[this.#fate + v] === RETURNED && s[this.#sent + v] === 1) return "a value that was sent came back";
    }
    return undefined;
  }

  #stuck(s: State): string | undefined {
    for (let t = 0; t < this.#threads; t++) {
      if (s[this.#dead + t] === 0 && s[this.#done + t] === 0) return "a goroutine is stuck";
    }
    return undefined;
  }

  #lost(s: State): string | undefined {
    for (let v = 1; v <= this.#values; v++) {
      const waits = this.#chan.some(({ slots, ghosts }) => has(s, slots, v) || has(s, ghosts, v));
      if (s[this.#sent + v] === 1 && s[this.#fate + v] === PENDING && !waits) return "a value is lost";
    }
    return undefined;
  }

  #at(chan: number): Chan {
    return this.#chan[chan] as Chan;
  }
}
