// Room for young objects, before the program begins.

import * as v8 from "node:v8";

/**
 * A goroutine's waits are short-lived objects, and V8 begins with room for 1 MB of those: it then collects about once a
 * millisecond, for a tenth of a program's time. It makes more room only when much survives. So let much survive, once: a few
 * milliseconds. Where V8 does not play along, nothing is lost.
 */
export function roomForYoungObjects(): void {
  const target = 8 * 2 ** 20;
  if (Number(process.versions.v8.split(".")[0]) < 12 || room() >= target) return;
  v8.setFlagsFromString("--semi-space-growth-factor=8");
  const kept: unknown[] = [];
  for (let i = 0; i < 64 && room() < target; i++) kept.push(new Array(16_384).fill(i));
  v8.setFlagsFromString("--semi-space-growth-factor=2");
}

function room(): number {
  return v8.getHeapSpaceStatistics().find((space) => space.space_name === "new_space")?.space_size ?? Infinity;
}
