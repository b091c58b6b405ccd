// What programs do on signals. The first argument says which one this is.

import { chan, main, nil } from "gort";
import * as time from "gort/time";

const line = (text) => process.stdout.write(`${text}\n`);
const alive = () => setInterval(() => {}, 1000);

const programs = {
  fails: async (ctx) => {
    alive();
    line("ready");
    try {
      await time.sleep(time.hour, ctx);
    } finally {
      line(`finally: ${ctx.err().message}`);
    }
  },
  failsByReason: async (ctx) => {
    alive();
    line("ready");
    await ctx.done().recv();
    throw ctx.signal.reason;
  },
  failsByPlatform: async (ctx) => {
    alive();
    line("ready");
    const { setTimeout } = await import("node:timers/promises");
    await setTimeout(3_600_000, undefined, { signal: ctx.signal });
  },
  failsOtherwise: async (ctx) => {
    alive();
    line("ready");
    await ctx.done().recv();
    throw new Error("something else");
  },
  returns: async (ctx) => {
    alive();
    line("ready");
    await ctx.done().recv();
    line(`cleaned up after: ${ctx.signal.reason.message}`);
  },
  hangs: async (ctx) => {
    alive();
    line("ready");
    await ctx.done().recv();
    line("draining");
    await nil.recv();
  },
  doesNotCount: async () => {
    line("ready");
    await chan().recv();
  },
  floods: async (ctx) => {
    for (let i = 0; i < 200_000; i++) process.stdout.write(`${i}\n`);
    process.stdout.write("end\n");
    process.stderr.write("main returns\n");
    void ctx;
  },
};

if (process.argv[2] === "setUp") {
  alive();
  line("ready");
  await nil.recv();
} else if (process.argv[2] === "setUpAfterMain") {
  main(async (ctx) => {
    alive();
    await ctx.done().recv();
    line(`main has seen: ${ctx.err().message}`);
    await time.sleep(1, ctx);
  });
  line("ready");
  await nil.recv();
} else {
  main(programs[process.argv[2]]);
}
