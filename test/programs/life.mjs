// How programs end. The first argument says which one this is.

import { chan, go, goexit, gosched, GoPanic, main, nil, select } from "gort";
import { numGoroutine, onFatal } from "gort/runtime";
import { WaitGroup } from "gort/sync";
import * as time from "gort/time";

const forever = () => nil.recv();
const line = (text) => process.stdout.write(`${text}\n`);

class Unprintable extends Error {
  get message() {
    throw new Error("no");
  }
}

const programs = {
  // main returns
  returns: async () => line("done"),
  returnsSync: () => line("done"),
  returnsThenable: () => ({ then: (resolve) => setTimeout(() => resolve(line("done")), 5) }),
  returnsWhileOthersRun: async () => {
    go(async () => {
      try {
        for (;;) await gosched();
      } finally {
        line("finally of another goroutine");
      }
    });
    go(async () => {
      await time.sleep(time.hour);
    });
    setInterval(() => {}, 1000);
    await time.sleep(5);
    line("done");
  },
  exitCode: async () => {
    process.exitCode = 7;
  },
  exits: async () => {
    try {
      process.exit(3);
    } finally {
      line("finally");
    }
  },
  floods: async () => {
    for (let i = 0; i < 200_000; i++) process.stdout.write(`${i}\n`);
    process.stdout.write("end\n");
  },
  floodsThenPanics: async () => {
    for (let i = 0; i < 200_000; i++) process.stdout.write(`${i}\n`);
    process.stdout.write("end\n");
    throw new Error("after the flood");
  },

  // panics
  throwsError: async () => {
    throw new Error("boom");
  },
  throwsSync: () => {
    throw new Error("boom");
  },
  throwsTypeError: async () => {
    undefined.x;
  },
  throwsGoPanic: async () => {
    const ch = chan();
    ch.close();
    await ch.send(1);
  },
  throwsOwnPanic: async () => {
    throw new GoPanic("my words", "ERR_MINE");
  },
  throwsString: async () => {
    throw "just text";
  },
  throwsNumber: async () => {
    throw 42;
  },
  throwsObject: async () => {
    throw { a: 1 };
  },
  throwsUndefined: async () => {
    throw undefined;
  },
  throwsNull: async () => {
    throw null;
  },
  throwsSymbol: async () => {
    throw Symbol("sign");
  },
  throwsLines: async () => {
    throw new Error("one\ntwo\nthree");
  },
  throwsUnprintable: async () => {
    throw new Unprintable();
  },
  throwsBareObject: async () => {
    throw Object.create(null);
  },
  throwsCause: async () => {
    throw new Error("outer", { cause: new TypeError("middle", { cause: "inner" }) });
  },
  throwsCircle: async () => {
    const error = new Error("circle");
    error.cause = error;
    throw error;
  },
  throwsAggregate: async () => {
    throw new AggregateError([new Error("first"), new RangeError("second")], "both");
  },
  goroutineThrows: async () => {
    go(async function worker() {
      try {
        await time.sleep(1);
        throw new Error("boom");
      } finally {
        line("finally of the goroutine");
      }
    });
    try {
      await time.sleep(time.hour);
    } finally {
      line("finally of main");
    }
  },
  goroutineThrowsAsMainReturns: async () => {
    go(async () => {
      throw new Error("boom");
    });
    await gosched();
    await gosched();
  },
  thenableFails: async () => {
    go(() => ({ then: (_resolve, reject) => reject(new Error("boom")) }));
    await forever();
  },
  panicWhileOthersSpin: async () => {
    go(async () => {
      for (;;) await gosched();
    });
    await time.sleep(5);
    throw new Error("boom");
  },
  caught: async () => {
    const ch = chan();
    ch.close();
    try {
      await ch.send(1);
    } catch (error) {
      line(`${error.name} ${error.message} ${error.code}`);
    }
  },

  // fatal errors
  goUndefined: async () => {
    process.on("exit", (code) => line(`exit ${code}`));
    try {
      go(undefined);
    } catch {
      line("caught");
    }
  },
  goUndefinedTested: async () => {
    {
      const watch = onFatal((error) => line(`told ${error.message}`));
      try {
        go(undefined);
      } catch (error) {
        line(`caught ${error.name} ${error.message} ${error.code}`);
      }
      watch[Symbol.dispose]();
    }
    go(null);
  },

  // uncaughtException
  watched: async () => {
    process.on("uncaughtException", (error) => line(`listener ${error.message}`));
    go(async () => {
      throw new Error("boom");
    });
    await time.sleep(50);
    line("main goes on");
  },
  watchedMain: async () => {
    process.on("uncaughtException", (error) => line(`listener ${error.message}`));
    throw new Error("boom");
  },

  // goexit
  exitsGoroutine: async () => {
    const done = chan();
    go(async () => {
      try {
        await gosched();
        goexit();
      } catch (error) {
        line(`is an error: ${error instanceof Error}`);
        throw error;
      } finally {
        line("finally");
        done.close();
      }
    });
    go(() => goexit());
    await done.recv();
    await time.sleep(1);
    line("main goes on");
  },
  exitSwallowed: async () => {
    const done = chan();
    go(async () => {
      try {
        goexit();
      } catch {
        // cancels the exit
      }
      line("still here");
      done.close();
    });
    await done.recv();
  },
  mainExits: async () => {
    go(async () => {
      await time.sleep(10);
      line("others go on");
    });
    goexit();
  },
  mainExitsOthersBlock: async () => {
    go(forever);
    goexit();
  },
  mainExitsOtherPanics: async () => {
    go(async () => {
      await time.sleep(1);
      throw new Error("boom");
    });
    goexit();
  },
  mainExitsFinallyPanics: async () => {
    try {
      goexit();
    } finally {
      throw new Error("in finally");
    }
  },
  mainExitDropsPanic: async () => {
    try {
      throw new Error("boom");
    } finally {
      goexit();
    }
  },

  // deadlocks
  deadlock: async () => {
    await chan().recv();
  },
  deadlockSelect: async () => {
    await select({});
  },
  deadlockLazyTimer: async () => {
    new time.Timer(time.hour);
    time.after(time.hour);
    new time.Ticker(time.hour);
    await chan().recv();
  },
  deadlockForeignPromise: async () => {
    await new Promise(() => {});
  },
  deadlockAfterWork: async () => {
    const wg = new WaitGroup();
    for (let i = 0; i < 3; i++) wg.go(async () => time.sleep(i));
    await wg.wait();
    go(forever);
    go(forever);
    await chan().send(1);
  },
  deadlockUnref: async () => {
    setInterval(() => {}, 5).unref();
    await chan().recv();
  },
  handleKeepsAlive: async () => {
    const ch = chan();
    setTimeout(() => ch.trySend("from the host"), 20);
    line(await ch.recv());
  },
  afterFuncKeepsAlive: async () => {
    const ch = chan();
    time.afterFunc(20, () => ch.send("from a timer"));
    line(await ch.recv());
  },
  partial: async () => {
    go(forever);
    go(async () => chan().send(1));
    await time.sleep(20);
    line("done");
  },

  // timers and the process's life
  millionAfter: async () => {
    const ch = chan();
    go(async () => {
      for (let i = 0; i < 1_000_000; i++) await ch.send(i);
      ch.close();
    });
    for (;;) {
      const s = await select({ ch, late: time.after(time.hour) });
      if (s.case === "late" || !s.ok) break;
    }
    line(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length);
    await nil.recv(); // with a timer left behind, this would last an hour
  },
  manyGoroutines: async () => {
    const n = Number(process.argv[3]);
    const gate = chan();
    let woken = 0;
    const park = async () => {
      await gate.recv();
      woken++;
    };
    for (let i = 0; i < n; i++) go(park);
    await time.sleep(1);
    line(`${numGoroutine()} goroutines`);
    gate.close();
    while (woken < n) await time.sleep(1);
    while (numGoroutine() > 1) await gosched();
    line("all woken");
  },

  wokenAtOnce: async () => {
    const n = Number(process.argv[3]);
    const gate = chan();
    let fired = false;
    let ended = 0;
    for (let i = 0; i < n; i++) {
      go(async () => {
        await gate.recv();
        while (!fired) await gosched(); // for ever, if the timer never runs
        ended++;
      });
    }
    await time.sleep(1);
    gate.close();
    setTimeout(() => (fired = true), 1);
    while (ended < n) await gosched();
    line("all ended");
  },

  // wait groups
  waitGroupGoPanics: async () => {
    const wg = new WaitGroup();
    wg.go(async () => {
      await gosched();
      throw new Error("boom");
    });
    await wg.wait();
    line("wait has returned");
  },
  waitGroupGoExits: async () => {
    const wg = new WaitGroup();
    wg.go(async () => {
      await gosched();
      goexit();
    });
    await wg.wait();
    line("wait has returned");
  },
};

main(programs[process.argv[2]]);
