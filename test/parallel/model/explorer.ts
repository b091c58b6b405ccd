// An explorer of protocols: runs the actors of a small model in every possible order, and looks at every state that comes of it.
//
// A model is a memory of small integers, and actors that take steps. A step is what happens at one moment: an atomic instruction
// with what its thread does by itself after it, or a section under a lock. In each state any actor that can may go next. The
// states are visited in order of their distance from the first, so that a counter-example is as short as can be.

import assert from "node:assert/strict";

export type State = Int8Array;

/** Changes the state and tells at which label its actor goes on; undefined if the actor has to wait, and nothing is changed. */
export type Step = (s: State) => string | undefined;

/** By label: the step, or the steps of which any one may be taken. */
export type Steps = Readonly<Record<string, Step | readonly Step[]>>;

interface Actor {
  readonly name: string;
  readonly labels: readonly string[];
  readonly steps: readonly (readonly Step[])[];
  readonly pc: number;
  readonly lives: (s: State) => boolean;
}

export interface Outcome {
  readonly states: number;
  /** What is wrong, if something is, and how it comes to that: a line a step, with what the step has changed. */
  readonly problem?: string;
  readonly trace?: readonly string[];
}

interface Edge {
  readonly from: number;
  readonly actor?: Actor;
}

type Judge = (s: State) => string | false | undefined;

export class Model {
  readonly #names: string[] = [];
  readonly #first: number[] = [];
  readonly #actors: Actor[] = [];
  readonly #always: Judge[] = [];
  readonly #atRest: Judge[] = [];

  /** A word of the memory, by its index. */
  word(name: string, value: number = 0): number {
    this.#first.push(value);
    return this.#names.push(name) - 1;
  }

  /** Several words; the index of the first. */
  words(name: string, count: number, value: number = 0): number {
    const at = this.#names.length;
    for (let i = 0; i < count; i++) this.word(`${name}[${i}]`, value);
    return at;
  }

  /** An actor, which takes steps while it `lives`. */
  actor(name: string, steps: Steps, lives: (s: State) => boolean = () => true, first?: string): void {
    const labels = Object.keys(steps);
    const lists = Object.values(steps).map((each) => (typeof each === "function" ? [each] : each));
    const pc = this.word(`${name} at`, first === undefined ? 0 : labels.indexOf(first));
    this.#actors.push({ name, labels, steps: lists, pc, lives });
  }

  /** Whether the actor stands at one of the labels. */
  at(s: State, name: string, ...labels: string[]): boolean {
    const actor = this.#actors.find((each) => each.name === name) as Actor;
    return labels.includes(actor.labels[s[actor.pc] as number] as string);
  }

  /** What must never be: the judge says what is wrong with a state, if something is. */
  always(judge: Judge): void {
    this.#always.push(judge);
  }

  /** What must not be when no actor can take a step any more. From everywhere it must be possible to come to such a rest. */
  atRest(judge: Judge): void {
    this.#atRest.push(judge);
  }

  explore(limit: number = 2_000_000): Outcome {
    const states = new States(this.#first.length);
    const parents: Edge[] = [{ from: -1 }]; // how each state was first reached
    const froms: number[] = []; // all edges
    const tos: number[] = [];
    const resting: number[] = [];
    const next = Int8Array.from(this.#first);
    states.number(next);
    for (let at = 0; at < states.count; at++) {
      const s = states.get(at);
      const never = wrong(this.#always, s);
      if (never !== undefined) return this.#explain(never, at, states, parents);
      let rests = true;
      for (const actor of this.#actors) {
        if (!actor.lives(s)) continue;
        for (const step of actor.steps[s[actor.pc] as number] as readonly Step[]) {
          next.set(s);
          const label = step(next);
          if (label === undefined) continue;
          rests = false;
          next[actor.pc] = actor.labels.indexOf(label);
          if (next[actor.pc] === -1) throw new Error(`${actor.name} has no step ${label}`);
          const to = states.number(next);
          if (to === parents.length) parents.push({ from: at, actor });
          froms.push(at);
          tos.push(to);
        }
      }
      if (rests) {
        const left = wrong(this.#atRest, s);
        if (left !== undefined) return this.#explain(left, at, states, parents);
        resting.push(at);
      }
      if (states.count > limit) throw new Error(`more than ${limit} states`);
    }
    const endless = without(resting, states.count, froms, tos);
    if (endless !== -1) return this.#explain("it goes round for ever", endless, states, parents);
    return { states: states.count };
  }

  #explain(problem: string, last: number, states: States, parents: readonly Edge[]): Outcome {
    const trace: string[] = [];
    for (let at = last; at !== 0;) {
      const { from, actor } = parents[at] as Edge;
      trace.unshift(this.#describe(actor as Actor, states.get(from), states.get(at)));
      at = from;
    }
    return { states: states.count, problem, trace };
  }

  /** Who took which step, and what that changed. */
  #describe({ name, labels, pc }: Actor, before: State, after: State): string {
    const pcs = this.#actors.map((each) => each.pc);
    const changes = this.#names.flatMap((word, i) =>
      before[i] === after[i] || pcs.includes(i) ? [] : [`${word} = ${after[i]}`],
    );
    return `${name}: ${labels[before[pc] as number]}${changes.length > 0 ? `   (${changes.join(", ")})` : ""}`;
  }
}

/** All states that have been seen, one behind the other, and a table by hash. */
class States {
  count = 0;
  readonly #size: number;
  #bytes: State;
  #table = new Int32Array(1 << 12); // number + 1

  constructor(size: number) {
    this.#size = size;
    this.#bytes = new Int8Array(size << 10);
  }

  get(at: number): State {
    return this.#bytes.subarray(at * this.#size, (at + 1) * this.#size);
  }

  /** The state's number: `count`, as it was before, if it is new. */
  number(s: State): number {
    const mask = this.#table.length - 1;
    let place = hash(s) & mask;
    for (let at; (at = this.#table[place] as number) !== 0; place = (place + 1) & mask) {
      if (this.#is(at - 1, s)) return at - 1;
    }
    const end = this.count * this.#size;
    if (end === this.#bytes.length) {
      const more = new Int8Array(2 * end);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    this.#bytes.set(s, end);
    this.#table[place] = ++this.count;
    if (2 * this.count > mask) this.#rehash();
    return this.count - 1;
  }

  #is(at: number, s: State): boolean {
    const from = at * this.#size;
    for (let i = 0; i < s.length; i++) if (this.#bytes[from + i] !== s[i]) return false;
    return true;
  }

  #rehash(): void {
    const mask = 2 * this.#table.length - 1;
    const table = new Int32Array(mask + 1);
    for (let at = 0; at < this.count; at++) {
      let place = hash(this.get(at)) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = at + 1;
    }
    this.#table = table;
  }
}

function hash(s: State): number {
  let h = 0;
  for (let i = 0; i < s.length; i++) h = Math.imul(h ^ (s[i] as number), 0x5bd1e995) ^ (h >>> 15);
  return h ^ (h >>> 13);
}

function wrong(judges: readonly Judge[], s: State): string | undefined {
  for (const each of judges) {
    const what = each(s);
    if (what !== undefined && what !== false) return what;
  }
  return undefined;
}

/** The first state from which none of `ends` can be reached, -1 if there is none. */
function without(ends: readonly number[], count: number, froms: readonly number[], tos: readonly number[]): number {
  const first = new Int32Array(count + 1); // the edges by their end
  for (const to of tos) first[to + 1] = (first[to + 1] as number) + 1;
  for (let i = 0; i < count; i++) first[i + 1] = (first[i + 1] as number) + (first[i] as number);
  const fill = first.slice();
  const into = new Int32Array(froms.length);
  froms.forEach((from, i) => {
    const to = tos[i] as number;
    const place = fill[to] as number;
    into[place] = from;
    fill[to] = place + 1;
  });
  const reached = new Uint8Array(count);
  const stack = [...ends];
  for (const end of ends) reached[end] = 1;
  for (let at; (at = stack.pop()) !== undefined;) {
    for (let i = first[at] as number; i < (first[at + 1] as number); i++) {
      const before = into[i] as number;
      if (reached[before] === 1) continue;
      reached[before] = 1;
      stack.push(before);
    }
  }
  return reached.indexOf(0);
}

/** Nothing goes wrong in any order; and there are as many states as there were when docs/threads.md was written. */
export function proves(model: Model, states: number): void {
  const { problem, trace, states: seen } = model.explore();
  assert.equal(problem, undefined, [problem, ...(trace ?? [])].join("\n"));
  if (states === 0) return console.log(seen);
  assert.equal(seen, states, "the model has become another: docs/threads.md says how many states it has");
}

/** The explorer finds out what is wrong. Gives an order of steps in which it goes wrong, the shortest there is. */
export function refutes(model: Model, problem: string): string {
  const outcome = model.explore();
  assert.equal(outcome.problem, problem, outcome.trace?.join("\n"));
  return (outcome.trace as string[]).join("\n");
}
