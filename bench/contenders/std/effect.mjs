// effect: a mutex is a semaphore of one, a group with a limit is a forEach with a concurrency. It has no contexts: a fiber is
// interrupted.

import { Effect, Semaphore, Stream, TxReentrantLock } from "effect";

const program = (body) => Effect.runPromise(Effect.gen(body));

/** Runs `f(i)` n times, in ten fibers. */
const ten = (n, f) =>
  Effect.forEach(
    Array.from({ length: 10 }),
    () =>
      Effect.gen(function* () {
        for (let i = 0; i < n / 10; i++) yield* f(i);
      }),
    { concurrency: "unbounded", discard: true },
  );

function* numbers(n) {
  for (let i = 0; i < n; i++) yield i;
}

const limited = (n, concurrency, wrap) =>
  program(function* () {
    const around = yield* wrap;
    let sum = 0;
    const task = (i) =>
      around(
        Effect.sync(() => {
          sum += i;
        }),
      );
    yield* Effect.forEach(numbers(n), task, { concurrency, discard: true });
    return sum;
  });

const total = Stream.runFold(
  () => 0,
  (sum, v) => sum + v,
);

export default {
  mutex: (n) =>
    program(function* () {
      const mutex = yield* Semaphore.make(1);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        yield* mutex.withPermit(
          Effect.sync(() => {
            sum += i;
          }),
        );
      }
      return sum;
    }),

  "mutex-ten": (n) =>
    program(function* () {
      const mutex = yield* Semaphore.make(1);
      let count = 0;
      const add = mutex.withPermit(
        Effect.gen(function* () {
          const before = count;
          yield* Effect.yieldNow;
          count = before + 1;
        }),
      );
      yield* ten(n, () => add);
      return count;
    }),

  "rwmutex-read": (n) =>
    program(function* () {
      const lock = yield* TxReentrantLock.make();
      let read = 0;
      let written = 0;
      const write = TxReentrantLock.withWriteLock(
        lock,
        Effect.gen(function* () {
          const before = written;
          yield* Effect.yieldNow;
          written = before + 1;
        }),
      );
      const look = TxReentrantLock.withReadLock(
        lock,
        Effect.gen(function* () {
          const before = written;
          yield* Effect.yieldNow;
          if (written === before) read++;
        }),
      );
      yield* ten(n, (i) => (i % 100 === 99 ? write : look));
      return read + written;
    }),

  semaphore: (n) =>
    program(function* () {
      const semaphore = yield* Semaphore.make(10);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        yield* semaphore.take(1);
        yield* Effect.forkChild(
          Effect.suspend(() => {
            sum += i;
            return semaphore.release(1);
          }),
        );
      }
      yield* semaphore.take(10);
      return sum;
    }),

  "semaphore-all": (n) =>
    limited(
      n,
      "unbounded",
      Effect.map(Semaphore.make(10), (semaphore) => (task) => semaphore.withPermit(task)),
    ),

  errgroup: (n) =>
    limited(
      n,
      10,
      Effect.succeed((task) => task),
    ),

  // Its streams carry chunks of values.
  pipeline: (n) =>
    Stream.range(0, n - 1).pipe(
      Stream.map((v) => v + 1),
      Stream.map((v) => v * 2),
      Stream.map((v) => v / 2 - 1),
      total,
      Effect.runPromise,
    ),

  "pipeline-async": (n) =>
    Stream.range(0, n - 1).pipe(
      Stream.mapEffect((v) => Effect.promise(async () => v + 1)),
      Stream.mapEffect((v) => Effect.promise(async () => v * 2)),
      Stream.mapEffect((v) => Effect.promise(async () => v / 2 - 1)),
      total,
      Effect.runPromise,
    ),
};
