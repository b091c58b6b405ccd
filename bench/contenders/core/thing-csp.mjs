// @thi.ng/csp: a channel has room for at least one value, and a write is done when its value has been read, whatever the room; to use
// the room, one offers first. A goroutine is an async function that nobody awaits.

import { channel, select, timeout } from "@thi.ng/csp";

const send = async (ch, n) => {
  for (let i = 0; i < n; i++) await ch.write(i);
  ch.close();
};

/** Awaits only when there is no room. */
const offer = async (ch, n) => {
  for (let i = 0; i < n; i++) if (!ch.offer(i)) await ch.write(i);
  ch.close();
};

const recv = async (ch, n) => {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += await ch.read();
  return sum;
};

/** Waits for one, then takes what is there. */
const recvMany = async (ch) => {
  let sum = 0;
  for (;;) {
    let v = await ch.read();
    if (v === undefined) return sum;
    do sum += v;
    while ((v = ch.poll()) !== undefined);
  }
};

const stride = async (ch, from, step, n) => {
  for (let i = from; i < n; i += step) await ch.write(i);
};

const fanIn = async (n, size) => {
  const channels = Array.from({ length: size }, () => channel());
  channels.forEach((ch, k) => void stride(ch, k, size, n));
  return selected(n, channels);
};

const selected = async (n, channels) => {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (await select(...channels))[0];
  return sum;
};

export default {
  async "ping-pong"(n) {
    const ping = channel();
    const pong = channel();
    void (async () => {
      for (let i = 0; i < n; i++) await pong.write(await ping.read());
    })();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await ping.write(i);
      sum += await pong.read();
    }
    return sum;
  },

  async stream(n) {
    const ch = channel();
    void send(ch, n);
    return recv(ch, n);
  },

  async "buffered-recv"(n) {
    const ch = channel(100);
    void offer(ch, n);
    return recv(ch, n);
  },

  async "buffered-range"(n) {
    const ch = channel(100);
    void offer(ch, n);
    let sum = 0;
    for await (const v of ch) sum += v;
    return sum;
  },

  async "buffered-many"(n) {
    const ch = channel(100);
    void offer(ch, n);
    return recvMany(ch);
  },

  async ring(n) {
    const size = 1_000;
    const hop = async (from, to, laps) => {
      for (let i = 0; i < laps; i++) await to.write((await from.read()) + 1);
    };
    const first = channel();
    let from = first;
    for (let i = 1; i < size; i++) {
      const to = channel();
      void hop(from, to, n / size);
      from = to;
    }
    let token = 0;
    for (let i = 0; i < n / size; i++) {
      await first.write(token);
      token = (await from.read()) + 1;
    }
    return token;
  },

  async sieve(n) {
    const last = 7_919;
    const filter = async (from, to, prime) => {
      for (;;) {
        const i = await from.read();
        if (i % prime !== 0 || i === 0) await to.write(i);
        if (i === 0) return;
      }
    };
    const numbers = channel();
    void (async () => {
      for (let i = 2; i <= last; i++) await numbers.write(i);
      await numbers.write(0);
    })();
    let from = numbers;
    let prime = 0;
    for (let i = 0; i < n; i++) {
      prime = await from.read();
      const to = channel();
      void filter(from, to, prime);
      from = to;
    }
    return (await from.read()) === 0 ? prime : 0;
  },

  "select-2": (n) => fanIn(n, 2),

  "select-8": (n) => fanIn(n, 8),

  async "select-park"(n) {
    const a = channel();
    const b = channel();
    void (async () => {
      for (let i = 0; i < n; i++) await (i % 2 === 0 ? a : b).write(i);
    })();
    return selected(n, [a, b]);
  },

  async try(n) {
    const ch = channel(1);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const none = ch.poll();
      if (none === undefined) ch.offer(i);
      const v = ch.poll();
      if (v !== undefined) sum += v;
    }
    return sum;
  },

  async parked(n, meter) {
    meter.before();
    const channels = Array.from({ length: n / 1_000 }, () => channel());
    let woken = 0;
    let sum = 0;
    for (const ch of channels) {
      for (let i = 0; i < 1_000; i++) {
        void (async () => {
          const v = await ch.read();
          sum += v;
          woken++;
        })();
      }
    }
    meter.parked(n);
    let i = 0;
    for (const ch of channels) for (let k = 0; k < 1_000; k++) await ch.write(i++);
    while (woken < n) await new Promise(setImmediate);
    return sum;
  },

  // Its timers cannot be stopped: they run out on their own.
  async after(n) {
    const ch = channel();
    void send(ch, n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const [v, from] = await select(ch, timeout(1_000));
      if (from === ch) sum += v;
    }
    return sum;
  },
};
