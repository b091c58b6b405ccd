// What the detailed mode knows of goroutines that live. The test knows its lines and columns: change them together.

import { chan, go, gosched, main } from "gort";
import { dump, goroutines, numGoroutine, stack } from "gort/runtime";

const [gate, reported] = [chan<void>(), chan<never>()];

async function waits(): Promise<void> {
  await gate.recv();
}

async function reports(): Promise<void> {
  await gosched();
  console.log(`own: ${stack().split("\n")[0]}`);
  reported.close();
}

async function parent(): Promise<void> {
  go(waits);
  await gate.recv();
}

main(async () => {
  go(waits);
  go(reports);
  go(parent);
  await reported.recv();
  while (numGoroutine() !== 4 || goroutines().some((g) => g.id !== 1 && g.state !== "chan receive")) await gosched();
  console.log(stack().split("\n").slice(0, 2).join("\n"));
  const headings = (text: string) => text.split("\n").filter((line) => line.startsWith("goroutine "));
  const all = stack({ all: true });
  console.log(headings(all).length === numGoroutine() ? "all" : all);
  console.log(
    goroutines()
      .map((g) => `${g.id} ${g.state} ${g.createdBy ?? "-"} ${g.since instanceof Date}`)
      .join("\n"),
  );
  const text = await dump();
  console.log(headings(text).join("\n"));
  console.log(/created by parent in goroutine 4\n {4}at parent \(.*stacks\.ts:19:3\)/.test(text));
  console.log(/goroutine 2 .*\n {4}at async waits \(.*stacks\.ts:9:3\)/.test(text));
  gate.close();
  while (numGoroutine() > 1) await gosched();
  console.log(goroutines().length); // the dump has woken nobody for good, and lost nobody
});
