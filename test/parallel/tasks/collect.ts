// A task that lets the collector of its thread run.

import { task } from "gort/parallel";
import { type Spread, spreadOut } from "./stress.js";

/** Only where the collector is exposed. As many as `spread` says, each on a thread of its own. */
export const collect = task(import.meta, async function collect(spread: Spread) {
  spreadOut(spread);
  (globalThis as { gc?: () => void }).gc?.();
  await new Promise((resolve) => setTimeout(resolve, 1)); // what was found is let go of by then
});
