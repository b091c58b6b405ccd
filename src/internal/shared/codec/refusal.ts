// Refusals: what is wrong with a value that cannot cross, where in the whole it stands, and what to do instead.

/** From a whole to a part of it, as one would write that in a program: `value` to `value.config`. */
export type Step = (whole: string) => string;

/** What is thrown where a value is refused. On its way up it learns where that was; {@link refuse} makes the error. */
export class Refusal extends Error {
  /** What it is a part of, the outermost first, and the step into each. */
  readonly wholes: object[] = [];
  readonly steps: Step[] = [];
  /** After the path: "is a function, …". */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }

  /** The value was a part of `whole`. */
  within(whole: object, step: Step): this {
    this.wholes.unshift(whole);
    this.steps.unshift(step);
    return this;
  }
}

/** A value within itself, at any distance. */
export class Cycle extends Refusal {
  readonly value: object;

  constructor(value: object) {
    super("leads back to itself");
    this.value = value;
  }
}

/** A value too deep down. */
export class Depth extends Refusal {}

export const maxDepth = 1000;

/** The error for the caller. `what` is what he did, `name` what he calls the value. */
export function refuse(refusal: Refusal, what: string, name: string): Error {
  const { wholes, steps } = refusal;
  const path = (length: number) =>
    steps
      .slice(0, length)
      .reduce((whole, step) => step(whole), name)
      .trim();
  if (refusal instanceof Depth) {
    return new RangeError(
      `${what}: ${shorten(path(steps.length))} is nested deeper than ${maxDepth.toLocaleString("en")} levels`,
    );
  }
  if (!(refusal instanceof Cycle)) return new TypeError(`${what}: ${shorten(path(steps.length))} ${refusal.reason}`);
  // It was noticed late: the way there may have gone round several times.
  wholes.push(refusal.value);
  const again = wholes.findIndex((whole, i) => wholes.indexOf(whole) < i);
  const first = wholes.indexOf(wholes[again] as object);
  return new TypeError(
    `${what}: ${shorten(path(again))} leads back to ${shorten(path(first))}, ` +
      "and what contains itself cannot leave its thread; send ids in place of references",
  );
}

/** The step to a property. */
export function property(key: string): Step {
  return (whole) =>
    /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `${whole}.${key}` : `${whole}[${JSON.stringify(key)}]`;
}

/** The step to the nth element. */
export function element(index: number): Step {
  return (whole) => `${whole}[${index}]`;
}

/** The step to the nth of what a method gives. */
export function nth(method: string, index: number): Step {
  return (whole) => `[...${whole}${method}][${index}]`;
}

function shorten(path: string): string {
  return path.length <= 200 ? path : `${path.slice(0, 100)} … ${path.slice(-60)}`;
}

export function aFunction(): Refusal {
  return new Refusal(
    "is a function, which cannot leave its thread; send data, or mark a module-level function with task()",
  );
}

export function aSymbol(): Refusal {
  return new Refusal("is a symbol, which cannot leave its thread; send a string");
}

export function sparse(length: number, elements: number): Refusal {
  const n = `${elements} element${elements === 1 ? "" : "s"}`;
  return new Refusal(`is an array of length ${length} with ${n}, and would arrive without its holes; send a Map`);
}

export function unreachable(): Refusal {
  return new Refusal(
    "is a SharedArrayBuffer that no other thread can find; send a copy of its bytes, or use what shared and gort/atomic have",
  );
}

export function detached(): Refusal {
  return new Refusal("has no memory any more, because its buffer was transferred; send what it was transferred to");
}

export function moved(): Refusal {
  return new Refusal("has bytes whose buffer a getter transferred or resized while they were being read");
}

const remedies: Record<string, string> = {
  Promise: "await it, and send what it gives",
  WeakMap: "send a Map",
  WeakSet: "send a Set",
  WeakRef: "send what it refers to",
  AbortSignal: "send a Context",
  AbortController: "send a Context",
  Number: "send the primitive",
  String: "send the primitive",
  Boolean: "send the primitive",
  BigInt: "send the primitive",
  Symbol: "send a string",
};

/** Any other object that is not plain. */
export function anInstance(value: object): Refusal {
  if (isShared(value)) {
    return new Refusal(
      "belongs to another copy of gort, which shares no memory with this one; let all use one copy (npm ls gort, npm dedupe)",
    );
  }
  if (isChannel(value)) {
    return new Refusal("is a channel of this thread only; make it with shared.chan()");
  }
  const name = className(value);
  const remedy = Object.hasOwn(remedies, name) ? remedies[name] : undefined;
  if (remedy !== undefined) return new Refusal(`is ${article(name)} ${name}, which cannot leave its thread; ${remedy}`);
  return new Refusal(
    `is ${name === "" ? "an object with a prototype of its own" : `an instance of ${name}`}, ` +
      "and would arrive without its methods and private state; send its data as a plain object",
  );
}

function className(value: object): string {
  const { constructor } = value as { constructor?: unknown };
  if (typeof constructor === "function" && constructor !== Object) return constructor.name;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === "Object" ? "" : tag;
}

function article(name: string): string {
  return /^[AEIOU]/.test(name) ? "an" : "a";
}

/** Whether it is what {@link SharedObject} describes, made by whichever copy of gort. */
function isShared(value: object): boolean {
  const { on, pointer, kind } = value as Record<string, unknown>;
  return typeof on === "object" && typeof pointer === "number" && typeof kind === "number";
}

function isChannel(value: object): boolean {
  const { send, recv, [Symbol.asyncIterator]: iterate } = value as Record<string | symbol, unknown>;
  return [send, recv, iterate].every((method) => typeof method === "function");
}
