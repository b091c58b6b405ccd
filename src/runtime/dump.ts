// The goroutines of this program, as text and as data. Numbers and sites are known in the detailed mode only (`gort run`).

import { detail, type GoroutineInfo } from "../internal/rt/detail.js";
import { userFrames } from "../internal/rt/frames.js";
import { goFrames, site } from "./frames.js";
import { numGoroutine } from "./numbers.js";

/** A goroutine that waits for ever. */
export type LeakReport = GoroutineInfo;

/**
 * The stack of the goroutine that calls it, in Go's form; with `all`, every goroutine of this thread, with its state and where
 * it was started. {@link dump} tells where the others wait, too, and asks the other threads. Go: `runtime.Stack`,
 * `debug.Stack`.
 */
export function stack(opts: { all?: boolean } = {}): string {
  const frames = userFrames(site().stack);
  if (detail === undefined) {
    const rest =
      opts.all === true && numGoroutine() > 1
        ? `\n${numGoroutine() - 1} more; run the program with "gort run" to see them\n`
        : "";
    return `goroutine [running]:\n${frames}\n${rest}`;
  }
  const { id, created } = detail.running();
  const own = `goroutine ${id} [running]:\n${frames}\n${created}`;
  if (opts.all !== true) return own;
  const others = detail.list().filter((g) => g.id !== id);
  return [own, ...others.map((g) => goFrames(g, "", false))].join("\n");
}

/**
 * Every goroutine in Go's form, with where it waits and where it was started: first those of this thread, then those of the
 * others, which it asks. Of a thread that computes or is blocked, and so cannot answer, it tells what tasks it has.
 */
export async function dump(): Promise<string> {
  return detail === undefined ? stack({ all: true }) : await detail.dump();
}

/** The goroutines of this thread that exist now; none outside the detailed mode. */
export function goroutines(): GoroutineInfo[] {
  return detail?.list() ?? [];
}

/**
 * The goroutines of which the garbage collector has proved that nothing can ever wake them; none outside the detailed mode.
 * It runs the collector. What a global variable or a live closure still refers to cannot be proved lost.
 *
 * ```ts
 * for (const g of await runtime.leaks()) console.warn(`goroutine ${g.id} leaks: ${g.state}\n${g.createdAt}`);
 * ```
 */
export async function leaks(): Promise<LeakReport[]> {
  return (await detail?.leaks()) ?? [];
}
