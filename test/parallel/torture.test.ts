// Threads that are killed under load, again and again. GORT_KILLS=20000 npm test -- parallel/torture takes it further.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chan, chan, go, select } from "gort";
import { gomaxprocs, shared } from "gort/parallel";
import { type Choice, seeded } from "../support/seed.js";
import { internal } from "../support/internal.js";
import { type Request, serve } from "./tasks/torture.js";

interface Pool {
  workers: Map<number, { terminate(): void }>;
}

const { processors } = await internal<{ processors(): Pool }>("../parallel/pool.js");
const kills = Number(process.env["GORT_KILLS"] ?? 1000);
const window = 64; // requests without an answer, at most

/** Requests and answers between this thread and servers on others, of which some are killed meanwhile. */
async function round(choice: Choice, toKill: number): Promise<{ killed: number; restarted: number }> {
  const requests = shared.chan<Request>(choice.of([0, 1, 3, 100]));
  const urgent = shared.chan<Request>(choice.of([0, 1, 3]));
  const answers = shared.chan<number>(choice.of([0, 1, 3, 100]));
  const idle = shared.chan<never>();
  const progress: Chan<void> = chan(1);
  const open = new Map<number, Request>();
  const counts = { killed: 0, restarted: 0 };

  let ending = false;
  const server = async () => {
    while (!ending) {
      try {
        await serve.run(requests, urgent, answers, idle);
      } catch (error) {
        assert.equal((error as { code?: string }).code, "ERR_PROCESSOR_DIED", String(error));
        counts.restarted++;
      }
    }
  };
  const servers = Promise.all(Array.from({ length: 4 }, server));

  go(async () => {
    for await (const id of answers) {
      open.delete(id); // an answer may come twice: from a server that died after it
      progress.trySend(undefined);
    }
  });

  const ask = async (request: Request) => {
    open.set(request.id, request);
    if (choice.below(3) > 0) await requests.send(request);
    else await select({ a: requests.sending(request), b: urgent.sending(request) });
  };

  let id = 0;
  let next = 0;
  while (counts.killed < toKill) {
    while (open.size >= window) {
      const waiting = progress.recv();
      if (!(await within(waiting))) for (const request of open.values()) await ask(request); // those that died with their server
    }
    await ask({ id, text: `request ${id}` });
    if (++id < next) continue;
    next = id + 1 + choice.below(40);
    const alive = [...processors().workers.values()];
    if (alive.length === 0) continue;
    choice.of(alive).terminate();
    counts.killed++;
  }
  while (open.size > 0) {
    for (const request of open.values()) await ask(request);
    while (open.size > 0 && (await within(progress.recv())));
  }
  ending = true;
  requests.close();
  await servers;
  answers.close();
  return counts;
}

/** Whether it comes within a time in which it would have come by now. */
async function within(event: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, 250, false)));
  const came = await new Promise<boolean>((resolve) => {
    void event.then(() => resolve(true));
    void late.then(resolve);
  });
  clearTimeout(timer);
  return came;
}

test(
  `${kills} kills under load: nothing hangs, nothing is torn, every request is answered in the end`,
  { timeout: 3_600_000 },
  async () => {
    gomaxprocs(3);
    await seeded(async (choice) => {
      let killed = 0;
      let restarted = 0;
      while (killed < kills) {
        const counts = await round(choice, Math.min(50, kills - killed));
        killed += counts.killed;
        restarted += counts.restarted;
      }
      assert.ok(restarted >= kills / 10, `only ${restarted} servers have died`);
    });
  },
);
