// What channels keep alive, and what many waiters cost. Needs --expose-gc.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, type Chan, go, nil, select, trySelect } from "gort";
import { HandMade } from "../../support/context.js";
import { settle } from "../../support/settle.js";

const collect = globalThis.gc as () => void;

/** Whether the collector takes what the reference refers to, given the time. */
async function isCollected(ref: WeakRef<object>, tries = 20): Promise<boolean> {
  for (let i = 0; i < tries && ref.deref() !== undefined; i++) {
    await settle();
    collect();
  }
  return ref.deref() === undefined;
}

async function heap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await settle();
    collect();
  }
  return process.memoryUsage().heapUsed;
}

/** The resolver that was made last is remembered until the next wait, and its promise with it: makes it another one. */
function park(): void {
  void chan().recv();
}

const passes: Record<string, (ch: Chan<object>) => Promise<WeakRef<object>>> = {
  "sent and received": async (ch) => {
    const value = {};
    go(() => ch.send(value));
    await ch.recv();
    return new WeakRef(value);
  },
  "handed to a receiver that waits": async (ch) => {
    const value = {};
    const receiver = ch.recvOk();
    await ch.send(value);
    await receiver;
    return new WeakRef(value);
  },
  "sent and received by select": async (ch) => {
    const value = {};
    go(() => select({ out: ch.sending(value), other: chan() }));
    await select({ ch, other: chan() });
    return new WeakRef(value);
  },
  "drained from between other values": async (ch) => {
    const value = {};
    for (const offered of [{}, value, {}, {}]) void ch.send(offered).catch(() => {}); // the last ones see the close
    for (let i = 0; i < 2; i++) ch.drain(1);
    return new WeakRef(value);
  },
  "offered by a select that lost": async (ch) => {
    const [value, other] = [{}, chan<void>(1)];
    while (ch.trySend({}));
    const losing = select({ out: ch.sending(value), other });
    other.trySend();
    await losing;
    return new WeakRef(value);
  },
  "offered by a send that was cancelled": async (ch) => {
    const [value, ctx] = [{}, new HandMade()];
    while (ch.trySend({}));
    const losing = ch.send(value, ctx).catch(() => {});
    ctx.cancel();
    await losing;
    return new WeakRef(value);
  },
};

for (const [name, pass] of Object.entries(passes)) {
  for (const cap of [0, 1, 3]) {
    test(`CH-36 a value that was ${name} is not kept alive by the channel (capacity ${cap})`, async () => {
      const ch = chan<object>(cap);
      const ref = await pass(ch);
      park();
      assert.ok(await isCollected(ref));
      ch.close(); // the channel has been alive until here
    });
  }
}

const ends: Record<string, () => Promise<object>> = {
  "receives on the nil channel": async () => nil.recv().then(() => ({})),
  "sends on the nil channel": async () => (nil as Chan<number>).send(1).then(() => ({})),
  "selects no case": async () => select({}).then(() => ({})),
};

for (const [name, wait] of Object.entries(ends)) {
  test(`C4 nothing keeps a goroutine that ${name}, nor what it holds`, async () => {
    for (let i = 0; i < 2; i++) {
      const ref = new WeakRef(wait());
      park();
      assert.ok(await isCollected(ref));
    }
  });
}

test("CH-36 a channel does not keep what its last receiver got, nor the receiver", async () => {
  const ch = chan<object>();
  const wait = async () => {
    const receiver = ch.recv();
    ch.trySend({});
    return [new WeakRef((await receiver) as object), new WeakRef(receiver)];
  };
  const refs = await wait();
  park();
  for (const ref of refs) assert.ok(await isCollected(ref));
  ch.close();
});

test("CH-36 a value in the buffer is alive, and so is one that a sender offers", async () => {
  const ch = chan<object>(1);
  const refs = [0, 1].map(() => {
    const value = {};
    void ch.send(value);
    return new WeakRef(value);
  });
  for (const ref of refs) assert.equal(await isCollected(ref, 3), false);
  assert.equal(ch.drain().length, 2);
});

const cycles: Record<string, (busy: Chan<number>, idle: Chan<number>) => Promise<unknown>> = {
  "select that loses on an idle channel": (busy, idle) => {
    const losing = select({ busy, idle, again: idle });
    busy.trySend(1);
    return losing;
  },
  "select whose channel is closed": (_busy, idle) => {
    const ended = chan<never>();
    const losing = select({ ended, idle });
    ended.close();
    return losing;
  },
  "trySelect of nothing ready": async (busy, idle) => trySelect({ busy, idle }),
  "receive that is cancelled": (_busy, idle) => {
    const ctx = new HandMade();
    const losing = idle.recv(ctx).catch(() => {});
    ctx.cancel();
    return losing;
  },
};

for (const [name, cycle] of Object.entries(cycles)) {
  test(`CH-37 thirty thousand times a ${name} leave nothing behind`, async () => {
    const [busy, idle] = [chan<number>(), chan<number>()];
    for (let i = 0; i < 1_000; i++) await cycle(busy, idle);
    const before = await heap();
    for (let i = 0; i < 30_000; i++) await cycle(busy, idle);
    const grown = (await heap()) - before;
    assert.ok(grown < 1_000_000, `the heap has grown by ${grown} bytes`);
    assert.equal(idle.trySend(1), false, "somebody still waits");
  });
}

test("CH-37 waits with one long-lived context leave nothing behind", async () => {
  const ctx = new HandMade();
  const { signal } = new AbortController();
  const ch = chan<number>();
  const round = async (cancel: HandMade | AbortSignal) => {
    const receiver = ch.recv(cancel);
    ch.trySend(1);
    await receiver;
  };
  for (let i = 0; i < 1_000; i++) await round(ctx);
  const before = await heap();
  for (let i = 0; i < 20_000; i++) {
    await round(ctx);
    await round(signal);
  }
  const grown = (await heap()) - before;
  assert.ok(grown < 1_000_000, `the heap has grown by ${grown} bytes`);
});

test("CH-32 a goroutine that waits a hundred thousand times grows neither its stack nor the heap", async () => {
  const [ping, pong] = [chan<number>(), chan<number>()];
  go(async () => {
    for await (const n of ping) await pong.send(n + 1);
  });
  const rally = async (n: number) => {
    for (let i = 0; i < n; i++) {
      await ping.send(i);
      assert.equal(await pong.recv(), i + 1);
    }
  };
  await rally(1_000);
  const before = await heap();
  await rally(50_000);
  const grown = (await heap()) - before;
  assert.ok(grown < 1_000_000, `the heap has grown by ${grown} bytes`);
});
