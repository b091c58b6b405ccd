// ts-chan: as Go-like as it is, a goroutine is an async function that nobody awaits. A select is made once and used again, as its
// documentation advises.

import { Chan, recv as receiving, Select } from "ts-chan";

const send = async (ch, n) => {
  for (let i = 0; i < n; i++) await ch.send(i);
  ch.close();
};

const sendFast = async (ch, n) => {
  for (let i = 0; i < n; i++) if (!ch.trySend(i)) await ch.send(i);
  ch.close();
};

const recv = async (ch, n) => {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (await ch.recv()).value;
  return sum;
};

/** Waits for one, then takes what is there. */
const recvMany = async (ch) => {
  let sum = 0;
  for (;;) {
    const r = await ch.recv();
    if (r.done) return sum;
    sum += r.value;
    for (const v of ch) sum += v;
  }
};

const stride = async (ch, from, step, n) => {
  for (let i = from; i < n; i += step) await ch.send(i);
};

const fanIn = async (n, size) => {
  const channels = Array.from({ length: size }, () => new Chan());
  channels.forEach((ch, k) => void stride(ch, k, size, n));
  return selected(n, channels);
};

const selected = async (n, channels) => {
  const select = new Select(channels.map((ch) => receiving(ch)));
  let sum = 0;
  for (let i = 0; i < n; i++) sum += select.recv(select.cases[await select.wait()]).value;
  return sum;
};

export default {
  async "ping-pong"(n) {
    const ping = new Chan();
    const pong = new Chan();
    void (async () => {
      for (let i = 0; i < n; i++) await pong.send((await ping.recv()).value);
    })();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await ping.send(i);
      sum += (await pong.recv()).value;
    }
    return sum;
  },

  async stream(n) {
    const ch = new Chan();
    void send(ch, n);
    return recv(ch, n);
  },

  async "buffered-recv"(n) {
    const ch = new Chan(100);
    void send(ch, n);
    return recv(ch, n);
  },

  async "buffered-range"(n) {
    const ch = new Chan(100);
    void send(ch, n);
    let sum = 0;
    for await (const v of ch) sum += v;
    return sum;
  },

  async "buffered-many"(n) {
    const ch = new Chan(100);
    void sendFast(ch, n);
    return recvMany(ch);
  },

  async "buffered-many-send"(n) {
    const ch = new Chan(100);
    void send(ch, n);
    return recvMany(ch);
  },

  async ring(n) {
    const size = 1_000;
    const hop = async (from, to, laps) => {
      for (let i = 0; i < laps; i++) await to.send((await from.recv()).value + 1);
    };
    const first = new Chan();
    let from = first;
    for (let i = 1; i < size; i++) {
      const to = new Chan();
      void hop(from, to, n / size);
      from = to;
    }
    let token = 0;
    for (let i = 0; i < n / size; i++) {
      await first.send(token);
      token = (await from.recv()).value + 1;
    }
    return token;
  },

  async sieve(n) {
    const last = 7_919;
    const filter = async (from, to, prime) => {
      for (;;) {
        const i = (await from.recv()).value;
        if (i % prime !== 0 || i === 0) await to.send(i);
        if (i === 0) return;
      }
    };
    const numbers = new Chan();
    void (async () => {
      for (let i = 2; i <= last; i++) await numbers.send(i);
      await numbers.send(0);
    })();
    let from = numbers;
    let prime = 0;
    for (let i = 0; i < n; i++) {
      prime = (await from.recv()).value;
      const to = new Chan();
      void filter(from, to, prime);
      from = to;
    }
    return (await from.recv()).value === 0 ? prime : 0;
  },

  "select-2": (n) => fanIn(n, 2),

  "select-8": (n) => fanIn(n, 8),

  async "select-park"(n) {
    const a = new Chan();
    const b = new Chan();
    void (async () => {
      for (let i = 0; i < n; i++) await (i % 2 === 0 ? a : b).send(i);
    })();
    return selected(n, [a, b]);
  },

  async "select-default"(n) {
    const a = new Chan(1);
    const b = new Chan(1);
    const select = new Select([receiving(a), receiving(b)]);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const k = select.poll();
      if (k !== undefined) sum += select.recv(select.cases[k]).value;
      else (i % 4 === 0 ? a : b).trySend(i + i + 1);
    }
    return sum;
  },

  async try(n) {
    const ch = new Chan(1);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const none = ch.tryRecv();
      if (none === undefined) ch.trySend(i);
      const r = ch.tryRecv();
      if (r !== undefined) sum += r.value;
    }
    return sum;
  },

  async parked(n, meter) {
    meter.before();
    const channels = Array.from({ length: n / 1_000 }, () => new Chan());
    let woken = 0;
    let sum = 0;
    for (const ch of channels) {
      for (let i = 0; i < 1_000; i++) {
        void (async () => {
          const { value } = await ch.recv();
          sum += value;
          woken++;
        })();
      }
    }
    meter.parked(n);
    let i = 0;
    for (const ch of channels) for (let k = 0; k < 1_000; k++) await ch.send(i++);
    while (woken < n) await new Promise(setImmediate);
    return sum;
  },

  // It has no timers, and a promise case that loses rejects unhandled; so the timer is a channel.
  async after(n) {
    const ch = new Chan();
    void send(ch, n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const late = new Chan(1);
      const timer = setTimeout(() => late.trySend(i), 1_000);
      const select = new Select([receiving(ch), receiving(late)]);
      const k = await select.wait();
      if (k === 0) sum += select.recv(select.cases[0]).value;
      clearTimeout(timer);
    }
    return sum;
  },
};
