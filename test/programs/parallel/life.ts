// Programs with tasks, one by name: how they live and end.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chan, go, main } from "gort";
import { gomaxprocs, shared, task } from "gort/parallel";

export const add = task(import.meta, function add(a: number, b: number) {
  return a + b;
});

export const spin = task(import.meta, function spin() {
  for (;;);
});

export const never = task(import.meta, function never() {
  return new Promise<void>(() => {});
});

export const fails = task(import.meta, function fails(): never {
  throw new RangeError("thrown by a task");
});

export const failsLater = task(import.meta, async function failsLater() {
  go(() => {
    throw new RangeError("thrown by a goroutine of a task");
  });
  await new Promise((resolve) => setTimeout(resolve, 10_000));
});

export const receives = task(import.meta, async function receives(ch: { recv(): Promise<number | undefined> }) {
  return ch.recv();
});

export const blocks = task(import.meta, function blocks(ch: { recvSync(): unknown }) {
  return ch.recvSync();
});

export const sends = task(import.meta, function sends(ch: { sendSync(n: number): void }, n: number) {
  for (let i = 0; i < n; i++) ch.sendSync(i);
  return n;
});

export const exits = task(import.meta, function exits(code: number): void {
  process.exit(code);
});

export const aborts = task(import.meta, function aborts(): void {
  process.abort();
});

/** Ends as code does that is not JavaScript, and that crashes: the signal is one for the process. */
export const crashes = task(import.meta, async function crashes(signal: NodeJS.Signals) {
  process.kill(process.pid, signal);
  await new Promise(() => {});
});

/** Runs this Node with these arguments; gives what it prints. */
export const runsProgram = task(import.meta, async function runsProgram(args: string[]) {
  return (await promisify(execFile)(process.execPath, args)).stdout;
});

export const exitsLater = task(import.meta, function exitsLater(): void {
  setTimeout(() => process.exit(0), 100);
});

export const hoards = task(import.meta, function hoards() {
  const all: number[][] = [];
  for (;;) all.push(Array.from({ length: 100_000 }, (_, i) => i));
});

export const writes = task(import.meta, function writes(n: number) {
  for (let i = 0; i < n; i++) console.log(`line ${i}`);
});

const programs: Record<string, () => unknown> = {
  /** main returns while tasks run. */
  async returns() {
    go(spin);
    go(never);
    console.log(await add.run(1, 2));
  },
  async panics() {
    go(fails);
    await chan().recv();
  },
  async panicsLater() {
    await failsLater.run();
  },
  async deadlock() {
    const ch = shared.chan<number>();
    go(receives, ch);
    await chan().recv();
  },
  /** The last thread that is awake ends, while main waits for nobody. */
  async endsLater() {
    await exitsLater.run();
    await shared.chan<number>().recv();
  },
  async deadlockSync() {
    const ch = shared.chan<number>();
    await blocks.run(ch);
  },
  async waits() {
    console.log(await Promise.all([add.run(1, 2), new Promise((resolve) => setTimeout(resolve, 50, "timer"))]));
  },
  async sync() {
    gomaxprocs(2);
    const ch = shared.chan<number>();
    const sent = sends.run(ch, 1000);
    let sum = 0;
    for (let i = 0; i < 1000; i++) sum += (await ch.recv()) ?? NaN;
    console.log(sum, await sent);
    const blocked = [blocks.run(ch), blocks.run(ch)]; // both processors; others stand in for them
    console.log(await add.run(3, 4));
    await ch.send(1);
    await ch.send(2);
    const received = (await Promise.all(blocked)) as [number, true][];
    console.log(received.reduce((total, [n]) => total + n, 0));
    try {
      ch.recvSync();
    } catch (error) {
      console.log(String(error));
    }
  },
  async dies() {
    gomaxprocs(1);
    const codes: unknown[] = [];
    const report = (error: { code?: string; message: string }) => codes.push(error.code, error.message);
    const lost = never.run().catch(report);
    await exits.run(7).catch(report);
    await lost;
    console.log(codes.join("\n"));
    console.log(await add.run(1, 2));
  },
  async aborts() {
    await aborts.run().catch((error: Error & { code?: string }) => console.log(error.code));
    console.log(await add.run(1, 2));
  },
  async crashes() {
    const bystander = never.run().finally(() => console.log("a task has ended"));
    await crashes.run("SIGABRT").finally(() => console.log("the task has ended"));
    await bystander;
  },
  async childCrashes() {
    const [, program = "", , command = ""] = process.argv;
    const others = runsProgram.run(["-p", "1 + 1"]);
    await runsProgram.run([command, "run", program, "crashes"]).catch((error: Error & { signal?: string }) => {
      console.log(error instanceof Error, error.signal, error.message.startsWith("Command failed: "));
    });
    console.log((await others).trim(), await add.run(1, 2));
  },
  async memory() {
    await hoards.run().catch((error: { code?: string }) => console.log(error.code));
    console.log(await add.run(1, 2));
  },
  async output() {
    await writes.run(5);
    console.log("main");
  },
};

const name = process.argv[2] ?? "";
main(() => programs[name]?.());
