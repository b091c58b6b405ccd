// Stack frames as reports show them: the user's, without ours.

import type { GoroutineInfo } from "../internal/rt/detail.js";

const ours = new URL("..", import.meta.url).href;
const most = 50;

/** The stack here and now. It is turned into text when it is asked for. */
export function site(): { stack?: string } {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = most;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, site);
  Error.stackTraceLimit = before;
  return holder;
}

/** The frames of the user's code, one a line. */
export function framesOf(holder: { stack?: string }): string {
  return String(holder.stack ?? "")
    .split("\n")
    .filter((line) => line.startsWith("    at ") && !line.includes(ours) && !line.includes("node:internal"))
    .join("\n");
}

/** "created by … in goroutine 1", and where. */
export function createdLines(info: GoroutineInfo): string {
  if (info.createdBy === undefined) return "";
  const [first = "", ...rest] = info.createdAt.split("\n");
  const name = /^ {4}at (?:async )?(.+?) \(/.exec(first)?.[1] ?? "module";
  return `created by ${name} in goroutine ${info.createdBy}\n${[first, ...rest].slice(0, 1).join("\n")}\n`;
}

/** A goroutine in the form of Go's dump. */
export function goFrames(info: GoroutineInfo, stack: string, leaked: boolean): string {
  const minutes = info.since === undefined ? 0 : Math.floor((Date.now() - info.since.getTime()) / 60_000);
  const state = [info.state, minutes >= 1 ? `${minutes} minutes` : "", leaked ? "leaked" : ""].filter((s) => s !== "");
  return `goroutine ${info.id} [${state.join(", ")}]:\n${stack === "" ? "" : `${stack}\n`}${createdLines(info)}`;
}
