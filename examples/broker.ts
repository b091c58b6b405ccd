// A message broker in memory: topics, filters, slow subscribers that lose messages instead of holding up the rest,
// statistics, and a shutdown that lets everybody finish.
//
// Each subscriber has a queue of its own. What happens when that is full is its own choice: wait (and hold up its
// publishers), or drop.
//
// SPEC: program 21, rows P9, P4, P2, S1.
// Run: gort run examples/broker.ts

import { type Chan, main, type RecvChan } from "gort";
import type { Context } from "gort/context";
import * as patterns from "gort/patterns";
import * as sync from "gort/sync";
import * as time from "gort/time";

interface Message {
  topic: "orders" | "payments" | "notifications";
  id: number;
  text: string;
}

interface SubscribeOptions {
  topics: readonly Message["topic"][];
  filter?: (message: Message) => boolean;
  capacity: number;
  onFull: "block" | "dropOldest" | "dropNewest";
}

class Subscription {
  readonly name: string;
  readonly options: SubscribeOptions;
  readonly queue: Chan<Message>;
  delivered = 0;
  dropped = 0;

  constructor(name: string, options: SubscribeOptions) {
    this.name = name;
    this.options = options;
    const { capacity, onFull } = options;
    this.queue = patterns.queue<Message>({ capacity, onFull, onDrop: () => this.dropped++ });
  }

  wants(message: Message): boolean {
    const { topics, filter } = this.options;
    return topics.includes(message.topic) && (filter?.(message) ?? true);
  }
}

class Broker {
  readonly #subscriptions = new Set<Subscription>();
  readonly #publishing = new sync.WaitGroup();
  #closed = false;
  published = 0;

  subscribe(name: string, options: SubscribeOptions): Subscription {
    const subscription = new Subscription(name, options);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Resolves when every subscriber that wants the message has it in its queue, or has dropped one for it. */
  async publish(ctx: Context, message: Message): Promise<void> {
    if (this.#closed) throw new Error("broker: closed");
    this.published++;
    this.#publishing.add(1);
    try {
      const wanted = [...this.#subscriptions].filter((each) => each.wants(message));
      const send = async (each: Subscription, own: Context) => {
        await each.queue.send(message, own);
        each.delivered++;
      };
      await patterns.forEach(ctx, wanted, send, { limit: Infinity });
    } finally {
      this.#publishing.done();
    }
  }

  /** Takes no more messages; those that are in the queues can still be read. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#publishing.wait();
    for (const { queue } of this.#subscriptions) queue.close();
  }
}

async function publisher(
  ctx: Context,
  broker: Broker,
  topics: readonly Message["topic"][],
  from: number,
): Promise<void> {
  for (let id = from; id < from + 30; id++) {
    const topic = topics[id % topics.length] as Message["topic"];
    await broker.publish(ctx, { topic, id, text: `${topic} ${id}` });
    await time.sleep(0.5 * time.millisecond, ctx);
  }
}

/** Reads until the end; gives how many messages it read. */
async function reader(messages: RecvChan<Message>, takes: number): Promise<number> {
  let read = 0;
  for await (const _ of messages) {
    read++;
    if (takes > 0) await time.sleep(takes);
  }
  return read;
}

main(async (ctx) => {
  const broker = new Broker();
  const accounting = broker.subscribe("accounting", { topics: ["orders", "payments"], capacity: 4, onFull: "block" });
  const even = broker.subscribe("even orders", {
    topics: ["orders"],
    filter: ({ id }) => id % 2 === 0,
    capacity: 100,
    onFull: "block",
  });
  const screen = broker.subscribe("slow screen", {
    topics: ["orders", "payments", "notifications"],
    capacity: 5,
    onFull: "dropOldest",
  });

  const reads = new Map<Subscription, number>();
  const readers = new sync.WaitGroup();
  for (const [subscription, takes] of [
    [accounting, 0],
    [even, 0],
    [screen, 5 * time.millisecond],
  ] as const) {
    readers.go(async () => void reads.set(subscription, await reader(subscription.queue, takes)));
  }

  const publishers = new sync.WaitGroup();
  publishers.go(publisher, ctx, broker, ["orders", "payments"], 0);
  publishers.go(publisher, ctx, broker, ["orders", "payments", "notifications"], 30);
  await publishers.wait();
  await broker.close();
  await readers.wait();

  console.log(`published ${broker.published}`);
  for (const { name, delivered, dropped } of [accounting, even]) {
    console.log(`${name}: delivered ${delivered}, dropped ${dropped}`);
  }
  const read = reads.get(screen) as number;
  console.log(`slow screen: delivered ${screen.delivered}, dropped ${screen.dropped > 0 ? "some" : "none"}`);
  const accountedFor = (each: Subscription) => each.delivered === (reads.get(each) ?? 0) + each.dropped;
  console.log(`all accounted for: ${[accounting, even, screen].every(accountedFor)}`);
  console.log(`the newest were kept: ${read >= 5}`);
  await broker
    .publish(ctx, { topic: "orders", id: 0, text: "too late" })
    .catch((error: Error) => console.log(error.message));
});

// Output:
// published 60
// accounting: delivered 50, dropped 0
// even orders: delivered 20, dropped 0
// slow screen: delivered 60, dropped some
// all accounted for: true
// the newest were kept: true
// broker: closed
