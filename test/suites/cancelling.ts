// A suite for every kind of channel: operations with a context or a signal.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cancel, Chan } from "gort";
import { cancellers } from "../support/context.js";
import { isPending } from "../support/settle.js";
import { full, type Kind } from "./kind.js";

const receives = {
  recv: (ch: Chan<number>, ctx?: Cancel) => ch.recv(ctx),
  recvOk: (ch: Chan<number>, ctx?: Cancel) => ch.recvOk(ctx),
  recvMany: (ch: Chan<number>, ctx?: Cancel) => ch.recvMany(Infinity, ctx),
};
const gave = { recv: 5, recvOk: [5, true], recvMany: [5] } as const;
const ended = { recv: undefined, recvOk: [undefined, false], recvMany: [] } as const;

export function cancelling(kind: Kind): void {
  for (const [name, canceller] of Object.entries(cancellers)) {
    for (const cap of kind.capacities) {
      const at = `(${name}, capacity ${cap})`;

      test(`a ctx that is done wins over an operation that could proceed ${at}`, async () => {
        const { ctx, reason, cancel } = canceller();
        cancel();
        const filled = full(kind, cap + 1);
        for (const receive of Object.values(receives)) {
          await assert.rejects(receive(filled, ctx), (error) => error === reason);
        }
        assert.equal(filled.len, cap + 1);

        const ch = kind.make<number>(cap);
        const receiver = ch.recv();
        await assert.rejects(ch.send(1, ctx), (error) => error === reason);
        assert.equal(await isPending(receiver), true);
        assert.equal(ch.trySend(2), true);
        assert.equal(await receiver, 2);

        ch.close();
        await assert.rejects(ch.send(1, ctx), (error) => error === reason);
        for (const receive of Object.values(receives)) {
          await assert.rejects(receive(ch, ctx), (error) => error === reason);
        }
      });

      test(`a ctx that is not done changes nothing ${at}`, async () => {
        const { ctx } = canceller();
        for (const form of ["recv", "recvOk", "recvMany"] as const) {
          const ch = full(kind, cap);
          const sender = ch.send(5, ctx);
          assert.equal(await isPending(sender), true);
          for (let i = 0; i < cap; i++) assert.equal(await ch.recv(ctx), i);
          assert.deepEqual(await receives[form](ch, ctx), gave[form]);
          await sender;

          const receiver = receives[form](ch, ctx);
          await ch.send(5, ctx);
          assert.deepEqual(await receiver, gave[form]);

          const last = receives[form](ch, ctx);
          ch.close();
          assert.deepEqual(await last, ended[form]);
          assert.deepEqual(await receives[form](ch, ctx), ended[form]);
        }
      });

      test(`a receive that is cancelled has received nothing and leaves the queue ${at}`, async () => {
        for (const form of ["recv", "recvOk", "recvMany"] as const) {
          const { ctx, reason, cancel } = canceller();
          const ch = kind.make<number>(cap);
          const before = ch.recv();
          const cancelled = receives[form](ch, ctx);
          const after = ch.recv();
          const verdict = assert.rejects(cancelled, (error) => error === reason);
          cancel();
          assert.deepEqual([ch.trySend(1), ch.trySend(2)], [true, true]);
          await verdict;
          assert.deepEqual([await before, await after], [1, 2]);
          assert.equal(ch.len, 0);
          if (cap === 0) assert.equal(ch.trySend(3), false, "somebody still waits");
        }
      });

      test(`a send that is cancelled has sent nothing and leaves the queue ${at}`, async () => {
        const { ctx, reason, cancel } = canceller();
        const ch = full(kind, cap);
        const before = ch.send(cap);
        const cancelled = ch.send(-1, ctx);
        const after = ch.send(cap + 1);
        const verdict = assert.rejects(cancelled, (error) => error === reason);
        cancel();
        assert.deepEqual(ch.drain(), [...Array(cap + 2).keys()]);
        await Promise.all([verdict, before, after]);
        assert.equal(ch.tryRecv(), undefined);
      });

      test(`an operation that was done before the cancel stays done ${at}`, async () => {
        const { ctx, cancel } = canceller();
        const ch = kind.make<number>(cap);
        const receiver = ch.recv(ctx);
        ch.trySend(1);
        const filled = full(kind, cap);
        const sender = filled.send(cap, ctx);
        filled.drain();
        cancel();
        assert.equal(await receiver, 1);
        await sender;
      });

      test(`one ctx cancels all who wait with it, on any number of channels ${at}`, async () => {
        const { ctx, reason, cancel } = canceller();
        const [a, b] = [kind.make<number>(cap), full(kind, cap)];
        const waits = [a.recv(ctx), a.recvOk(ctx), a.recvMany(1, ctx), b.send(1, ctx), b.send(2, ctx)];
        const verdicts = waits.map((wait) => assert.rejects(wait, (error) => error === reason));
        cancel();
        await Promise.all(verdicts);
        assert.equal(b.drain().length, cap);
        if (cap === 0) assert.equal(a.trySend(1), false);
      });
    }
  }
}
