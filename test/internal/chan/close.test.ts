import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, gosched, select, trySelect } from "gort";
import { panic } from "../../support/panics.js";
import { seeded } from "../../support/seed.js";

test("CH-13 a channel that has a value until it is closed always has something to receive", async () => {
  await seeded(async (choice) => {
    const spins = async (n: number) => {
      for (let i = 0; i < n; i++) await gosched();
    };
    for (let i = 0; i < 2_000; i++) {
      const ch = chan<number>(1);
      const got = chan<unknown>();
      await ch.send(1);
      go(async (n) => {
        await spins(n);
        ch.close();
      }, choice.below(4));
      go(async (n) => {
        await spins(n);
        await got.send(choice.below(2) === 0 ? ch.tryRecv() : trySelect({ ch }));
      }, choice.below(4));
      assert.notEqual(await got.recv(), undefined, "neither a value nor the end");
    }
  });
});

test("CH-8 a sender that panics can catch it, and goes on", async () => {
  const ch = chan<string>();
  const outcome = chan<string>();
  go(async () => {
    try {
      await ch.send("lost");
      await outcome.send("sent");
    } catch (error) {
      await outcome.send(String(error));
    }
  });
  go(() => ch.close());
  assert.equal(await outcome.recv(), "GoPanic: send on closed channel");
  assert.deepEqual(await ch.recvOk(), [undefined, false]);
});

test("CH-8 a sender and the receivers that close the channel: the values that were received are those whose send did not panic", async () => {
  const ch = chan<number>();
  const sent: number[] = [];
  const finished = chan<void>();
  go(async () => {
    try {
      for (let i = 0; ; i++) {
        await ch.send(i);
        sent.push(i);
      }
    } catch (error) {
      panic("send on closed channel")(error);
    }
    await finished.send();
  });
  const received = [await ch.recv(), await ch.recv(), await ch.recv()];
  ch.close();
  await finished.recv();
  assert.deepEqual(received, sent);
});

test("CH-7 C7 close is a broadcast: everyone who selects on a done channel hears of it, now and later", async () => {
  const done = chan<never>();
  const left = chan<number>();
  for (let i = 0; i < 100; i++) {
    go(async () => {
      const jobs = chan<number>();
      const s = await select({ jobs, done });
      await left.send(s.case === "done" && !s.ok ? i : -1);
    });
  }
  await gosched();
  done.close();
  const who = new Set<number | undefined>();
  for (let i = 0; i < 100; i++) who.add(await left.recv());
  assert.deepEqual(
    [...who].sort((a, b) => Number(a) - Number(b)),
    [...Array(100).keys()],
  );
  assert.deepEqual(await select({ done }), { case: "done", value: undefined, ok: false });
});

test("CH-19 a select with a closed send case and another ready one panics only if it chooses the closed one", async () => {
  const open = chan<number>(1);
  const ended = chan<number>(1);
  ended.close();
  let [panics, received] = [0, 0];
  for (let i = 0; i < 500; i++) {
    open.trySend(i);
    try {
      const s =
        i % 2 === 0 ? await select({ ended: ended.sending(1), open }) : trySelect({ ended: ended.sending(1), open });
      assert.deepEqual(s, { case: "open", value: i, ok: true });
      received++;
    } catch (error) {
      panic("send on closed channel")(error);
      panics++;
      assert.deepEqual(open.tryRecv(), [i, true], "the case that was not chosen has been executed");
    }
  }
  assert.ok(panics > 100 && received > 100, `${panics} panics, ${received} values`);
});
