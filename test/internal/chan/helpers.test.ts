// Generic helpers over channels, as a library would write them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, type Chan, type Context, go, nil, type RecvChan, select, type SendChan } from "gort";
import { HandMade, stopped } from "../../support/context.js";
import { isPending, settle } from "../../support/settle.js";

function from<T>(...values: T[]): RecvChan<T> {
  const ch = chan<T>();
  go(async () => {
    for (const value of values) await ch.send(value);
    ch.close();
  });
  return ch;
}

/** All values until the channel is closed. */
async function readAll<T>(ctx: Context, ch: RecvChan<T>): Promise<T[]> {
  const values: T[] = [];
  for (;;) {
    const [value, ok] = await ch.recvOk(ctx);
    if (!ok) return values;
    values.push(value);
  }
}

function merge<T>(ctx: Context, a: RecvChan<T>, b: RecvChan<T>): RecvChan<T> {
  const out = chan<T>();
  go(async () => {
    for (let open = 2; open > 0;) {
      const s = await select({ a, b, done: ctx.done() });
      if (s.case === "done") break;
      if (s.ok) {
        await out.send(s.value);
        continue;
      }
      open--;
      if (s.case === "a") a = nil;
      else b = nil;
    }
    out.close();
  });
  return out;
}

function filter<T>(ch: RecvChan<T>, keep: (value: T) => boolean): RecvChan<T> {
  const out = chan<T>();
  go(async () => {
    for await (const value of ch) if (keep(value)) await out.send(value);
    out.close();
  });
  return out;
}

/** Takes everything and keeps nothing. */
function sink<T>(ctx: Context): SendChan<T> {
  const ch = chan<T>();
  go(async () => {
    while ((await select({ ch, done: ctx.done() })).case === "ch");
  });
  return ch;
}

/** A value that one goroutine at a time may have. */
class Exclusive<T> {
  readonly #place = chan<T>(1);

  constructor(value: T) {
    this.#place.trySend(value);
  }

  async acquire(): Promise<T> {
    return (await this.#place.recv()) as T;
  }

  tryAcquire(): [value: T] | undefined {
    const taken = this.#place.tryRecv();
    return taken?.[1] === true ? [taken[0]] : undefined;
  }

  release(value: T): void {
    assert.ok(this.#place.trySend(value), "released twice");
  }
}

/** A pair that knows of each other's end: `send` is false once the receiver is gone. */
function ranger<T>() {
  const values = chan<T>();
  const gone = chan<never>();
  return {
    sender: {
      async send(ctx: Context, value: T): Promise<boolean> {
        return (await select({ out: values.sending(value), gone, done: ctx.done() })).case === "out";
      },
      close: () => values.close(),
    },
    receiver: {
      next: (ctx: Context) => values.recvOk(ctx),
      [Symbol.dispose]: () => gone.close(),
    },
  };
}

const quiet = new HandMade();

test("CH-41 readAll gives all values until the close, and the context's error if that comes first", async () => {
  assert.deepEqual(await readAll(quiet, from(1, 2, 3)), [1, 2, 3]);
  assert.deepEqual(await readAll(quiet, from<number>()), []);
  const ctx = new HandMade();
  const ch = chan<number>();
  const reading = readAll(ctx, ch);
  await ch.send(1);
  ctx.cancel();
  await assert.rejects(reading, (error) => error === stopped);
});

test("CH-41 merge gives the values of both, each in its order, and ends with the second", async () => {
  const merged = await readAll(quiet, merge(quiet, from(1, 3, 5), from(2, 4, 6, 8)));
  assert.deepEqual(
    merged.filter((v) => v % 2 === 1),
    [1, 3, 5],
  );
  assert.deepEqual(
    merged.filter((v) => v % 2 === 0),
    [2, 4, 6, 8],
  );
  const ctx = new HandMade();
  const idle = merge(ctx, chan<number>(), chan<number>());
  const reading = readAll(quiet, idle);
  assert.equal(await isPending(reading), true);
  ctx.cancel();
  assert.deepEqual(await reading, []);
});

test("CH-41 filter passes on what it is told to, and the end", async () => {
  assert.deepEqual(
    await readAll(
      quiet,
      filter(from(1, 2, 3, 4), (n) => n % 2 === 0),
    ),
    [2, 4],
  );
});

test("CH-41 a sink takes everything until its context ends", async () => {
  const ctx = new HandMade();
  const ch = sink<number>(ctx);
  for (let i = 0; i < 50; i++) await ch.send(i);
  ctx.cancel();
  await settle(); // a sink that is on its way to its select may still choose a value there
  assert.equal(ch.trySend(1), false);
});

test("CH-41 an exclusive value is held by one goroutine at a time, and those who want it wait", async () => {
  const exclusive = new Exclusive({ count: 0 });
  const value = await exclusive.acquire();
  assert.equal(exclusive.tryAcquire(), undefined);
  const next = exclusive.acquire();
  assert.equal(await isPending(next), true);
  exclusive.release(value);
  assert.equal(await next, value);
  exclusive.release(value);
  const finished = chan<void>();
  for (let i = 0; i < 10; i++) {
    go(async () => {
      const v = await exclusive.acquire();
      const { count } = v;
      await finished.send();
      v.count = count + 1;
      exclusive.release(v);
    });
  }
  for (let i = 0; i < 10; i++) await finished.recv();
  assert.equal((await exclusive.acquire()).count, 10);
});

test("CH-41 a ranger's receiver hears of the sender's end, and the sender of the receiver's and of the context's", async () => {
  const { sender, receiver } = ranger<number>();
  go(async () => {
    assert.equal(await sender.send(quiet, 1), true);
    sender.close();
  });
  assert.deepEqual(await receiver.next(quiet), [1, true]);
  assert.deepEqual(await receiver.next(quiet), [undefined, false]);

  const left = ranger<number>();
  const sending = left.sender.send(quiet, 1);
  assert.equal(await isPending(sending), true);
  left.receiver[Symbol.dispose]();
  assert.equal(await sending, false);

  const ctx = new HandMade();
  const cancelled = ranger<number>().sender.send(ctx, 1);
  ctx.cancel();
  assert.equal(await cancelled, false);
});

test("CH-41 a Chan goes wherever one direction is asked for", async () => {
  const both: Chan<number> = chan(1);
  const put = (ch: SendChan<number>) => ch.trySend(1);
  const get = (ch: RecvChan<number>) => ch.recv();
  put(both);
  assert.equal(await get(both), 1);
});
