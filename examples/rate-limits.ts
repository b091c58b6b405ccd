// Two ways to slow down: a ticker, which spaces requests evenly, and a token bucket, which allows bursts.
//
// With a ticker every request waits for its tick, also after a pause in which nothing happened. A bucket gathers what
// was not used, as far as its burst goes: the first requests go at once, and only then does the rate count. `allow`
// drops what comes too fast, `wait` waits for its turn, and one bucket a key keeps one noisy client from slowing down
// the others.
//
// SPEC: program 14, rows P5.
// Run: gort run examples/rate-limits.ts

import { main } from "gort";
import * as rate from "gort/rate";
import * as time from "gort/time";

const pace = 40 * time.millisecond;

/**
 * Runs `request` so many times, one after the other, and tells whether that took as long as so many steps of the pace.
 */
async function paced(times: number, steps: number, request: () => Promise<unknown>): Promise<string> {
  const began = performance.now();
  for (let i = 0; i < times; i++) await request();
  const took = performance.now() - began;
  return `${times} requests took not less than ${steps} steps: ${took > (steps - 0.1) * pace}`;
}

main(async (ctx) => {
  const ticker = new time.Ticker(pace);
  console.log(`ticker: ${await paced(8, 8, () => ticker.c.recv(ctx))}`);
  ticker.stop();

  const limiter = new rate.Limiter(rate.every(pace), 3);
  console.log(`bucket: ${await paced(8, 5, () => limiter.wait(ctx))}`);

  const strict = new rate.Limiter(rate.every(time.hour), 3);
  const answers = Array.from({ length: 6 }, () => (strict.allow() ? "yes" : "no"));
  console.log(`allow: ${answers.join(" ")}`);

  const perClient = new Map<string, rate.Limiter>();
  const mayEnter = (client: string): boolean => {
    let own = perClient.get(client);
    if (own === undefined) perClient.set(client, (own = new rate.Limiter(rate.every(time.hour), 2)));
    return own.allow();
  };
  const visits = ["ann", "ann", "ann", "bob", "ann", "bob", "bob"];
  console.log(`per client: ${visits.map((client) => `${client} ${mayEnter(client) ? "enters" : "waits"}`).join(", ")}`);

  const booking = strict.reserve();
  console.log(
    `reserve: the next one may come in ${time.formatDuration(Math.round(booking.delay() / time.minute) * time.minute)}`,
  );
  booking.cancel(); // we shall not come: the place is free again
});

// Output:
// ticker: 8 requests took not less than 8 steps: true
// bucket: 8 requests took not less than 5 steps: true
// allow: yes yes yes no no no
// per client: ann enters, ann enters, ann waits, bob enters, ann waits, bob enters, bob waits
// reserve: the next one may come in 1h0m0s
