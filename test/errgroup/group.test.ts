import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go, goexit, GoPanic, gosched, type RecvChan } from "gort";
import * as context from "gort/context";
import * as errgroup from "gort/errgroup";
import { numGoroutine } from "gort/runtime";
import * as sync from "gort/sync";
import { ended, start } from "../support/child.js";
import { order } from "../support/order.js";
import { isPending, settle } from "../support/settle.js";

const bg = context.background();
const err1 = new Error("errgroup_test: 1");
const err2 = new Error("errgroup_test: 2");

/** What `wait` gives, as Go would return it. */
function errorOf(g: errgroup.Group): Promise<unknown> {
  return g.wait().then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A program of its own. */
function program(body: string) {
  const imports = 'import { chan, go, goexit, main, GoPanic } from "gort"; import * as errgroup from "gort/errgroup";';
  return ended(start(["--input-type=module", "-e", `${imports}\n${body}`]));
}

test("EG-1 a group without context: wait gives the first error, and keeps it for good", async () => {
  for (const errors of [
    [undefined],
    [undefined, undefined],
    [err1],
    [undefined, err1],
    [err1, undefined],
    [err1, undefined, err2],
    [undefined, err2, err1, undefined],
  ]) {
    const g = new errgroup.Group();
    let first: Error | undefined;
    for (const error of errors) {
      await g.go(() => {
        if (error !== undefined) throw error;
      });
      first ??= error;
      assert.equal(await errorOf(g), first);
    }
  }
});

test("EG-2 EG-6 the context is cancelled by the first error, which is its cause, and also when wait returns without one", async () => {
  for (const [errors, want] of [
    [[], undefined],
    [[undefined], undefined],
    [[err1], err1],
    [[err1, undefined], err1],
    [[err1, err2], err1],
    [[undefined, err2], err2],
  ] as const) {
    const [g, ctx] = errgroup.withContext(bg);
    for (const error of errors) await g.go(() => (error === undefined ? undefined : Promise.reject(error)));
    assert.equal(await errorOf(g), want);
    assert.equal(ctx.err(), context.canceled);
    assert.equal(context.cause(ctx), want ?? context.canceled);
    assert.deepEqual(ctx.done().tryRecv(), [undefined, false]);
  }
});

test("EG-2 the context ends while others are still at work, and with its parent", async () => {
  const [g, ctx] = errgroup.withContext(bg);
  let seen: unknown;
  await g.go(async () => {
    await ctx.done().recv();
    seen = context.cause(ctx);
    throw err2;
  });
  await g.go(() => Promise.reject(err1));
  assert.equal(await errorOf(g), err1);
  assert.equal(seen, err1);

  const [parent, cancel] = context.withCancel(bg);
  const [h, below] = errgroup.withContext(parent);
  await h.go(() => chan().recv(below));
  cancel();
  assert.equal(await errorOf(h), context.canceled);
});

test("EG-3 with a limit, go waits until a slot is free: never more than so many are active", async () => {
  const limit = 10;
  const g = new errgroup.Group();
  g.setLimit(limit);
  let active = 0;
  let most = 0;
  for (let i = 0; i <= 1 << 10; i++) {
    await g.go(async () => {
      most = Math.max(most, ++active);
      for (let naps = 0; naps < 20; naps++) await gosched();
      active--;
    });
  }
  await g.wait();
  assert.equal(most, limit);
  assert.equal(active, 0);
});

test("EG-3 a go that is not awaited starts its function no earlier, in the order of coming, and wait waits for it", async () => {
  const { step } = order();
  const g = new errgroup.Group();
  g.setLimit(1);
  const open = chan<void>();
  void g.go(async () => (step(1), await open.recv(), step(2)));
  const second = g.go(() => step(3));
  void g.go(async () => (await gosched(), step(4)));
  const all = g.wait();
  assert.equal(await isPending(second), true);
  assert.equal(await isPending(all), true);
  await open.send();
  await all;
  step(5);
  await second;
});

test("EG-3 a function is never run within the call that starts it", async () => {
  const g = new errgroup.Group();
  let ran = false;
  void g.go(() => (ran = true));
  assert.equal(ran, false);
  assert.equal(
    g.tryGo(() => {}),
    true,
  );
  await g.wait();
  assert.equal(ran, true);
});

test("EG-4 tryGo starts what the limit has room for, and tells", async () => {
  const g = new errgroup.Group();
  const n = 42;
  g.setLimit(n);
  const ch = chan<void>();
  const task = () => ch.send();
  for (let i = 0; i < n; i++) assert.equal(g.tryGo(task), true, `${i}`);
  assert.equal(g.tryGo(task), false);
  go(async () => {
    for (let i = 0; i < n; i++) await ch.recv();
  });
  await g.wait();
  assert.equal(
    g.tryGo(() => {}),
    true,
  );
  await g.wait();

  g.setLimit(1);
  assert.equal(g.tryGo(task), true);
  assert.equal(g.tryGo(task), false);
  await ch.recv();
  await g.wait();

  g.setLimit(0);
  const never = () => assert.fail("started");
  for (let i = 0; i < 1 << 10; i++) assert.equal(g.tryGo(never), false);
  await g.wait();

  g.setLimit(-1);
  const nothing = () => {};
  for (let i = 0; i < 1 << 10; i++) assert.equal(g.tryGo(nothing), true);
  await g.wait();
});

test("EG-4 with limit 0, go waits for as long as the limit is 0", async () => {
  const { step } = order();
  const g = new errgroup.Group();
  g.setLimit(0);
  const first = g.go(() => step(2));
  const second = g.go(() => step(3));
  assert.equal(await isPending(first), true);
  step(1);
  g.setLimit(1);
  await first;
  await second;
  await g.wait();
  step(4);
});

test("EG-4 a free slot goes to who waits for it, not to a later tryGo", async () => {
  const g = new errgroup.Group();
  g.setLimit(1);
  const open = chan<void>();
  await g.go(() => open.recv());
  let ran = false;
  const waiting = g.go(async () => {
    ran = true;
    await open.recv();
  });
  await open.send();
  await waiting;
  assert.equal(
    g.tryGo(() => {}),
    false,
  );
  await open.send();
  await g.wait();
  assert.equal(ran, true);
});

test("EG-5 changing the limit while goroutines are active is a panic that tells how many", async () => {
  const g = new errgroup.Group();
  g.setLimit(3);
  const open = chan<void>();
  await g.go(() => open.recv());
  await g.go(() => open.recv());
  for (const limit of [5, 0, -1]) {
    assert.throws(
      () => g.setLimit(limit),
      (e) =>
        e instanceof GoPanic &&
        e.code === "ERR_ERRGROUP_ACTIVE" &&
        e.message === "errgroup: modify limit while 2 goroutines in the group are still active",
    );
  }
  open.close();
  await g.wait();
  g.setLimit(5);
});

test("EG-7 wait waits for all, also when one has failed", async () => {
  const g = new errgroup.Group();
  const open = chan<void>();
  let rest = 0;
  for (let i = 0; i < 3; i++) await g.go(async () => (await open.recv(), rest++));
  await g.go(() => Promise.reject(err1));
  const all = errorOf(g);
  assert.equal(await isPending(all), true);
  open.close();
  assert.equal(await all, err1);
  assert.equal(rest, 3);
});

test("EG-8 a thrown GoPanic ends the program at once: the group's siblings and wait do not go on", async () => {
  for (const task of [
    "async () => { const ch = chan(); ch.close(); ch.close(); }",
    '() => { throw new GoPanic("close of closed channel", "ERR_X"); }',
    'async () => { const ch = chan(); ch.close(); await ch.send(1).catch((e) => { throw new GoPanic("close of closed channel", "X", e); }); }',
  ]) {
    const { code, stdout, stderr } = await program(`
      main(async () => {
        const [g, ctx] = errgroup.withContext((await import("gort/context")).background());
        await g.go(async () => { await ctx.done().recv(); console.log("cancelled"); });
        await g.go(${task});
        await g.wait().catch(() => {});
        console.log("went on");
      });`);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^panic: close of closed channel\n/);
    assert.equal(stdout, "");
  }
});

test("EG-8 what is thrown is the error, whatever it is; what is returned never is one", async () => {
  for (const thrown of ["text", undefined, null, 0, { code: 1 }, new TypeError("type")]) {
    for (const task of [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ]) {
      const [g, ctx] = errgroup.withContext(bg);
      await g.go(task);
      const [result] = await Promise.allSettled([g.wait()]);
      assert.deepEqual(result, { status: "rejected", reason: thrown });
      const cause = context.cause(ctx);
      if (thrown instanceof Error) assert.equal(cause, thrown);
      else assert.deepEqual([cause?.message, cause?.cause], [String(thrown), thrown]);
    }
  }
  const [g, ctx] = errgroup.withContext(bg);
  await g.go(() => err1);
  await g.go(async () => err2);
  await g.wait();
  assert.equal(context.cause(ctx), context.canceled);
});

test("EG-8 a function may give any thenable", async () => {
  const g = new errgroup.Group();
  // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
  await g.go(() => ({ then: (_: unknown, reject: (e: unknown) => void) => reject(err1) }));
  assert.equal(await errorOf(g), err1);
});

test("EG-9 a goroutine that exits counts as done, without an error", async () => {
  const before = numGoroutine();
  const g = new errgroup.Group();
  g.setLimit(1);
  let cleaned = 0;
  await g.go(() => goexit());
  await g.go(async () => {
    try {
      await gosched();
      goexit();
    } finally {
      cleaned++;
    }
  });
  await g.wait();
  assert.equal(cleaned, 1);
  await settle();
  assert.equal(numGoroutine(), before);
});

test("EG-10 of errors in one tick the first counts", async () => {
  const [g, ctx] = errgroup.withContext(bg);
  const open = chan<void>();
  for (const error of [err2, err1, new Error("3")]) await g.go(() => open.recv().then(() => Promise.reject(error)));
  await settle();
  open.close();
  assert.equal(await errorOf(g), err2);
  assert.equal(context.cause(ctx), err2);
});

test("EG-11 just errors: several fetches, of which one fails", async () => {
  const g = new errgroup.Group();
  const fetched: string[] = [];
  for (const url of ["http://a.example/", "http://b.example/", "http://bad.invalid/"]) {
    await g.go(async () => {
      await gosched();
      if (url.includes("bad")) throw new Error(`cannot reach ${url}`);
      fetched.push(url);
    });
  }
  await assert.rejects(g.wait(), { message: "cannot reach http://bad.invalid/" });
  assert.deepEqual(fetched, ["http://a.example/", "http://b.example/"]);
});

test("EG-11 parallel: results by their index", async () => {
  const [g, ctx] = errgroup.withContext(bg);
  const searches = ["web", "image", "video"].map((kind) => async (_: context.Context, query: string) => {
    await gosched();
    return `${kind} result for "${query}"`;
  });
  const results: string[] = [];
  for (const [i, search] of searches.entries()) await g.go(async () => (results[i] = await search(ctx, "golang")));
  await g.wait();
  assert.deepEqual(results, ['web result for "golang"', 'image result for "golang"', 'video result for "golang"']);
});

test("EG-11 pipeline: one walks, a bounded number digest, and the last one closes the results", async () => {
  const [g, ctx] = errgroup.withContext(bg);
  const paths = chan<string>();
  const results = chan<[string, number]>();
  await g.go(async () => {
    for (let i = 0; i < 100; i++) await paths.send(`file ${i}`, ctx);
    paths.close();
  });
  const digest = async (from: RecvChan<string>) => {
    for await (const path of from) await results.send([path, path.length], ctx);
  };
  const workers = new sync.WaitGroup();
  for (let i = 0; i < 20; i++) {
    workers.add(1);
    await g.go(() => digest(paths).finally(() => workers.done()));
  }
  go(async () => {
    await workers.wait();
    results.close();
  });
  const sums = new Map<string, number>();
  for await (const [path, sum] of results) sums.set(path, sum);
  await g.wait();
  assert.equal(sums.size, 100);
});

test("what is no function is refused, counts for nothing, and a promise is told from a function", async () => {
  const g = new errgroup.Group();
  for (const [bad, got] of [
    [undefined, "undefined"],
    [null, "null"],
    ["f", "string"],
    [Promise.resolve(1), "a promise; write () => …"],
  ] as const) {
    const f = bad as unknown as () => void;
    await assert.rejects(g.go(f), { name: "TypeError", message: `errgroup: go: expected a function, got ${got}` });
    assert.throws(() => g.tryGo(f), { name: "TypeError", message: `errgroup: tryGo: expected a function, got ${got}` });
  }
  await g.wait();
  for (const bad of [1.5, NaN, "3" as unknown as number]) {
    assert.throws(() => g.setLimit(bad), {
      name: "RangeError",
      message: `errgroup: setLimit: the limit must be an integer, got ${bad}`,
    });
  }
  g.setLimit(Infinity);
  assert.equal(
    g.tryGo(() => {}),
    true,
  );
  await g.wait();
});

test("several may wait for one group, which may be used again", async () => {
  const g = new errgroup.Group();
  const open = chan<void>();
  await g.go(() => open.recv());
  const waits = [g.wait(), g.wait()];
  await open.send();
  await Promise.all(waits);
  await g.go(() => Promise.reject(err1));
  assert.deepEqual([await errorOf(g), await errorOf(g)], [err1, err1]);
});

test("a failed group raises no unhandled rejection while nobody waits yet", async () => {
  const { code, stdout, stderr } = await program(`
    main(async () => {
      const g = new errgroup.Group();
      await g.go(() => Promise.reject(new Error("late")));
      await g.go(async () => { throw new Error("later"); });
      for (let i = 0; i < 3; i++) await new Promise(setImmediate); // the host tells of such rejections before it
      await g.wait().catch((e) => console.log(e.message));
    });`);
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "late\n", stderr: "" });
});

test("a wait for a slot that can never be free is a deadlock, and the dump says so", async () => {
  const { code, stderr } = await program(`
    main(async () => {
      const g = new errgroup.Group();
      g.setLimit(0);
      await g.go(() => {});
    });`);
  assert.equal(code, 2);
  assert.match(stderr, /all goroutines are asleep - deadlock!/);
});
