// Random programs of senders, receivers, selects and closes: every value arrives exactly once, and each producer's in order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, type Chan, go, gosched, nil, select, trySelect } from "gort";
import { HandMade } from "../../support/context.js";
import { panic } from "../../support/panics.js";
import { type Choice, seeded } from "../../support/seed.js";
import { settle } from "../../support/settle.js";

/** A value remembers who sent it, on which channel, and as which of that producer's values there. */
interface Value {
  producer: number;
  channel: number;
  nth: number;
}

interface World {
  readonly channels: Chan<Value>[];
  readonly choice: Choice;
  /** Sent for certain: the send has returned. */
  readonly sent: Set<string>;
  /** By consumer, in the order of arrival. */
  readonly received: Value[][];
}

const name = ({ producer, channel, nth }: Value) => `${producer}/${channel}/${nth}`;

async function linger({ choice }: World): Promise<void> {
  const turns = choice.of([0, 0, 0, 1, 2, 5]);
  for (let i = 0; i < turns; i++) await gosched();
  if (choice.below(400) === 0) await settle();
}

/** Waits with a context that is cancelled some time later; `undefined` if the cancel came first. */
async function impatient<T>(
  world: World,
  wait: (ctx: HandMade | AbortSignal) => Promise<T>,
): Promise<{ result: T } | undefined> {
  const controller = new AbortController();
  const ctx = world.choice.below(2) === 0 ? new HandMade() : controller.signal;
  const outcome = wait(ctx).then(
    (result) => ({ result }),
    (error) => {
      if (error !== "too late" && !(ctx instanceof HandMade && error === ctx.err())) throw error;
      return undefined;
    },
  );
  go(async () => {
    await linger(world);
    if (ctx instanceof HandMade) ctx.cancel();
    else controller.abort("too late");
  });
  return await outcome;
}

/** Sends `count` values on channels of its choice, in every way there is. Ends early when it meets a closed channel. */
async function produce(world: World, producer: number, count: number): Promise<void> {
  const { channels, choice, sent } = world;
  const next = channels.map(() => 0);
  const value = (channel: number): Value => ({ producer, channel, nth: next[channel] ?? 0 });
  const done = (channel: number) => {
    sent.add(name(value(channel)));
    next[channel] = (next[channel] ?? 0) + 1;
  };
  for (let i = 0; i < count;) {
    await linger(world);
    const channel = choice.below(channels.length);
    const ch = channels[channel] as Chan<Value>;
    try {
      switch (choice.below(5)) {
        case 0:
          await ch.send(value(channel));
          break;
        case 1:
          if (!ch.trySend(value(channel))) continue;
          break;
        case 2:
          if ((await impatient(world, (ctx) => ch.send(value(channel), ctx))) === undefined) continue;
          break;
        case 3:
          if (trySelect({ ch: ch.sending(value(channel)), off: nil }) === undefined) continue;
          break;
        case 4: {
          const on = channels.map((_, k) => k === channel || choice.below(3) > 0);
          const s = await select(
            Object.fromEntries(channels.map((to, k) => [k, on[k] === true ? to.sending(value(k)) : null])),
          );
          done(Number(s.case));
          i++;
          continue;
        }
      }
      done(channel);
      i++;
    } catch (error) {
      panic("send on closed channel")(error);
      return;
    }
  }
}

/**
 * Receives from all channels, in every way there is, until all are closed and drained. It never waits for long on less than all of
 * them: the others may be where everybody sends.
 */
async function consume(world: World, received: Value[]): Promise<void> {
  const { channels, choice } = world;
  const open = new Set(channels);
  while (open.size > 0) {
    await linger(world);
    const ch = choice.of([...open]);
    switch (choice.below(6)) {
      case 0: {
        const got = ch.tryRecv();
        if (got?.[1] === true) received.push(got[0]);
        if (got?.[1] === false) open.delete(ch);
        break;
      }
      case 1:
        received.push(...ch.drain(1 + choice.below(3)));
        break;
      case 2: {
        const got = await impatient(world, (ctx) => ch.recvMany(choice.of([1, 2, Infinity]), ctx));
        if (got !== undefined) received.push(...got.result);
        if (got?.result.length === 0) open.delete(ch);
        break;
      }
      case 3: {
        const got = await impatient(world, (ctx) => ch.recvOk(ctx));
        if (got?.result[1] === true) received.push(got.result[0]);
        if (got?.result[1] === false) open.delete(ch);
        break;
      }
      case 4: {
        const s = (await select(Object.fromEntries([...open].entries()))) as {
          case: string;
          value: Value;
          ok: boolean;
        };
        if (s.ok) received.push(s.value);
        else open.delete([...open][Number(s.case)] as Chan<Value>);
        break;
      }
      case 5: {
        const s = trySelect({ a: ch, b: choice.of([...open]), c: choice.of([ch, nil]) });
        if (s?.ok === true) received.push(s.value as Value);
        break;
      }
    }
  }
}

async function play(choice: Choice, closeEarly: boolean): Promise<void> {
  const capacities = Array.from({ length: 1 + choice.below(4) }, () => choice.of([0, 0, 1, 2, 7]));
  const channels = capacities.map((cap) => chan<Value>(cap));
  const consumers = 1 + choice.below(4);
  const producers = 1 + choice.below(4);
  const world: World = { channels, choice, sent: new Set(), received: Array.from({ length: consumers }, () => []) };

  const produced = chan<unknown>();
  const consumed = chan<unknown>();
  const start = (body: () => Promise<void>, ended: Chan<unknown>) =>
    go(async () => {
      await ended.send(
        await body().then(
          () => undefined,
          (error: unknown) => error,
        ),
      );
    });
  for (let p = 0; p < producers; p++) start(() => produce(world, p, 1 + choice.below(60)), produced);
  for (const received of world.received) start(() => consume(world, received), consumed);
  if (closeEarly) {
    for (let i = choice.below(40); i > 0; i--) await gosched();
    for (const ch of channels) ch.close();
  }
  for (let p = 0; p < producers; p++) assert.ifError(await produced.recv());
  if (!closeEarly) for (const ch of channels) ch.close();
  for (let c = 0; c < consumers; c++) assert.ifError(await consumed.recv());

  for (const received of world.received) {
    const last = new Map<string, number>();
    for (const { producer, channel, nth } of received) {
      const stream = `${producer}/${channel}`;
      assert.ok(nth > (last.get(stream) ?? -1), `value ${nth} of stream ${stream} came after ${last.get(stream)}`);
      last.set(stream, nth);
    }
  }
  const arrived = world.received.flat().map(name);
  assert.equal(new Set(arrived).size, arrived.length, "a value arrived twice");
  assert.deepEqual(arrived.sort(), [...world.sent].sort(), "what arrived is not what was sent");
  for (const ch of channels) assert.deepEqual([ch.len, ch.tryRecv()], [0, [undefined, false]]);
}

test("CH-9 CH-10 SE-1 in random programs every value that was sent arrives exactly once, and each producer's in order", async () => {
  await seeded(async (choice) => {
    for (let i = 0; i < 60; i++) await play(choice, false);
  });
});

test("CH-8 SE-13 in random programs whose channels are closed at any time exactly those values arrive whose send did not panic", async () => {
  await seeded(async (choice) => {
    for (let i = 0; i < 120; i++) await play(choice, true);
  });
});
