// How late timers, immediates and sockets are: in an idle program, and while two goroutines exchange messages for ever.
// Not within a test runner, whose hooks make every promise several times as expensive.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { chan, go, main } from "gort";

const count = 200;

/** How long something takes, without what the machine's other programs took meanwhile. */
function stopwatch() {
  const read = process.threadCpuUsage ?? process.cpuUsage;
  const wall = performance.now();
  const cpu = read.call(process);
  return () => {
    const { user, system } = read.call(process, cpu);
    return Math.min(performance.now() - wall, (user + system) / 1000);
  };
}

async function p99(measure) {
  const samples = [];
  for (let i = 0; i < count; i++) samples.push(await new Promise(measure));
  return samples.sort((a, b) => a - b)[count * 0.99 - 1];
}

main(async () => {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const client = connect(listener.address().port, "127.0.0.1").setNoDelay(true);
  const [server] = await once(listener, "connection");

  const delays = async () => {
    const [timer, immediate, socket] = await Promise.all([
      p99((resolve) => {
        const took = stopwatch();
        setTimeout(() => resolve(Math.max(took() - 2, 0)), 2);
      }),
      p99((resolve) => {
        const took = stopwatch();
        setImmediate(() => resolve(took()));
      }),
      p99((resolve) => {
        const took = stopwatch();
        server.once("data", () => resolve(took()));
        client.write("x");
      }),
    ]);
    return { timer, immediate, socket };
  };

  await delays(); // until the code is warm
  const idle = await delays();
  const [ping, pong] = [chan(), chan()];
  go(async () => {
    for (let i = 0; ; i++) {
      await ping.send(i);
      await pong.recv();
    }
  });
  go(async () => {
    for await (const i of ping) await pong.send(i);
  });
  const busy = await delays();
  process.stdout.write(JSON.stringify({ idle, busy }));
});
