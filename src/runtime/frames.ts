// The stacks of goroutines, taken and written as Go writes them.

import type { GoroutineInfo } from "../internal/rt/detail.js";

/** What V8 adds to errors, and others have taken over. */
interface Traces {
  stackTraceLimit?: number;
  captureStackTrace?(holder: object, below: unknown): void;
}

const traces = Error as Traces;
const most = 50;

/** The stack here and now. V8 turns it into text when it is asked for. */
export function site(): { stack?: string } {
  if (traces.captureStackTrace === undefined) return new Error("site");
  const before = traces.stackTraceLimit ?? most;
  traces.stackTraceLimit = most;
  const holder: { stack?: string } = {};
  traces.captureStackTrace(holder, site);
  traces.stackTraceLimit = before;
  return holder;
}

/** "created by … in goroutine 1", and where; without a name if it was an anonymous function or a module. */
export function createdLines(info: GoroutineInfo): string {
  if (info.createdBy === undefined) return info.createdAt === "" ? "" : `created by ${info.createdAt}\n`;
  const [first = ""] = info.createdAt.split("\n");
  const name = /^ {4}at (?:async )?(.+?) \(/.exec(first)?.[1];
  return `created ${name === undefined ? "" : `by ${name} `}in goroutine ${info.createdBy}\n${first}\n`;
}

/** A goroutine in the form of Go's dump; `place`: on which processor, if it is one. */
export function goFrames(info: GoroutineInfo, stack: string, leaked: boolean, place = ""): string {
  const minutes = info.since === undefined ? 0 : Math.floor((Date.now() - info.since.getTime()) / 60_000);
  const state = [info.state, minutes >= 1 ? `${minutes} minutes` : "", leaked ? "leaked" : "", place].filter(
    (s) => s !== "",
  );
  return `goroutine ${info.id} [${state.join(", ")}]:\n${stack === "" ? "" : `${stack}\n`}${createdLines(info)}`;
}
