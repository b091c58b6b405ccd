// Errors and values for goroutines whose wake-up has to stand in line, because the slice is used up.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, select } from "gort";
import { cancellers } from "../../support/context.js";
import { panic } from "../../support/panics.js";
import { spend } from "../../support/slice.js";

test("CH-8 SE-13 senders that close wakes get their panic, and nobody else, when the slice is used up", async () => {
  const ch = chan<number>();
  const verdicts = [ch.send(1), select({ out: ch.sending(2) }), select({ out: ch.sending(3), in: chan() })].map(
    (sender) => assert.rejects(sender, panic("send on closed channel")),
  );
  spend();
  ch.close();
  await Promise.all(verdicts);
});

for (const [name, canceller] of Object.entries(cancellers)) {
  test(`a wait that is cancelled when the slice is used up rejects, and nobody else hears of it (${name})`, async () => {
    const { ctx, reason, cancel } = canceller();
    const ch = chan<number>();
    const verdicts = [ch.recv(ctx), ch.recvOk(ctx), ch.recvMany(1, ctx)].map((wait) =>
      assert.rejects(wait, (error) => error === reason),
    );
    spend();
    cancel();
    await Promise.all(verdicts);
  });
}

test("CH-45 a value that was handed over when the slice was used up stays with its receiver, even if its ctx is done before it runs", async () => {
  for (const canceller of Object.values(cancellers)) {
    const { ctx, cancel } = canceller();
    const ch = chan<number>();
    const receiver = ch.recv(ctx);
    spend();
    assert.equal(ch.trySend(1), true);
    cancel();
    assert.equal(await receiver, 1);
  }
});

test("CH-9 values keep their order over the end of a slice", async () => {
  const ch = chan<number>(3);
  const values: (number | undefined)[] = [];
  const receive = async () => {
    values.push(await ch.recv());
  };
  const receivers = [receive(), receive()];
  await ch.send(0);
  spend();
  await Promise.all([ch.send(1), ch.send(2), ch.send(3), receive(), receive(), ...receivers]);
  assert.deepEqual(values, [0, 1, 2, 3]);
});
