// Contexts and signals: what they leave behind, and odd ones.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { chan, type Cancel, type Chan, type Context, go, type RecvChan } from "gort";
import { HandMade, stopped } from "../../support/context.js";
import { order } from "../../support/order.js";
import { isPending, settle } from "../../support/settle.js";

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

test("an AbortSignal has a listener only while somebody waits with it, and one for all who do", async () => {
  const { signal } = new AbortController();
  const ch = chan<number>();
  await Promise.all([ch.send(1, signal), ch.recv(signal)]);
  assert.equal(listeners(signal), 0);
  const waits = [ch.recv(signal), ch.recvOk(signal), ch.recvMany(1, signal)];
  assert.equal(listeners(signal), 1);
  for (let i = 0; i < waits.length; i++) {
    assert.equal(listeners(signal), 1);
    await ch.send(i, signal);
  }
  await Promise.all(waits);
  assert.equal(listeners(signal), 0);
});

test("the listeners of an AbortSignal return to zero when the channel is closed, and when the signal fires", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const ch = chan<number>();
  const waits = [ch.recv(signal), ch.recvOk(signal)];
  ch.close();
  await Promise.all(waits);
  assert.equal(listeners(signal), 0);

  const open = chan<number>();
  const verdicts = [open.send(1, signal), open.send(2, signal)].map((wait) => assert.rejects(wait));
  assert.equal(listeners(signal), 1);
  controller.abort();
  await Promise.all(verdicts);
  assert.equal(listeners(signal), 0);
  await assert.rejects(open.recv(signal));
  assert.equal(listeners(signal), 0);
});

test("a signal's reason comes through as it is, whatever it is", async () => {
  for (const reason of [new TypeError("mine"), "a word", null, 0, { why: 1 }]) {
    const controller = new AbortController();
    const ch = chan<number>();
    const waiting = assert.rejects(ch.recv(controller.signal), (error) => error === reason);
    controller.abort(reason);
    await waiting;
    await assert.rejects(ch.recv(controller.signal), (error) => error === reason);
  }
  const controller = new AbortController();
  const waiting = assert.rejects(chan().recv(controller.signal), { name: "AbortError" });
  controller.abort();
  await waiting;
  const alive = setInterval(() => {}, 1_000); // the platform's timeout does not keep a program alive
  await assert.rejects(chan().recv(AbortSignal.timeout(1)), { name: "TimeoutError" });
  clearInterval(alive);
});

test("whoever a cancel wakes finds the context done, and the waits with it gone", async () => {
  const ctx = new HandMade();
  const ch = chan<number>();
  const seen: unknown[] = [];
  const look = async (wait: Promise<unknown>) => {
    await wait.catch(() => {});
    seen.push(ctx.err(), ch.trySend(1));
  };
  const looks = [look(ch.recv(ctx)), look(ch.recvOk(ctx)), look(ch.recvMany(1, ctx))];
  ctx.cancel();
  await Promise.all(looks);
  assert.deepEqual(seen, [stopped, false, stopped, false, stopped, false]);
});

test("a loop that receives with a context ends when the context does, and leaves the channel to others", async () => {
  const ctx = new HandMade();
  const ch = chan<number>();
  const ended = chan<unknown>(1);
  const got: unknown[] = [];
  go(async () => {
    try {
      for (;;) got.push(await ch.recv(ctx));
    } catch (error) {
      await ended.send(error);
    }
  });
  await ch.send(1);
  await ch.send(2);
  ctx.cancel();
  assert.equal(await ended.recv(), stopped);
  assert.deepEqual(got, [1, 2]);
  assert.equal(ch.trySend(3), false);
});

/** A channel that is not gort's own: it has the interface and nothing else. */
function wrapped(done: RecvChan<never>): RecvChan<never> {
  return {
    recv: (ctx) => done.recv(ctx),
    recvOk: (ctx) => done.recvOk(ctx),
    tryRecv: () => done.tryRecv(),
    drain: (max) => done.drain(max),
    recvMany: (max, ctx) => done.recvMany(max, ctx),
    [Symbol.asyncIterator]: () => done[Symbol.asyncIterator](),
    len: 0,
    cap: 0,
  };
}

class Wrapping extends HandMade {
  readonly #wrapped = wrapped(super.done());
  override done(): RecvChan<never> {
    return this.#wrapped;
  }
}

/** A context that follows its parent by waiting on it, from the moment somebody asks for its channel. */
class Following extends HandMade {
  readonly #parent: HandMade;
  #follows = false;

  constructor(parent: HandMade) {
    super();
    this.#parent = parent;
  }

  override done(): RecvChan<never> {
    if (!this.#follows) {
      this.#follows = true;
      void this.#parent
        .done()
        .recv()
        .then(() => super.cancel());
    }
    return super.done();
  }

  override cancel(): void {
    this.#parent.cancel();
  }
}

for (const [name, make] of Object.entries({
  "whose done channel is not of gort's making": () => new Wrapping(),
  "whose done() itself waits on a channel": () => new Following(new HandMade()),
})) {
  const operations: Record<string, (ch: Chan<number>, ctx: Cancel) => Promise<unknown>> = {
    recv: (ch, ctx) => ch.recv(ctx),
    send: (ch, ctx) => ch.send(1, ctx),
  };
  for (const [form, operation] of Object.entries(operations)) {
    test(`a context ${name} cancels a ${form}, too`, async () => {
      const ctx = make();
      const ch = chan<number>();
      const verdicts = [operation(ch, ctx), operation(ch, ctx)].map((wait) =>
        assert.rejects(wait, (error) => error === stopped),
      );
      ctx.cancel();
      for (const verdict of verdicts) assert.equal(await isPending(verdict), false);
      await Promise.all(verdicts);
      assert.equal(ch.tryRecv(), undefined);
      assert.equal(ch.trySend(1), false);
      await assert.rejects(operation(ch, ctx), (error) => error === stopped);
    });
  }

  test(`a wait with a context ${name} can end without it`, async () => {
    const ctx = make();
    const ch = chan<number>();
    const waits = [ch.recv(ctx), ch.recv(ctx)];
    assert.deepEqual([ch.trySend(1), ch.trySend(2)], [true, true]);
    for (const wait of waits) assert.equal(await isPending(wait), false);
    assert.deepEqual(await Promise.all(waits), [1, 2]);
    ctx.cancel();
  });
}

test("what is neither a context nor a signal is refused with a TypeError, and the operation does not happen", async () => {
  const ch = chan<number>(2);
  ch.trySend(1);
  for (const bad of [null, 0, 5, "ctx", {}, true, () => {}, { err: () => undefined }]) {
    const ctx = bad as unknown as Context;
    for (const wait of [ch.recv(ctx), ch.recvOk(ctx), ch.recvMany(1, ctx), ch.send(2, ctx)]) {
      await assert.rejects(
        wait,
        (error) => error instanceof TypeError && error.message.startsWith("ctx must be"),
        String(bad),
      );
    }
  }
  assert.equal(ch.len, 1);
});

test("a wait that is cancelled goes on in its turn: before those who are woken after it", async () => {
  const { step, reached } = order();
  const controller = new AbortController();
  const [quiet, busy] = [chan<number>(), chan<number>()];
  go(async () => {
    await quiet.recv(controller.signal).catch(() => step(1));
  });
  go(async () => {
    await busy.recv().then(() => step(2));
  });
  await settle();
  controller.abort();
  busy.trySend(1);
  await reached(2);
});
