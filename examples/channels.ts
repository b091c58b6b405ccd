// A channel without a buffer and one with a buffer of three, side by side.
//
// The same sender runs on both, as fast as the channel lets it. Without a buffer each send waits for its receiver;
// with one the sender runs ahead until the buffer is full. Values that are buffered when the channel is closed are
// still received. And directions: a function that takes a SendChan cannot receive from it, which the compiler checks.
//
// SPEC: program 2, rows C1, C2, C3.
// Run: gort run examples/channels.ts

import { type Chan, chan, go, main, type RecvChan, type SendChan } from "gort";
import * as time from "gort/time";

/** Sends 1 to 5 and counts what it has got rid of. */
async function produce(out: SendChan<number>, sent: { count: number }): Promise<void> {
  for (let n = 1; n <= 5; n++) {
    await out.send(n);
    sent.count = n;
  }
  out.close();
  // @ts-expect-error: what may only be sent to cannot be received from
  void out.recv;
}

/** Receives at its leisure, and prints how far ahead the sender is each time. */
async function consume(numbers: RecvChan<number>, sent: { count: number }): Promise<void> {
  for (;;) {
    await time.sleep(10 * time.millisecond);
    const state = `${sent.count} sent, ${numbers.len} buffered`;
    const [n, ok] = await numbers.recvOk();
    console.log(`${state}: ${ok ? `received ${n}` : "closed and drained"}`);
    if (!ok) return;
  }
}

async function show(title: string, numbers: Chan<number>): Promise<void> {
  console.log(title);
  const sent = { count: 0 };
  go(produce, numbers, sent);
  await consume(numbers, sent);
}

main(async () => {
  await show("unbuffered", chan<number>());
  await show("buffered, room for 3", chan<number>(3));
});

// Output:
// unbuffered
// 0 sent, 0 buffered: received 1
// 1 sent, 0 buffered: received 2
// 2 sent, 0 buffered: received 3
// 3 sent, 0 buffered: received 4
// 4 sent, 0 buffered: received 5
// 5 sent, 0 buffered: closed and drained
// buffered, room for 3
// 3 sent, 3 buffered: received 1
// 4 sent, 3 buffered: received 2
// 5 sent, 3 buffered: received 3
// 5 sent, 2 buffered: received 4
// 5 sent, 1 buffered: received 5
// 5 sent, 0 buffered: closed and drained
