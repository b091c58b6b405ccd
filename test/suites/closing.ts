// A suite for every kind of channel: what close does to those who wait, and to those who come later.

import assert from "node:assert/strict";
import { test } from "node:test";
import { select, trySelect } from "gort";
import { panic } from "../support/panics.js";
import { isPending } from "../support/settle.js";
import { full, type Kind } from "./kind.js";

export function closing(kind: Kind): void {
  for (const cap of kind.capacities) {
    const at = `(capacity ${cap})`;

    test(`C3 CH-5 a closed channel first gives what is buffered, in order, and then the end for ever ${at}`, async () => {
      const forms = {
        recvOk: (ch: ReturnType<typeof full>) => ch.recvOk(),
        tryRecv: async (ch: ReturnType<typeof full>) => ch.tryRecv(),
        select: async (ch: ReturnType<typeof full>) => {
          const s = await select({ ch });
          return [s.value, s.ok];
        },
        range: async (ch: ReturnType<typeof full>) => {
          const { value, done } = await ch[Symbol.asyncIterator]().next();
          return [value, done !== true];
        },
      };
      for (const [name, receive] of Object.entries(forms)) {
        const ch = full(kind, cap);
        ch.close();
        assert.equal(ch.len, cap);
        for (let i = 0; i < cap; i++) assert.deepEqual(await receive(ch), [i, true], name);
        for (let i = 0; i < 3; i++) assert.deepEqual(await receive(ch), [undefined, false], name);
      }
    });

    test(`CH-6 CH-7 close wakes all blocked receivers, whatever they wait with, and they see the end ${at}`, async () => {
      const ch = kind.make<number>(cap);
      const other = kind.make<number>(cap);
      const waiting = [
        ch.recv(),
        ch.recvOk(),
        ch.recvMany(),
        ch[Symbol.asyncIterator]().next(),
        select({ ch }),
        select({ other, ch }),
        ch.recv(),
      ];
      ch.close();
      assert.deepEqual(await Promise.all(waiting), [
        undefined,
        [undefined, false],
        [],
        { value: undefined, done: true },
        { case: "ch", value: undefined, ok: false },
        { case: "ch", value: undefined, ok: false },
        undefined,
      ]);
    });

    test(`CH-8 SE-13 close makes every blocked sender panic in its own goroutine, and delivers none of their values ${at}`, async () => {
      const ch = full(kind, cap);
      const other = kind.make<number>(0);
      const senders = [
        ch.send(-1),
        select({ out: ch.sending(-2) }),
        select({ in: other, out: ch.sending(-3) }),
        ch.send(-4),
      ];
      const verdicts = senders.map((sender) => assert.rejects(sender, panic("send on closed channel")));
      ch.close();
      await Promise.all(verdicts);
      assert.equal(other.trySend(1), false, "the select that panicked still waits for its other case");
      assert.deepEqual(ch.drain(), [...Array(cap).keys()]);
      assert.deepEqual(ch.tryRecv(), [undefined, false]);
    });

    test(`CH-19 SE-12 SE-14 every form of send on a closed channel panics, with room in the buffer or without ${at}`, async () => {
      for (const ch of [kind.make<number>(cap), full(kind, cap)]) {
        ch.close();
        const { len } = ch;
        await assert.rejects(ch.send(1), panic("send on closed channel"));
        assert.throws(() => ch.trySend(1), panic("send on closed channel"));
        await assert.rejects(select({ out: ch.sending(1) }), panic("send on closed channel"));
        await assert.rejects(select({ out: ch.sending(1), never: kind.make(0) }), panic("send on closed channel"));
        assert.throws(() => trySelect({ out: ch.sending(1) }), panic("send on closed channel"));
        assert.equal(ch.len, len);
      }
    });

    test(`CH-20 close of a closed channel panics, and changes nothing ${at}`, () => {
      const ch = full(kind, cap);
      ch.close();
      assert.throws(() => ch.close(), panic("close of closed channel"));
      assert.deepEqual(ch.drain(), [...Array(cap).keys()]);
      assert.throws(() => ch.close(), panic("close of closed channel"));
    });

    test(`CH-21 CH-22 SE-11 SE-14 no form of receive ever blocks on a closed channel ${at}`, async () => {
      const ch = kind.make<number>(cap);
      const never = kind.make<number>(0);
      ch.close();
      const end = { case: "ch", value: undefined, ok: false };
      for (let i = 0; i < 3; i++) {
        assert.equal(await ch.recv(), undefined);
        assert.deepEqual(await ch.recvOk(), [undefined, false]);
        assert.deepEqual(await ch.recvMany(), []);
        assert.deepEqual(await select({ ch }), end);
        assert.deepEqual(await select({ ch, never }), end);
        assert.deepEqual(trySelect({ ch }), end);
        assert.deepEqual(trySelect({ never, ch }), end);
        assert.deepEqual(ch.tryRecv(), [undefined, false]);
        assert.deepEqual(ch.drain(), []);
        for await (const value of ch) assert.fail(`range gave ${value}`);
      }
    });

    test(`CH-47 a value that is undefined is told from the end of the channel ${at}`, async () => {
      const ch = kind.make<undefined>(cap);
      const waiting = [ch.recvOk(), ch.recvOk()];
      await ch.send(undefined);
      ch.close();
      assert.deepEqual(await Promise.all(waiting), [
        [undefined, true],
        [undefined, false],
      ]);
    });

    test(`CH-24 range drains what is buffered, waits for more, and ends with the channel ${at}`, async () => {
      const ch = full(kind, cap);
      const values: number[] = [];
      const loop = (async () => {
        for await (const value of ch) values.push(value);
      })();
      assert.equal(await isPending(loop), true);
      assert.equal(values.length, cap);
      await ch.send(cap);
      ch.close();
      await loop;
      assert.deepEqual(values, [...Array(cap + 1).keys()]);
    });
  }
}
