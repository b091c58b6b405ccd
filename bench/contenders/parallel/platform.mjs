// What Node itself has: workers and their messages.

import { Worker } from "node:worker_threads";
import { idleSecond, pool, sleep, starts, tasks, threads } from "./pool.mjs";

const workers = [];

/** Starts workers as they are needed. */
function worker(i) {
  return (workers[i] ??= new Worker(tasks("platform")));
}

// Tasks: a number for each, and the workers in turn.
const waiting = new Map();
let numbers = 0;

function ask(kind, value) {
  const id = ++numbers;
  const to = worker(id % threads);
  if (to.listenerCount("message") === 0) {
    to.on("message", (answer) => {
      waiting.get(answer.id)(answer.result);
      waiting.delete(answer.id);
    });
  }
  to.postMessage({ kind, id, value });
  return new Promise((resolve) => void waiting.set(id, resolve));
}

/** What a worker sends of its own accord: `n` values, of which each is counted by `count`. */
function stream(kind, n, count) {
  const from = worker(0);
  return new Promise((resolve) => {
    let sum = 0;
    let left = n;
    const receive = (value) => {
      sum += count(value);
      if (--left > 0) return;
      from.off("message", receive);
      resolve(sum);
    };
    from.on("message", receive);
    from.postMessage({ kind, value: n });
  });
}

const ints = (n) => stream("ints", n, (value) => value);

async function pingPong(n, before) {
  const to = worker(0);
  let answer;
  const receive = (value) => answer(value);
  to.on("message", receive);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (before !== undefined) await before();
    const answered = new Promise((resolve) => {
      answer = resolve;
    });
    to.postMessage({ kind: "echo", value: i });
    sum += await answered;
  }
  to.off("message", receive);
  return sum;
}

export default {
  ...pool(
    (pair) => ask("add", pair),
    (chunk) => ask("countPrimes", chunk),
  ),
  ...starts("platform"),

  "chan-int": ints,
  "busy-chan-int": ints,
  "chan-object": (n) => stream("pages", n, ({ id, url }) => (url.startsWith("https:") ? id : 0)),

  "ping-pong-threads": (n) => pingPong(n),
  "busy-ping-pong": (n) => pingPong(n),
  "ping-pong-asleep": (n, meter) => pingPong(n, () => meter.away(sleep(1))),

  async idle(_n, meter) {
    const results = await Promise.all([ask("add", { a: 3, b: 4 }), ask("add", { a: 1, b: 2 })]);
    await idleSecond(meter);
    return results[1];
  },
};
