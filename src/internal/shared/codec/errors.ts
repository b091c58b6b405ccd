// Errors: what of them crosses, and how they come to life again.
//
// The error itself matters more than what it carries: a property, a cause or an inner error that cannot cross (and HTTP clients
// hang half their state on an error) is left out, where any other value would be refused as a whole.

import { GoPanic } from "../../rt/panic.js";
import type { Decoder } from "./decoder.js";
import type { Encoder } from "./encoder.js";
import * as tags from "./tags.js";

type Make = (message: string, name: string) => Error;

interface Class {
  readonly prototype: object;
  readonly name: string;
  readonly make: Make;
}

/** The classes that are restored; an error of any other is one of the nearest of these that it extends. */
const classes: readonly Class[] = [
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError].map((make) =>
    entry(make, (message) => new make(message)),
  ),
  entry(AggregateError, (message) => new AggregateError([], message)),
  entry(GoPanic, (message) => new GoPanic(message, "")),
  ...(typeof DOMException === "undefined"
    ? []
    : [entry(DOMException, (message, name) => new DOMException(message, name))]),
];

const PLAIN = 0;

// What follows the strings.
const HAS_CAUSE = 1;
const HAS_ERRORS = 2;

/** Writes all of the error but a tag before it. */
export function writeError(to: Encoder, error: Error): void {
  to.head(tags.ERROR, classOf(error));
  to.text(read(error, "message") ?? "");
  to.text(read(error, "name") ?? "Error");
  to.value(read(error, "stack"));
  const start = to.pos;
  to.word(0);
  let flags = 0;
  if (Object.hasOwn(error, "cause") && attempt(to, error, "cause")) flags |= HAS_CAUSE;
  if (Object.hasOwn(error, "errors") && writeErrors(to, error)) flags |= HAS_ERRORS;
  to.words[start] = flags;
  writeProperties(to, error);
}

/** Reads what {@link writeError} wrote after its first word. */
export function readError(from: Decoder, number: number): Error {
  const message = from.value() as string;
  const name = from.value() as string;
  const stack = from.value() as string | undefined;
  const error = withoutStack(() => (classes[number] as Class).make(message, name));
  if (error.name !== name) define(error, "name", name);
  if (stack !== undefined) define(error, "stack", stack);
  const flags = from.word();
  if ((flags & HAS_CAUSE) !== 0) define(error, "cause", from.value());
  if ((flags & HAS_ERRORS) !== 0) define(error, "errors", from.value());
  for (let n = from.word(); n > 0; n--) {
    const key = from.value() as string;
    define(error, key, from.value(), true);
  }
  return error;
}

/** The frames of an error's making in this thread are of no use, and cost 3 to 13 µs. */
function withoutStack(make: () => Error): Error {
  const site = Error as { stackTraceLimit?: number };
  const { stackTraceLimit: limit } = site;
  if (limit === undefined || Object.isFrozen(Error)) return make();
  site.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    site.stackTraceLimit = limit;
  }
}

function entry(make: { readonly prototype: object; readonly name: string }, f: Make): Class {
  return { prototype: make.prototype, name: make.name, make: f };
}

/** The nearest class that is restored; one of another realm by its name. */
function classOf(error: Error): number {
  for (let p: unknown = Object.getPrototypeOf(error); p !== null; p = Object.getPrototypeOf(p)) {
    const own = classes.findIndex(({ prototype }) => prototype === p);
    if (own !== -1) return own;
    if (error instanceof Error || !Object.hasOwn(p as object, "name")) continue;
    const foreign = classes.findIndex(({ name }) => name === (p as Error).name);
    if (foreign !== -1) return foreign;
  }
  return PLAIN;
}

function writeErrors(to: Encoder, error: Error): boolean {
  const { errors } = error as { errors?: unknown };
  if (!Array.isArray(errors)) return false;
  to.head(tags.ARRAY, errors.length);
  for (const each of errors) if (!to.attempt(each)) to.word(tags.UNDEFINED);
  return true;
}

function writeProperties(to: Encoder, error: Error): void {
  const start = to.pos;
  to.word(0);
  let count = 0;
  for (const key of Object.keys(error)) {
    if (key === "stack" || key === "cause" || key === "errors") continue;
    const before = to.pos;
    to.text(key);
    if (attempt(to, error, key)) count++;
    else to.pos = before;
  }
  to.words[start] = count;
}

function attempt(to: Encoder, error: Error, key: string): boolean {
  try {
    return to.attempt((error as unknown as Record<string, unknown>)[key]);
  } catch {
    return false; // a getter that throws
  }
}

/** A property as text, if it can be had. */
function read(error: Error, key: "message" | "name" | "stack"): string | undefined {
  try {
    const value: unknown = error[key];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function define(error: Error, key: string, value: unknown, enumerable = false): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}
