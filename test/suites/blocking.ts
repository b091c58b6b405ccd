// A suite for every kind of channel: what blocks, what does not, and in which order values come.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { go, gosched, select, trySelect } from "gort";
import { isPending } from "../support/settle.js";
import { full, type Kind } from "./kind.js";

export function blocking(kind: Kind): void {
  for (const cap of kind.capacities) {
    const at = `(capacity ${cap})`;

    test(`CH-1 every form of receive blocks on an empty channel until a value is sent ${at}`, async () => {
      const ch = kind.make<number>(cap);
      const forms = {
        recv: [() => ch.recv(), 7],
        recvOk: [() => ch.recvOk(), [7, true]],
        recvMany: [() => ch.recvMany(), [7]],
        range: [() => ch[Symbol.asyncIterator]().next(), { value: 7, done: false }],
        select: [() => select({ ch }), { case: "ch", value: 7, ok: true }],
      } as const;
      for (const [name, [receive, expected]] of Object.entries(forms)) {
        const result = receive();
        assert.equal(await isPending(result), true, name);
        go(() => ch.send(7));
        assert.deepEqual(await result, expected, name);
        assert.equal(ch.len, 0, name);
      }
    });

    test(`CH-2 CH-4 SE-10 SE-14 a non-blocking receive from an empty channel, and a send to a full one, give up at once ${at}`, async () => {
      const ch = full(kind, cap);
      assert.equal(ch.trySend(-1), false);
      assert.equal(trySelect({ out: ch.sending(-1) }), undefined);
      assert.equal(ch.len, cap);
      for (let i = 0; i < cap; i++) assert.deepEqual(ch.tryRecv(), [i, true]);
      assert.equal(ch.tryRecv(), undefined);
      assert.equal(trySelect({ in: ch }), undefined);
      assert.deepEqual(ch.drain(), []);
      assert.equal(await isPending(ch.recv()), true, "a value was left by a send that gave up");
    });

    test(`CH-3 SE-14 a send to a full channel blocks until somebody receives, alone or in a select ${at}`, async () => {
      const ch = full(kind, cap);
      const plain = ch.send(cap);
      assert.equal(await isPending(plain), true);
      assert.equal(await ch.recv(), 0);
      await plain;
      const chosen = select({ out: ch.sending(cap + 1) });
      assert.equal(await isPending(chosen), true);
      assert.equal(await ch.recv(), 1);
      assert.deepEqual(await chosen, { case: "out" });
      assert.deepEqual(
        ch.drain(),
        Array.from({ length: cap }, (_, i) => i + 2),
      );
    });

    test(`CH-9 what one goroutine sends arrives in order, by every form of receive ${at}`, async () => {
      const ch = kind.make<number>(cap);
      const receive = [
        () => ch.recv(),
        async () => (await ch.recvOk())[0],
        async () => (await select({ ch })).value,
        async () => (await ch.recvMany(1))[0],
        async () => (await ch[Symbol.asyncIterator]().next()).value,
      ];
      go(async () => {
        for (let i = 0; i < 100; i++) await ch.send(i);
      });
      for (let i = 0; i < 100; i++) assert.equal(await receive[i % receive.length]?.(), i);
    });

    test(`CH-10 four producers and four consumers lose nothing and double nothing ${at}`, async () => {
      const [producers, consumers, each] = [4, 4, 500];
      const ch = kind.make<number>(cap);
      const counts = kind.make<Map<number, number>>(0);
      for (let p = 0; p < producers; p++) {
        go(async () => {
          for (let i = 0; i < each; i++) await ch.send(i);
        });
      }
      for (let c = 0; c < consumers; c++) {
        go(async () => {
          const seen = new Map<number, number>();
          for (let i = 0; i < (each * producers) / consumers; i++) {
            const value = (await ch.recv()) as number;
            seen.set(value, (seen.get(value) ?? 0) + 1);
          }
          await counts.send(seen);
        });
      }
      const all = new Map<number, number>();
      for (let c = 0; c < consumers; c++) {
        for (const [value, times] of (await counts.recv()) ?? []) all.set(value, (all.get(value) ?? 0) + times);
      }
      assert.equal(all.size, each);
      for (const [value, times] of all) assert.equal(times, producers, `value ${value}`);
    });

    test(`C3 CH-11 CH-12 len is the number of buffered values and cap the capacity, whoever waits ${at}`, async () => {
      const ch = kind.make<number>(cap);
      assert.deepEqual([ch.len, ch.cap], [0, cap]);
      for (let i = 0; i < cap; i++) {
        assert.equal(ch.len, i);
        ch.trySend(i);
      }
      assert.deepEqual([ch.len, ch.cap], [cap, cap]);
      const parked = [ch.send(1), ch.send(2)];
      assert.equal(ch.len, cap, "parked senders are not in the buffer");
      assert.equal(ch.drain().length, cap + 2);
      await Promise.all(parked);
      assert.equal(ch.len, 0);
      const receiver = ch.recv();
      assert.equal(ch.len, 0);
      assert.equal(ch.trySend(3), true);
      assert.equal(ch.len, 0, "a value for a waiting receiver does not pass through the buffer");
      assert.equal(await receiver, 3);
    });

    test(`CH-45 a value goes to the receiver that has waited longest ${at}`, async () => {
      const ch = kind.make<number>(cap);
      const receivers = Array.from({ length: 5 }, () => ch.recv());
      for (let i = 0; i < 5; i++) assert.equal(ch.trySend(i), true);
      assert.equal(ch.len, 0);
      assert.deepEqual(await Promise.all(receivers), [0, 1, 2, 3, 4]);
    });

    test(`CH-45 senders that wait keep their order through the buffer, and a new one cannot overtake them ${at}`, async () => {
      const ch = full(kind, cap);
      const senders = Array.from({ length: 5 }, (_, i) => ch.send(cap + i));
      assert.equal(await ch.recv(), 0);
      assert.equal(ch.len, cap);
      assert.equal(ch.trySend(-1), false, "a new sender took the place of one that waits");
      const values = [0];
      while (values.length < cap + 5) values.push((await ch.recv()) as number);
      assert.deepEqual(values, [...values.keys()]);
      await Promise.all(senders);
      assert.equal(ch.tryRecv(), undefined);
    });

    test(`CH-26 SE-16 a receive whose value is discarded still takes one value ${at}`, async () => {
      const ch = kind.make<number>(cap);
      go(async () => {
        for (let i = 0; i < 6; i++) await ch.send(i);
      });
      await ch.recv();
      await ch.recvOk();
      await select({ ch });
      await select({ ch, never: undefined });
      while (trySelect({ ch }) === undefined) await gosched();
      assert.equal(await ch.recv(), 5);
    });

    test(`CH-15 CH-16 CH-47 values of every type pass in every state of the channel, undefined and null among them ${at}`, async () => {
      const ch = kind.make<unknown>(cap);
      const values = kind.copies ?? [
        undefined,
        null,
        0,
        NaN,
        "",
        false,
        1n,
        Symbol("s"),
        {},
        [],
        () => {},
        new Error("a value"),
        kind.make(0),
      ];
      const same = (got: unknown, value: unknown) =>
        Object.is(got, value) || isDeepStrictEqual(got, kind.copies && value);
      for (const value of values) {
        const waiting = ch.recvOk();
        await ch.send(value);
        assert.deepEqual(await waiting, [value, true]);

        go(() => ch.send(value));
        const taken = await ch.recvOk();
        assert.ok(same(taken[0], value) && taken[1]);

        go(() => select({ out: ch.sending(value) }));
        const chosen = await select({ ch });
        assert.ok(same(chosen.value, value) && chosen.ok);
      }
    });
  }
}
