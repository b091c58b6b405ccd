// gort, in the idioms that its documentation shows. $GOMAXPROCS says how many processors it has, as with Go.

import { background, withCancel } from "../../../dist/context/index.js";
import { shared } from "../../../dist/parallel/index.js";
import { idleSecond, pool, sleep, starts } from "./pool.mjs";
import { add, countPrimes, echo, sendInts, sendPages, sendSync, sumSync, untilDone } from "./tasks/gort.mjs";

const ints = async (capacity, n) => {
  const ch = shared.chan(capacity);
  const sent = sendInts.run(ch, n);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += await ch.recv();
  await sent;
  ch[Symbol.dispose]();
  return sum;
};

const pingPong = async (n, before) => {
  const [ping, pong] = [shared.chan(), shared.chan()];
  const echoed = echo.run(ping, pong, n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (before !== undefined) await before();
    await ping.send(i);
    sum += await pong.recv();
  }
  await echoed;
  ping[Symbol.dispose]();
  pong[Symbol.dispose]();
  return sum;
};

export default {
  ...pool(
    (pair) => add.run(pair),
    (chunk) => countPrimes.run(chunk),
  ),
  ...starts("gort"),

  "chan-int": (n) => ints(100, n),
  "chan-unbuffered": (n) => ints(0, n),
  "busy-chan-int": (n) => ints(100, n),

  async "chan-object"(n) {
    const ch = shared.chan(100);
    const sent = sendPages.run(ch, n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const { id, url } = await ch.recv();
      if (url.startsWith("https:")) sum += id;
    }
    await sent;
    ch[Symbol.dispose]();
    return sum;
  },

  async "chan-sync"(n) {
    const ch = shared.chan();
    const [, sum] = await Promise.all([sendSync.run(ch, n), sumSync.run(ch, n)]);
    ch[Symbol.dispose]();
    return sum;
  },

  "ping-pong-threads": (n) => pingPong(n),
  "busy-ping-pong": (n) => pingPong(n),
  "ping-pong-asleep": (n, meter) => pingPong(n, () => meter.away(sleep(1))),

  async "cancel-crossing"(n, meter) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const [ctx, cancel] = withCancel(background());
      const answer = untilDone.run(ctx, i);
      await meter.away(sleep(1));
      cancel();
      sum += await answer;
    }
    return sum;
  },

  async idle(_n, meter) {
    const results = await Promise.all([add.run({ a: 1, b: 2 }), add.run({ a: 3, b: 4 })]);
    await idleSecond(meter);
    return results[0];
  },
};
