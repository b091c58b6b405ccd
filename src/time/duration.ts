// Durations as text, in Go's notation, and their rounding.

import { hour, microsecond, millisecond, minute, nanosecond, second } from "./units.js";

const units: Readonly<Record<string, number>> = {
  ns: nanosecond,
  us: microsecond,
  µs: microsecond, // micro sign
  μs: microsecond, // Greek mu
  ms: millisecond,
  s: second,
  m: minute,
  h: hour,
};

/**
 * Reads a duration such as `"1h15m30.918s"`, `"-1.5h"` or `"300ms"`, in milliseconds. Go: `time.ParseDuration`.
 *
 * Throws an `Error` with Go's words: `time: invalid duration "3"`, `time: missing unit in duration "3"`,
 * `time: unknown unit "x" in duration "3x"`.
 */
export function parseDuration(text: string): number {
  const bad = (what: string) => new Error(`time: ${what} ${JSON.stringify(text)}`);
  let rest = text.replace(/^[-+]/, "");
  if (rest === "0") return 0;
  if (rest === "") throw bad("invalid duration");
  let total = 0;
  while (rest !== "") {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) throw bad("invalid duration");
    rest = rest.slice(number.length);
    const unit = /^[^\d.]*/.exec(rest)?.[0] ?? "";
    if (unit === "") throw bad("missing unit in duration");
    const ms = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (ms === undefined) throw bad(`unknown unit ${JSON.stringify(unit)} in duration`);
    rest = rest.slice(unit.length);
    total += times(number, ms);
  }
  return text.startsWith("-") ? -total : total;
}

/** Multiplying by 1e-6 is a hair off where dividing by 1e6 is exact. */
function times(number: string, ms: number): number {
  return ms < 1 ? Number(number) / Math.round(1 / ms) : Number(number) * ms;
}

/** Writes a duration as Go prints it: `"1h15m30.918s"`, `"1.5ms"`, `"0s"`. To the nanosecond. Go: `Duration.String`. */
export function formatDuration(ms: number): string {
  if (Number.isNaN(ms)) throw new RangeError("time: formatDuration of NaN");
  const sign = ms < 0 ? "-" : "";
  const size = Math.abs(ms);
  if (size === Infinity) return `${sign}Inf`;
  const [whole = "0", fraction = ""] = size.toFixed(6).split(".");
  const ns = BigInt(whole + fraction);
  if (ns === 0n) return "0s";
  if (ns < 1000n) return `${sign}${ns}ns`;
  if (ns < 1_000_000n) return `${sign}${decimal(ns, 3)}µs`;
  if (ns < 1_000_000_000n) return `${sign}${decimal(ns, 6)}ms`;
  const minutes = ns / 60_000_000_000n;
  const seconds = `${decimal(ns % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** n / 10^digits, without zeros at the end. */
function decimal(n: bigint, digits: number): string {
  const text = n.toString().padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, "");
}

/** `ms` rounded towards zero to a multiple of `unit`; as it is, if `unit` is not above 0. Go: `Duration.Truncate`. */
export function truncateDuration(ms: number, unit: number): number {
  return unit > 0 && Number.isFinite(ms) ? Math.trunc(ms / unit) * unit : ms;
}

/**
 * `ms` rounded to the nearest multiple of `unit`, halves away from zero; as it is, if `unit` is not above 0. Go:
 * `Duration.Round`.
 */
export function roundDuration(ms: number, unit: number): number {
  return unit > 0 && Number.isFinite(ms) ? Math.sign(ms) * Math.round(Math.abs(ms) / unit) * unit : ms;
}
