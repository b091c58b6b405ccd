// Nobody starves: not the host's timers, sockets and immediates while goroutines wake each other for ever, nor the goroutines.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { type Chan, chan, go, gosched, select, trySelect } from "gort";
import { numGoroutine } from "gort/runtime";
import { WaitGroup } from "gort/sync";
import * as time from "gort/time";
import { node } from "../../support/child.js";
import { settle } from "../../support/settle.js";
import { simulate } from "../../support/virtual.js";

type Spin = (done: () => boolean) => void;

async function exchange(ping: Chan<number>, pong: Chan<number>, done: () => boolean): Promise<void> {
  for (let i = 0; !done(); i++) {
    await ping.send(i);
    await pong.recv();
  }
  ping.close();
}

async function answer(ping: Chan<number>, pong: Chan<number>): Promise<void> {
  for await (const i of ping) await pong.send(i);
}

const pair =
  (capacity: number): Spin =>
  (done) => {
    const [ping, pong] = [chan<number>(capacity), chan<number>(capacity)];
    go(exchange, ping, pong, done);
    go(answer, ping, pong);
  };

/** Ways in which goroutines can keep a thread busy for ever though each of them waits all the time. */
const spins: Record<string, Spin> = {
  "a pair on channels": pair(0),
  "a pair on buffered channels": pair(1),
  "one goroutine that never has to wait": (done) => {
    const ch = chan<number>(1);
    go(async () => {
      while (!done()) {
        await ch.send(1);
        await ch.recv();
      }
    });
  },
  "gosched in a loop": (done) => {
    go(async () => {
      while (!done()) await gosched();
    });
  },
  "trySelect and gosched in a loop": (done) => {
    const ch = chan<number>();
    go(async () => {
      while (!done()) if (trySelect({ ch }) === undefined) await gosched();
    });
  },
  "a range over a busy channel": (done) => {
    const ch = chan<number>(10);
    go(async () => {
      while (!done()) await ch.send(1);
      ch.close();
    });
    go(async () => {
      for await (const n of ch) void n;
    });
  },
  "recvMany from a busy channel": (done) => {
    const ch = chan<number>(10);
    go(async () => {
      while (!done()) await ch.send(1);
      ch.close();
    });
    go(async () => {
      while ((await ch.recvMany()).length > 0);
    });
  },
  "receives from a closed channel": (done) => {
    const ch = chan<number>();
    ch.close();
    go(async () => {
      while (!done()) await ch.recvOk();
    });
  },
  "select in a loop": (done) => {
    const [a, b] = [chan<number>(), chan<number>()];
    go(async () => {
      while (!done()) await select({ a: a.sending(1), b: b.sending(2) });
      a.close();
      b.close();
    });
    go(async () => {
      while ((await select({ a, b })).ok);
    });
  },
  "a chain in which each goroutine starts the next": (done) => {
    const next = () => {
      if (!done()) go(next);
    };
    go(next);
  },
  "a chain of wait groups": (done) => {
    const turn = async (mine: WaitGroup) => {
      await mine.wait();
      if (done()) return;
      const next = new WaitGroup();
      next.add(1);
      go(turn, next);
      next.done();
    };
    const first = new WaitGroup();
    go(turn, first);
  },
  "two goroutines that wake each other in turn": (done) => {
    let wake = () => {};
    const turn = async () => {
      while (!done()) {
        const gate = new WaitGroup();
        gate.add(1);
        wake();
        wake = () => gate.done();
        await gate.wait();
      }
      wake();
      wake = () => {};
    };
    go(turn);
    go(turn);
  },
  "sleeps of zero": (done) => {
    go(async () => {
      while (!done()) await time.sleep(0);
    });
  },
};

for (const [name, spin] of Object.entries(spins)) {
  test(`RT-3 RT-12 TM-6 timers, immediates, I/O and afterFunc run in spite of ${name}`, async () => {
    const before = numGoroutine();
    let over = false;
    spin(() => over);
    try {
      await Promise.all([
        new Promise((resolve) => setTimeout(resolve, 1)),
        new Promise((resolve) => setImmediate(resolve)),
        readFile(new URL(import.meta.url)),
        new Promise<void>((resolve) => time.afterFunc(time.microsecond, resolve)),
        time.after(5).recv(),
        time.sleep(5),
      ]);
    } finally {
      over = true;
    }
    while (numGoroutine() > before) await gosched();
  });
}

test("TM-7 a select between a busy channel and after() ends", async () => {
  let over = false;
  const busy = chan<number>();
  go(async () => {
    while (!over) await select({ busy: busy.sending(1), gone: time.after(time.second) });
  });
  const late = time.after(20);
  for (;;) {
    const s = await select({ busy, late });
    if (s.case === "late") break;
  }
  over = true;
});

test("TM-6 200,000 goroutines that a close wakes at once do not starve a timer", async () => {
  assert.deepEqual(await node("life.mjs", ["wokenAtOnce", "200000"]), { code: 0, stdout: "all ended\n", stderr: "" });
});

test("RT-3 goroutines that were started before gosched get to run", async () => {
  let ran = 0;
  for (let i = 0; i < 100; i++) go(() => ran++);
  while (ran < 100) await gosched();
});

test("RT-4 a pair that computes does not take the turns of a pair that hardly does", async () => {
  const turns = [0, 0];
  let sum = 0;
  const done = () => (turns[0] as number) >= 300 || (turns[1] as number) >= 30_000;
  const all = new WaitGroup();
  for (const [i, work] of [100_000, 1000].entries()) {
    const [ping, pong] = [chan<void>(), chan<void>()];
    const player = async (mine: Chan<void>, other: Chan<void>, first: boolean) => {
      if (first) await other.send();
      for (;;) {
        const [, ok] = await mine.recvOk();
        if (!ok) return;
        for (let n = 0; n < work; n++) sum += n;
        turns[i] = (turns[i] as number) + 1;
        if (done()) return other.close();
        await other.send();
      }
    };
    all.go(player, ping, pong, true);
    all.go(player, pong, ping, false);
  }
  await all.wait();
  const [hog, light] = turns as [number, number];
  assert.ok(sum > 0 && hog * 20 >= light && light * 20 >= hog, `${hog} and ${light} turns`);
});

test("CH-8 a wait that fails when the slice is over fails in its goroutine, and nowhere before", async () => {
  const ch = chan<number>();
  const errors: unknown[] = [];
  for (let i = 0; i < 20_000; i++) {
    go(async () => {
      try {
        await ch.send(i);
      } catch (error) {
        errors.push(error);
      }
    });
  }
  await settle();
  const until = performance.now() + 20;
  while (performance.now() < until); // now the slice is over, and those that wake up stand in line
  ch.close();
  while (errors.length < 20_000) await settle();
  assert.match(String(errors[0]), /send on closed channel/);
});

test("a wait that is cancelled fails in its goroutine whenever the scheduler lets that run", async () => {
  using sim = simulate(1);
  const reason = new Error("enough");
  const stop = new AbortController();
  const caught: unknown[] = [];
  for (let i = 0; i < 10; i++) {
    go(async () => {
      try {
        await chan().recv(stop.signal);
      } catch (error) {
        caught.push(error);
      }
    });
  }
  await sim.idle();
  stop.abort(reason);
  await sim.idle();
  assert.equal(caught.length, 10);
  assert.ok(caught.every((error) => error === reason));
});

test("R2 a pair that exchanges messages for ever delays timers, immediates and sockets by at most 15 ms (p99)", async () => {
  type Delays = Record<"timer" | "immediate" | "socket", number>;
  const report: string[] = [];
  for (let run = 0; run < 3; run++) {
    const { stdout, stderr } = await node("delays.mjs");
    assert.equal(stderr, "");
    const { idle, busy } = JSON.parse(stdout) as { idle: Delays; busy: Delays };
    if ((["timer", "immediate", "socket"] as const).every((kind) => busy[kind] <= idle[kind] + 15)) return;
    report.push(stdout);
  }
  assert.fail(`too late in each of these runs:\n${report.join("\n")}`);
});

function request(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    get({ port, host: "127.0.0.1", agent: false }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += String(part)));
      response.on("end", () => resolve(text));
    }).on("error", reject);
  });
}

test("R2 an HTTP server keeps answering while a pair exchanges messages for ever", async () => {
  let over = false;
  let exchanged = 0;
  const server = createServer((_request, response) => response.end(`${++exchanged}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  for (let i = 0; i < 3; i++) pair(i)(() => over);
  try {
    for (let i = 1; i <= 20; i++) assert.equal(await request(server), String(i));
    const bodies = await Promise.all(Array.from({ length: 50 }, () => request(server)));
    assert.equal(new Set(bodies).size, 50);
  } finally {
    over = true;
    server.close();
  }
});
