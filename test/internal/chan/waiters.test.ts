// A select that waits stands in the queues of all its channels, and leaves them all at once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cases, chan, type Chan, go, select } from "gort";
import { isPending } from "../../support/settle.js";

test("SE-1 a select that waits takes one value, and leaves its other channels in the step in which it is chosen", async () => {
  const [a, b, c] = [chan<number>(), chan<number>(), chan<number>()];
  const blocked = select({ a, b, out: c.sending(3) });
  assert.equal(b.trySend(2), true);
  assert.deepEqual([a.trySend(1), b.trySend(1), c.tryRecv()], [false, false, undefined], "the select takes part twice");
  assert.deepEqual(await blocked, { case: "b", value: 2, ok: true });
});

test("SE-6 a select that both sends to and receives from one unbuffered channel does not meet itself", async () => {
  const ch = chan<number>();
  const alone = select({ out: ch.sending(1), in: ch });
  assert.equal(await isPending(alone), true);
  assert.equal(await ch.recv(), 1);
  assert.deepEqual(await alone, { case: "out" });
  assert.equal(ch.trySend(2), false);
});

for (const cap of [0, 10]) {
  test(`SE-5 two goroutines that each send to and receive from one channel both get on (capacity ${cap})`, async () => {
    const ch = chan<number>(cap);
    const finished = chan<[sent: number, received: number]>();
    for (const id of [0, 1]) {
      go(async () => {
        let [sent, received] = [0, 0];
        for (let i = 0; i < 1_000; i++) {
          const s =
            i % 2 === 0 ? await select({ in: ch, out: ch.sending(id) }) : await select({ out: ch.sending(id), in: ch });
          if (s.case === "out") {
            sent++;
          } else {
            received++;
            if (cap === 0) assert.equal(s.value, 1 - id, "received its own value");
          }
        }
        await finished.send([sent, received]);
      });
    }
    const [a, b] = [await finished.recv(), await finished.recv()] as [[number, number], [number, number]];
    assert.equal(a[0] + b[0], a[1] + b[1] + ch.len);
  });
}

test("SE-7 a select that waits several times on one channel is woken once, and nothing of it stays in the queue", async () => {
  const ch = chan<number>();
  const before = ch.recv();
  const duplicate = select({ a: ch, b: ch, c: ch });
  const after = ch.recv();
  for (let i = 0; i < 3; i++) assert.equal(ch.trySend(i), true);
  assert.deepEqual([await before, (await duplicate).value, await after], [0, 1, 2]);
  assert.equal(ch.trySend(3), false);

  const sender = select({ a: ch.sending(1), b: ch.sending(2), c: ch.sending(3) });
  assert.equal(ch.drain().length, 1);
  await sender;

  const closed = select({ a: ch, b: ch, other: chan() });
  ch.close();
  assert.equal((await closed).ok, false);
});

for (const n of [1, 2, 3, 5]) {
  for (let place = 0; place < n; place++) {
    test(`SE-15 a waiter that loses at place ${place} of ${n} leaves the queue without harm to its neighbours`, async () => {
      const [ch, full, other] = [chan<number>(), chan<number>(), chan<number>()];
      const receivers: Promise<unknown>[] = [];
      const senders: Promise<unknown>[] = [];
      for (let i = 0; i < n; i++) {
        if (i === place) {
          receivers.push(select({ ch, other }));
          senders.push(select({ out: full.sending(-1), other }));
        } else {
          receivers.push(ch.recv());
          senders.push(full.send(i));
        }
      }
      assert.deepEqual([other.trySend(1), other.trySend(2), other.trySend(3)], [true, true, false]);
      const rest = [...Array(n).keys()].filter((i) => i !== place);
      for (const i of rest) assert.equal(ch.trySend(i), true);
      assert.equal(ch.trySend(-1), false);
      const late = [ch.recv(), full.send(n)];
      assert.equal(ch.trySend(n), true);
      assert.deepEqual(full.drain(), [...rest, n]);
      void receivers.splice(place, 1); // it has lost
      void senders.splice(place, 1);
      assert.deepEqual(await Promise.all(receivers), rest);
      assert.equal(await late[0], n);
      await Promise.all([...senders, late[1]]);
    });
  }
}

test("CH-45 a value may make another receiver wait on the same channel while it is handed over", async () => {
  const ch = chan<object>();
  const got: unknown[] = [];
  const late = (n: number) => ch.recv().then((v) => got.push([n, v]));
  const first = ch.recv();
  const waits: Promise<unknown>[] = [];
  const curious = {
    // oxlint-disable-next-line unicorn/no-thenable -- it is one to look at only
    get then(): undefined {
      waits.push(late(1), late(2));
      return undefined;
    },
  };
  assert.equal(ch.trySend(curious), true);
  assert.equal(waits.length, 2, "the hand-over did not look for a then");
  const [a, b] = [{}, {}];
  assert.deepEqual([ch.trySend(a), ch.trySend(b), ch.trySend({})], [true, true, false]);
  await Promise.all(waits);
  assert.deepEqual(got, [
    [1, a],
    [2, b],
  ]);
  assert.equal(await first.then((v) => v === curious), true);
});

test("SE-15 waiters may leave a queue in any order", async () => {
  const n = 6;
  for (let stride = 1; stride <= 5; stride += 4) {
    const ch = chan<number>();
    const others = Array.from({ length: n }, () => chan<number>());
    const selects = others.map((other) => select({ ch, other }));
    for (let i = 0; i < n; i += 2) assert.equal(others[(i * stride) % n]?.trySend(100 + i), true);
    for (let i = 0; i < n / 2; i++) assert.equal(ch.trySend(i), true);
    assert.equal(ch.trySend(-1), false);
    const results = await Promise.all(selects);
    const fromCh = results.filter((s) => s.case === "ch").map((s) => s.value);
    assert.deepEqual(fromCh, [0, 1, 2]);
  }
});

test("SE-24 receivers are woken in the order in which they came, selects among them", async () => {
  const [ch, other] = [chan<number>(), chan<number>()];
  const waits = [
    ch.recv(),
    select({ ch }),
    ch.recvOk(),
    select({ other, ch }),
    ch.recvMany(),
    select({ ch, other }),
    ch.recv(),
  ];
  const woken: number[] = [];
  waits.forEach((wait, i) => void wait.then(() => woken.push(i)));
  for (let i = 0; i < waits.length; i++) assert.equal(ch.trySend(i), true);
  const s = (value: number) => ({ case: "ch", value, ok: true });
  assert.deepEqual(await Promise.all(waits), [0, s(1), [2, true], s(3), [4], s(5), 6]);
  assert.deepEqual(woken, [0, 1, 2, 3, 4, 5, 6]);
});

test("SE-24 senders are served in the order in which they came, selects among them", async () => {
  const [ch, other] = [chan<number>(), chan<number>()];
  const waits = [
    ch.send(0),
    select({ out: ch.sending(1) }),
    ch.send(2),
    select({ other, out: ch.sending(3) }),
    ch.send(4),
  ];
  assert.deepEqual(ch.drain(), [0, 1, 2, 3, 4]);
  await Promise.all(waits);
  assert.equal(other.trySend(1), false);
});

test("SE-13 SE-23 a select woken by close or panic is in no queue when its goroutine goes on", async () => {
  const [a, b, c] = [chan<number>(), chan<number>(), chan<number>()];
  const seen: unknown[] = [];
  const goOn = async (wait: Promise<unknown>) => {
    await wait.catch(() => {});
    seen.push(a.trySend(1), b.tryRecv());
  };
  const receiver = goOn(select({ a, out: b.sending(1), end: c }));
  const d = chan<number>();
  const sender = goOn(select({ a, out: b.sending(1), end: d.sending(1) }));
  c.close();
  d.close();
  await Promise.all([receiver, sender]);
  assert.deepEqual(seen, [false, undefined, false, undefined]);
});

test("SE-1 writers and readers that wait on several channels at once give and take every value once", async () => {
  const n = 2_000;
  const channels = [chan<number>(), chan<number>(), chan<number>(), chan<number>()] as const;
  const [a, b, c, d] = channels;
  const written = chan<void>();
  for (const first of [0, n]) {
    go(async () => {
      for (let i = first; i < first + n; i++) {
        await select({ a: a.sending(i), b: b.sending(i), c: c.sending(i), d: d.sending(i) });
      }
      await written.send();
    });
  }
  const values: number[] = [];
  const finished = chan<void>();
  for (const cases of [
    { a, b, c, d },
    { d, b, c, a },
  ]) {
    go(async () => {
      for (let s; (s = await select(cases)).ok;) values.push(s.value);
      await finished.send();
    });
  }
  await written.recv();
  await written.recv();
  for (const ch of channels) ch.close();
  await finished.recv();
  await finished.recv();
  assert.deepEqual(
    values.sort((x, y) => x - y),
    [...Array(2 * n).keys()],
  );
});

test("SE-1 SE-19 four senders, four receivers, a select that sends and one that receives, on every kind of channel, all finish", async () => {
  const n = 2_000;
  const channels = [chan<number>(), chan<number>(), chan<number>(2), chan<number>(3)];
  const finished = chan<void>();
  for (const ch of channels) {
    go(async () => {
      for (let i = 0; i < n; i++) await ch.send(i);
      await finished.send();
    });
    go(async () => {
      for (let i = 0; i < n; i++) await ch.recv();
      await finished.send();
    });
  }
  const directions = [(ch: Chan<number>, i: number) => ch.sending(i), (ch: Chan<number>) => ch];
  for (const direction of directions) {
    go(async () => {
      const left = channels.map(() => n);
      for (let open = channels.length; open > 0;) {
        const cases = channels.map((ch, i) => [i, left[i] === 0 ? null : direction(ch, i)]);
        const i = Number((await select(Object.fromEntries(cases) as Cases)).case);
        left[i] = (left[i] ?? 0) - 1;
        if (left[i] === 0) open--;
      }
      await finished.send();
    });
  }
  for (let i = 0; i < 10; i++) await finished.recv();
  assert.deepEqual(
    channels.map((ch) => ch.len),
    [0, 0, 0, 0],
  );
});

test("SE-8 SE-19 a case is switched off and on by nil: an unbounded queue between a sender and a receiver", async () => {
  const [input, output] = [chan<number>(), chan<number>()];
  go(async () => {
    const queue: number[] = [];
    for (let from: typeof input | null = input; from !== null || queue.length > 0;) {
      const s = await select({ in: from, out: queue.length > 0 ? output.sending(queue[0] as number) : null });
      if (s.case === "out") queue.shift();
      else if (s.ok) queue.push(s.value);
      else from = null;
    }
    output.close();
  });
  for (let i = 0; i < 100; i++) await input.send(i);
  assert.equal(await output.recv(), 0);
  for (let i = 100; i < 200; i++) await input.send(i);
  input.close();
  const values: number[] = [];
  for await (const value of output) values.push(value);
  assert.deepEqual(
    values,
    Array.from({ length: 199 }, (_, i) => i + 1),
  );
});
