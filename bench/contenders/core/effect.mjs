// effect: goroutines are fibers, channels are queues; one of capacity 0 is a rendezvous. Select is a race, of which the losers are
// interrupted.

import { Effect, Exit, Fiber, Queue } from "effect";

const send = (q, n) =>
  Effect.gen(function* () {
    for (let i = 0; i < n; i++) yield* Queue.offer(q, i);
    yield* Queue.end(q);
  });

/** Waits only when there is no room. */
const sendFast = (q, n) =>
  Effect.gen(function* () {
    for (let i = 0; i < n; i++) if (!Queue.offerUnsafe(q, i)) yield* Queue.offer(q, i);
    yield* Queue.end(q);
  });

const recv = (q, n) =>
  Effect.gen(function* () {
    const take = Queue.take(q);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += yield* take;
    return sum;
  });

const recvMany = (q, n) =>
  Effect.gen(function* () {
    const takeAll = Queue.takeAll(q);
    let sum = 0;
    for (let count = 0; count < n;) {
      const values = yield* takeAll;
      count += values.length;
      for (const v of values) sum += v;
    }
    return sum;
  });

const stride = (q, from, step, n) =>
  Effect.gen(function* () {
    for (let i = from; i < n; i += step) yield* Queue.offer(q, i);
  });

const selected = (n, queues) =>
  Effect.gen(function* () {
    const select = Effect.raceAllFirst(queues.map((q) => Queue.take(q)));
    let sum = 0;
    for (let i = 0; i < n; i++) sum += yield* select;
    return sum;
  });

const fanIn = (n, size) =>
  program(function* () {
    const queues = [];
    for (let k = 0; k < size; k++) queues.push(yield* Queue.bounded(0));
    for (let k = 0; k < size; k++) yield* Effect.forkChild(stride(queues[k], k, size, n));
    return yield* selected(n, queues);
  });

const program = (body) => Effect.runPromise(Effect.gen(body));

const buffered = (n, producer, consumer) =>
  program(function* () {
    const q = yield* Queue.bounded(100);
    yield* Effect.forkChild(producer(q, n));
    return yield* consumer(q, n);
  });

export default {
  "ping-pong": (n) =>
    program(function* () {
      const ping = yield* Queue.bounded(0);
      const pong = yield* Queue.bounded(0);
      yield* Effect.forkChild(
        Effect.gen(function* () {
          const take = Queue.take(ping);
          for (let i = 0; i < n; i++) yield* Queue.offer(pong, yield* take);
        }),
      );
      const take = Queue.take(pong);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        yield* Queue.offer(ping, i);
        sum += yield* take;
      }
      return sum;
    }),

  stream: (n) =>
    program(function* () {
      const q = yield* Queue.bounded(0);
      yield* Effect.forkChild(send(q, n));
      return yield* recv(q, n);
    }),

  "buffered-recv": (n) => buffered(n, send, recv),

  "buffered-many": (n) => buffered(n, sendFast, recvMany),

  "buffered-many-send": (n) => buffered(n, send, recvMany),

  // Of rendezvous, a ring of this size overflows the stack: each resumes the next within its own call.
  ring: (n) =>
    program(function* () {
      const size = 1_000;
      const hop = (from, to, laps) =>
        Effect.gen(function* () {
          const take = Queue.take(from);
          for (let i = 0; i < laps; i++) yield* Queue.offer(to, (yield* take) + 1);
        });
      const first = yield* Queue.bounded(1);
      let from = first;
      for (let i = 1; i < size; i++) {
        const to = yield* Queue.bounded(1);
        yield* Effect.forkChild(hop(from, to, n / size));
        from = to;
      }
      let token = 0;
      for (let i = 0; i < n / size; i++) {
        yield* Queue.offer(first, token);
        token = (yield* Queue.take(from)) + 1;
      }
      return token;
    }),

  sieve: (n) =>
    program(function* () {
      const last = 7_919;
      const filter = (from, to, prime) =>
        Effect.gen(function* () {
          const take = Queue.take(from);
          for (;;) {
            const i = yield* take;
            if (i % prime !== 0 || i === 0) yield* Queue.offer(to, i);
            if (i === 0) return;
          }
        });
      const numbers = yield* Queue.bounded(0);
      yield* Effect.forkChild(
        Effect.gen(function* () {
          for (let i = 2; i <= last; i++) yield* Queue.offer(numbers, i);
          yield* Queue.offer(numbers, 0);
        }),
      );
      let from = numbers;
      let prime = 0;
      for (let i = 0; i < n; i++) {
        prime = yield* Queue.take(from);
        const to = yield* Queue.bounded(0);
        yield* Effect.forkChild(filter(from, to, prime));
        from = to;
      }
      return (yield* Queue.take(from)) === 0 ? prime : 0;
    }),

  "select-2": (n) => fanIn(n, 2),

  "select-8": (n) => fanIn(n, 8),

  "select-park": (n) =>
    program(function* () {
      const a = yield* Queue.bounded(0);
      const b = yield* Queue.bounded(0);
      yield* Effect.forkChild(
        Effect.gen(function* () {
          for (let i = 0; i < n; i++) yield* Queue.offer(i % 2 === 0 ? a : b, i);
        }),
      );
      return yield* selected(n, [a, b]);
    }),

  try: (n) =>
    program(function* () {
      const q = yield* Queue.bounded(1);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const none = Queue.takeUnsafe(q);
        if (none === undefined) Queue.offerUnsafe(q, i);
        const r = Queue.takeUnsafe(q);
        if (r !== undefined && Exit.isSuccess(r)) sum += r.value;
      }
      return sum;
    }),

  spawn: (n) =>
    program(function* () {
      let sum = 0;
      for (let i = 0; i < n;) {
        const fibers = [];
        for (const end = i + 1_000; i < end; i++) {
          const k = i;
          fibers.push(yield* Effect.forkChild(Effect.sync(() => void (sum += k))));
        }
        yield* Fiber.awaitAll(fibers);
      }
      return sum;
    }),

  parked: (n, meter) =>
    program(function* () {
      meter.before();
      const queues = [];
      for (let k = 0; k < n / 1_000; k++) queues.push(yield* Queue.bounded(0));
      let parked = 0;
      let woken = 0;
      let sum = 0;
      for (const q of queues) {
        const body = Effect.gen(function* () {
          parked++;
          const v = yield* Queue.take(q);
          sum += v;
          woken++;
        });
        for (let i = 0; i < 1_000; i++) yield* Effect.forkChild(body);
      }
      while (parked < n) yield* Effect.yieldNow;
      meter.parked(n);
      let i = 0;
      for (const q of queues) for (let k = 0; k < 1_000; k++) yield* Queue.offer(q, i++);
      while (woken < n) yield* Effect.yieldNow;
      return sum;
    }),

  after: (n) =>
    program(function* () {
      const q = yield* Queue.bounded(0);
      yield* Effect.forkChild(send(q, n));
      const select = Effect.raceFirst(Queue.take(q), Effect.sleep(1_000));
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const v = yield* select;
        if (v !== undefined) sum += v;
      }
      return sum;
    }),
};
