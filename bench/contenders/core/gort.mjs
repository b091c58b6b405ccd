// gort, in the idioms that its documentation shows.

import { chan, go, gosched, select, trySelect } from "../../../dist/index.js";
import { WaitGroup } from "../../../dist/sync/index.js";
import { after } from "../../../dist/time/index.js";

const send = async (ch, n) => {
  for (let i = 0; i < n; i++) await ch.send(i);
  ch.close();
};

/** Awaits only when it must wait. */
const sendFast = async (ch, n) => {
  for (let i = 0; i < n; i++) if (!ch.trySend(i)) await ch.send(i);
  ch.close();
};

const recv = async (ch, n) => {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += await ch.recv();
  return sum;
};

const recvMany = async (ch) => {
  let sum = 0;
  for (;;) {
    const values = await ch.recvMany();
    if (values.length === 0) return sum;
    for (const v of values) sum += v;
  }
};

export default {
  async "ping-pong"(n) {
    const ping = chan();
    const pong = chan();
    go(async () => {
      for (let i = 0; i < n; i++) await pong.send(await ping.recv());
    });
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await ping.send(i);
      sum += await pong.recv();
    }
    return sum;
  },

  async stream(n) {
    const ch = chan();
    go(send, ch, n);
    return recv(ch, n);
  },

  async "buffered-recv"(n) {
    const ch = chan(100);
    go(send, ch, n);
    return recv(ch, n);
  },

  async "buffered-range"(n) {
    const ch = chan(100);
    go(send, ch, n);
    let sum = 0;
    for await (const v of ch) sum += v;
    return sum;
  },

  async "buffered-many"(n) {
    const ch = chan(100);
    go(sendFast, ch, n);
    return recvMany(ch);
  },

  async "buffered-many-send"(n) {
    const ch = chan(100);
    go(send, ch, n);
    return recvMany(ch);
  },

  async ring(n) {
    const size = 1_000;
    const hop = async (from, to, laps) => {
      for (let i = 0; i < laps; i++) await to.send((await from.recv()) + 1);
    };
    const first = chan();
    let from = first;
    for (let i = 1; i < size; i++) {
      const to = chan();
      go(hop, from, to, n / size);
      from = to;
    }
    let token = 0;
    for (let i = 0; i < n / size; i++) {
      await first.send(token);
      token = (await from.recv()) + 1;
    }
    return token;
  },

  async sieve(n) {
    const last = 7_919;
    const filter = async (from, to, prime) => {
      for (;;) {
        const i = await from.recv();
        if (i % prime !== 0 || i === 0) await to.send(i);
        if (i === 0) return;
      }
    };
    const numbers = chan();
    go(async () => {
      for (let i = 2; i <= last; i++) await numbers.send(i);
      await numbers.send(0);
    });
    let from = numbers;
    let prime = 0;
    for (let i = 0; i < n; i++) {
      prime = await from.recv();
      const to = chan();
      go(filter, from, to, prime);
      from = to;
    }
    return (await from.recv()) === 0 ? prime : 0;
  },

  async "select-2"(n) {
    const a = chan();
    const b = chan();
    for (const [k, ch] of [a, b].entries()) go(stride, ch, k, 2, n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const s = await select({ a, b });
      switch (s.case) {
        case "a":
          sum += s.value;
          break;
        case "b":
          sum += s.value;
          break;
      }
    }
    return sum;
  },

  async "select-8"(n) {
    const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, () => chan());
    for (const [k, ch] of [a, b, c, d, e, f, g, h].entries()) go(stride, ch, k, 8, n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const s = await select({ a, b, c, d, e, f, g, h });
      sum += s.value;
    }
    return sum;
  },

  async "select-park"(n) {
    const a = chan();
    const b = chan();
    go(async () => {
      for (let i = 0; i < n; i++) await (i % 2 === 0 ? a : b).send(i);
    });
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const s = await select({ a, b });
      sum += s.value;
    }
    return sum;
  },

  async "select-default"(n) {
    const a = chan(1);
    const b = chan(1);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const s = trySelect({ a, b });
      if (s !== undefined) sum += s.value;
      else (i % 4 === 0 ? a : b).trySend(i + i + 1);
    }
    return sum;
  },

  async try(n) {
    const ch = chan(1);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const none = ch.tryRecv();
      if (none === undefined) ch.trySend(i);
      const r = ch.tryRecv();
      if (r !== undefined) sum += r[0];
    }
    return sum;
  },

  async spawn(n) {
    let sum = 0;
    for (let i = 0; i < n;) {
      const wg = new WaitGroup();
      for (const end = i + 1_000; i < end; i++) {
        const k = i;
        wg.add(1);
        go(async () => {
          sum += k;
          wg.done();
        });
      }
      await wg.wait();
    }
    return sum;
  },

  async parked(n, meter) {
    meter.before();
    const channels = Array.from({ length: n / 1_000 }, () => chan());
    let parked = 0;
    let woken = 0;
    let sum = 0;
    for (const ch of channels) {
      for (let i = 0; i < 1_000; i++) {
        go(async () => {
          parked++;
          const v = await ch.recv();
          sum += v;
          woken++;
        });
      }
    }
    while (parked < n) await gosched();
    meter.parked(n);
    let i = 0;
    for (const ch of channels) for (let k = 0; k < 1_000; k++) await ch.send(i++);
    while (woken < n) await gosched();
    return sum;
  },

  async after(n) {
    const ch = chan();
    go(send, ch, n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const s = await select({ ch, late: after(1_000) });
      if (s.case === "ch") sum += s.value;
    }
    return sum;
  },
};

async function stride(ch, from, step, n) {
  for (let i = from; i < n; i += step) await ch.send(i);
}
