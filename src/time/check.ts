// What a duration must be.

/** Throws a `TypeError` unless `ms` is a number. */
export function checkDuration(operation: string, ms: number): void {
  if (typeof ms !== "number" || Number.isNaN(ms)) {
    throw new TypeError(
      `time: ${operation}: expected a number of milliseconds, got ${typeof ms === "number" ? "NaN" : typeof ms}`,
    );
  }
}
