// Ends as soon as nothing is left to do, though timers that nobody waits on are an hour away.

import { chan, go, select } from "gort";
import * as time from "gort/time";

const quit = chan();
new time.Ticker(time.hour);
new time.Timer(time.hour);
time.after(time.hour);
time.afterFunc(time.hour, () => console.log("never")).stop();
const signal = new AbortController();
time.sleep(time.hour, signal.signal).catch(() => {});

go(async () => {
  await time.sleep(10);
  console.log("slept");
  signal.abort();
  time.afterFunc(10, () => {
    console.log("afterFunc");
    quit.close();
  });
});
go(async () => {
  const s = await select({ late: time.after(time.hour), quit });
  console.log(`selected ${s.case}`);
  await chan().recv(); // for ever, but that is not enough to live for
});
