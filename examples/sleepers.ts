// Ten thousand goroutines asleep at once, and what the scheduler knows of them.
//
// A goroutine is an async function: one that waits costs a little memory and no time. `gort run` remembers where each
// one was started, for its reports, and that is most of the memory; with `--quiet` it does not.
//
// SPEC: program 1, rows R1, R4.
// Run: gort run [--quiet] examples/sleepers.ts

import { gosched, main } from "gort";
import * as runtime from "gort/runtime";
import * as sync from "gort/sync";
import * as time from "gort/time";

const sleepers = 10_000;

main(async () => {
  console.log(`processors: ${runtime.numCPU()}, GOMAXPROCS ${runtime.gomaxprocs()}`);
  console.log(`goroutines: ${runtime.numGoroutine()}`);

  const heap = process.memoryUsage().heapUsed;
  const began = performance.now();
  const wg = new sync.WaitGroup();
  for (let i = 0; i < sleepers; i++) wg.go(time.sleep, time.second);
  console.log(
    `goroutines: ${runtime.numGoroutine()}, of which ${runtime.metrics().runnable} stand in line for the processor`,
  );

  while (runtime.metrics().runnable > 0) await gosched(); // each runs until it sleeps
  console.log(`heap: ${Math.round((process.memoryUsage().heapUsed - heap) / sleepers)} bytes each`);

  await wg.wait();
  console.log(`all awake after ${time.formatDuration(Math.round(performance.now() - began))}`);
  console.log(`started in all: ${runtime.metrics().goroutinesCreated}`);
});

// Output:
// processors: …, GOMAXPROCS …
// goroutines: 1
// goroutines: 10001, of which 10000 stand in line for the processor
// heap: … bytes each
// all awake after …s
// started in all: 10001
