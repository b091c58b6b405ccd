// What channels are used for: counting, signalling, guarding, handing on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, type Chan, go, gosched, type RecvChan, select } from "gort";
import * as time from "gort/time";
import { seeded } from "../../support/seed.js";

test("CH-14 23 workers that range over one channel process every item exactly once", async () => {
  await seeded(async (choice) => {
    const [workers, n] = [23, 27_182];
    const [queue, results] = [chan<number>(69), chan<number>(69)];
    const worked = chan<void>();
    for (let w = 0; w < workers; w++) {
      go(async () => {
        for await (const item of queue) {
          if (item % workers === w) await gosched();
          await results.send(item);
        }
        await worked.send();
      });
    }
    go(async () => {
      for (let i = 0; i < n; i++) {
        if (choice.below(100) === 0) await gosched();
        await queue.send(i);
      }
      queue.close();
      for (let w = 0; w < workers; w++) await worked.recv();
      results.close();
    });
    const seen = new Set<number>();
    let sum = 0;
    for await (const item of results) {
      seen.add(item);
      sum += item;
    }
    assert.equal(seen.size, n);
    assert.equal(sum, (n * (n - 1)) / 2);
  });
});

for (const cap of [0, 1, 10, 100]) {
  test(`CH-30 plain and selecting senders and receivers agree on the total, and turn channels off by null (capacity ${cap})`, async () => {
    const n = 300;
    const channels = [chan<number>(cap), chan<number>(cap), chan<number>(cap)];
    const sums = chan<number>();
    go(async () => {
      const left: (Chan<number> | null)[] = [...channels];
      const next = [0, 0, 0];
      while (left.some((ch) => ch !== null)) {
        const s = await select(Object.fromEntries(left.map((ch, i) => [i, ch?.sending(next[i] ?? 0)])));
        const i = Number(s.case);
        next[i] = (next[i] ?? 0) + 1;
        if (next[i] === n) left[i] = null;
      }
    });
    for (const ch of channels) {
      go(async () => {
        for (let i = 0; i < n; i++) await ch.send(i);
      });
      go(async () => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += (await ch.recv()) ?? NaN;
        await sums.send(sum);
      });
    }
    go(async () => {
      const left: (Chan<number> | null)[] = [...channels];
      const taken = [0, 0, 0];
      let sum = 0;
      while (left.some((ch) => ch !== null)) {
        const s = (await select(Object.fromEntries(left.entries()))) as { case: string; value: number };
        const i = Number(s.case);
        sum += s.value;
        taken[i] = (taken[i] ?? 0) + 1;
        if (taken[i] === n) left[i] = null;
      }
      await sums.send(sum);
    });
    let total = 0;
    for (let i = 0; i < 4; i++) total += (await sums.recv()) ?? NaN;
    assert.equal(total, 3 * n * (n - 1));
    assert.deepEqual(
      channels.map((ch) => ch.tryRecv()),
      [undefined, undefined, undefined],
    );
  });
}

test("CH-31 of ten receivers on one channel each value reaches just one", async () => {
  const ch = chan<number>(2);
  const counts = new Array<number>(1_000).fill(0);
  const finished = chan<void>();
  for (let r = 0; r < 10; r++) {
    go(async () => {
      for await (const value of ch) {
        counts[value] = (counts[value] ?? 0) + 1;
        if (value % 10 === r) await gosched();
      }
      await finished.send();
    });
  }
  for (let i = 0; i < counts.length; i++) await ch.send(i);
  ch.close();
  for (let r = 0; r < 10; r++) await finished.recv();
  assert.ok(counts.every((count) => count === 1));
});

test("CH-32 a value passes through a chain of 10,000 goroutines", async () => {
  const first = chan<number>();
  let last = first;
  for (let i = 0; i < 10_000; i++) {
    const [from, to] = [last, chan<number>()];
    go(async () => to.send(((await from.recv()) ?? NaN) + 1));
    last = to;
  }
  await first.send(0);
  assert.equal(await last.recv(), 10_000);
});

test("CH-33 a daisy chain in which each waits for the token of the one before it takes the values in order", async () => {
  const values = chan<number>(10);
  const took: (number | undefined)[] = [];
  const first = chan<void>();
  let token = first;
  for (let i = 0; i < 10; i++) {
    const [mine, next] = [token, chan<void>()];
    go(async () => {
      await mine.recv();
      took.push(await values.recv());
      await next.send();
    });
    token = next;
  }
  for (let i = 0; i < 10; i++) await values.send(i);
  await first.send();
  await token.recv();
  assert.deepEqual(took, [...Array(10).keys()]);
});

test("CH-39 C6 a timeout in a select loop, beside a channel that ends it, works over many turns", async () => {
  const stop = chan<never>();
  const turns = chan<number>();
  go(async () => {
    let n = 0;
    for (;;) {
      const s = await select({ stop, tick: time.after(n % 2 === 0 ? 0 : 0.1) });
      if (s.case === "stop") break;
      if (++n === 200) stop.close();
    }
    await turns.send(n);
  });
  assert.ok(((await turns.recv()) ?? 0) >= 200);
});

test("C6 a timeout of one operation begins anew with each, one of the whole loop does not", async () => {
  const idle = chan<number>();
  const late = await select({ idle, timeout: time.after(1) });
  assert.equal(late.case, "timeout");

  const fast = chan<number>();
  const stop = chan<never>();
  go(async () => {
    for (let i = 0; (await select({ out: fast.sending(i), stop })).case === "out"; i++);
  });
  const whole = time.after(5);
  let received = 0;
  for (;;) {
    const s = await select({ fast, timeout: time.after(time.minute), whole });
    if (s.case === "whole") break;
    assert.equal(s.case, "fast");
    received++;
  }
  stop.close();
  assert.ok(received > 0);
});

test("CH-42 what goroutines capture is distinct per call", async () => {
  const counts = chan<[number, number]>();
  const counter = (id: number) => {
    let local = id * 100;
    return async () => {
      for (let i = 0; i < 5; i++) {
        local++;
        await gosched();
      }
      await counts.send([id, local]);
    };
  };
  for (let i = 0; i < 10; i++) go(counter(i));
  for (let i = 0; i < 10; i++) {
    const [id, local] = (await counts.recv()) ?? [NaN, NaN];
    assert.equal(local, id * 100 + 5);
  }
});

for (const slots of [1, 2, 5]) {
  test(`CH-46 C7 a channel with ${slots} places is a semaphore: at most ${slots} are inside, and that many do get in`, async () => {
    const semaphore = chan<void>(slots);
    const finished = chan<void>();
    let [inside, most] = [0, 0];
    for (let w = 0; w < 20; w++) {
      go(async () => {
        for (let i = 0; i < 20; i++) {
          if ((w + i) % 2 === 0) await semaphore.send();
          else await select({ enter: semaphore.sending() });
          most = Math.max(most, ++inside);
          await gosched();
          inside--;
          await semaphore.recv();
        }
        await finished.send();
      });
    }
    for (let w = 0; w < 20; w++) await finished.recv();
    assert.equal(most, slots);
    assert.equal(semaphore.len, 0);
  });
}

test("C7 results come back on a channel of their own for each request", async () => {
  const requests = chan<{ n: number; answer: Chan<number> }>();
  go(async () => {
    for await (const { n, answer } of requests) await answer.send(n * n);
  });
  const ask = (n: number): RecvChan<number> => {
    const answer = chan<number>(1);
    go(() => requests.send({ n, answer }));
    return answer;
  };
  const answers = [3, 4, 5].map(ask);
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.recv())), [9, 16, 25]);
});

test("C7 a done channel stops a producer that nobody listens to any more", async () => {
  const [numbers, done, ended] = [chan<number>(), chan<never>(), chan<string>()];
  go(async () => {
    for (let i = 0; ; i++) {
      const s = await select({ out: numbers.sending(i), done });
      if (s.case === "done") break;
    }
    await ended.send("ended");
  });
  assert.deepEqual([await numbers.recv(), await numbers.recv()], [0, 1]);
  done.close();
  assert.equal(await ended.recv(), "ended");
});
