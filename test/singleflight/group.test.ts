import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, goexit, GoPanic, gosched, select, trySelect } from "gort";
import { numGoroutine } from "gort/runtime";
import * as singleflight from "gort/singleflight";
import * as sync from "gort/sync";
import { ended, start } from "../support/child.js";
import { isPending, settle } from "../support/settle.js";

test("SF-1 do gives the value of its function, and that nobody shared it", async () => {
  const g = new singleflight.Group<string>();
  assert.deepEqual(await g.do("key", () => "bar"), { value: "bar", shared: false });
  assert.deepEqual(await g.do("key", async () => (await gosched(), "baz")), { value: "baz", shared: false });
});

test("SF-1 do rejects with what its function throws, at once or later", async () => {
  const g = new singleflight.Group<string>();
  const error = new Error("some error");
  await assert.rejects(
    g.do("key", () => {
      throw error;
    }),
    (e) => e === error,
  );
  await assert.rejects(
    g.do("key", () => Promise.reject(error)),
    (e) => e === error,
  );
  assert.deepEqual(await g.do("key", () => "well"), { value: "well", shared: false });
});

test("SF-2 SF-5 of many callers at once the first runs, and all get its value, shared", async () => {
  const g = new singleflight.Group<string>();
  const wg = new sync.WaitGroup();
  const open = chan<string>();
  let calls = 0;
  const got: unknown[] = [];
  for (let i = 0; i < 10; i++) {
    wg.go(async () => {
      const result = await g.do("key", async () => (calls++, (await open.recv()) ?? ""));
      got.push(result);
    });
  }
  await settle();
  await open.send("bar");
  await wg.wait();
  assert.equal(calls, 1);
  assert.deepEqual(
    got,
    Array.from({ length: 10 }, () => ({ value: "bar", shared: true })),
  );
  assert.notEqual(got[0], got[1]);
});

test("SF-2 callers with other keys run their own", async () => {
  const g = new singleflight.Group<string>();
  const results = await Promise.all(["a", "b"].map((key) => g.do(key, async () => (await gosched(), key))));
  assert.deepEqual(results, [
    { value: "a", shared: false },
    { value: "b", shared: false },
  ]);
});

test("SF-2 SF-5 an error reaches all callers, and is not the end of them who handle it", async () => {
  const g = new singleflight.Group<string>();
  const open = chan<void>();
  const error = new Error("some error");
  const all = Array.from({ length: 3 }, () => g.do("key", () => open.recv().then(() => Promise.reject(error))));
  const ch = g.doChan("key", () => "never run");
  open.close();
  for (const result of await Promise.allSettled(all)) assert.deepEqual(result, { status: "rejected", reason: error });
  assert.deepEqual(await ch.recv(), { err: error, shared: true });
});

test("SF-3 after forget the next call runs anew, and the end of the old run does not end the newer one's", async () => {
  const g = new singleflight.Group<number>();
  const [first, second] = [chan<void>(), chan<void>()];
  const one = g.do("key", async () => (await first.recv(), 1));
  g.forget("key");
  const two = g.do("key", async () => (await second.recv(), 2));
  first.close();
  assert.deepEqual(await one, { value: 1, shared: false });
  const three = g.do("key", () => 3);
  assert.equal(await isPending(three), true);
  second.close();
  assert.deepEqual(await two, { value: 2, shared: true });
  assert.deepEqual(await three, { value: 2, shared: true });
  g.forget("key");
  g.forget("another");
  assert.deepEqual(await g.do("key", () => 4), { value: 4, shared: false });
});

test("SF-3 after forget, an old run that fails leaves the newer one as well", async () => {
  const g = new singleflight.Group<number>();
  const [first, second] = [chan<void>(), chan<void>()];
  const one = g.do("key", () => first.recv().then(() => Promise.reject(new Error("old"))));
  g.forget("key");
  const two = g.do("key", async () => (await second.recv(), 2));
  first.close();
  await assert.rejects(one, { message: "old" });
  const three = g.do("key", () => 3);
  second.close();
  for (const result of [await two, await three]) assert.deepEqual(result, { value: 2, shared: true });
});

test("SF-4 doChan gives the result on a channel of capacity 1 that is never closed", async () => {
  const g = new singleflight.Group<string>();
  let within = true;
  const ch = g.doChan("key", () => (assert.equal(within, false), "bar"));
  within = false;
  assert.equal(ch.cap, 1);
  assert.deepEqual(await ch.recv(), { value: "bar", shared: false });
  assert.equal(await isPending(ch.recv()), true);
});

test("SF-4 SF-5 doChan joins and is joined; nobody has to read its channel", async () => {
  const g = new singleflight.Group<string>();
  const open = chan<void>();
  let calls = 0;
  const fn = async () => (calls++, await open.recv(), "bar");
  const first = g.doChan("key", fn);
  const unread = g.doChan("key", fn);
  const call = g.do("key", fn);
  assert.equal(trySelect({ first, unread }), undefined);
  await settle();
  open.close();
  const s = await select({ first, never: chan<void>() });
  assert.deepEqual(s, { case: "first", value: { value: "bar", shared: true }, ok: true });
  assert.deepEqual(await call, { value: "bar", shared: true });
  assert.equal(unread.len, 1);
  assert.equal(calls, 1);
});

test("SF-4 an error arrives on the channel of doChan", async () => {
  const g = new singleflight.Group<string>();
  const error = new Error("some error");
  const thrown = g.doChan("key", () => {
    throw error;
  });
  assert.deepEqual(await thrown.recv(), { err: error, shared: false });
  assert.deepEqual(await g.doChan("key", () => Promise.reject(error)).recv(), { err: error, shared: false });
});

test("SF-6 SF-7 a panic in the function is a panic of each caller of do: the very same", async () => {
  const g = new singleflight.Group<string>();
  const open = chan<void>();
  const panic = new GoPanic("invalid memory address", "ERR_TEST");
  const wg = new sync.WaitGroup();
  let panics = 0;
  for (let i = 0; i < 5; i++) {
    wg.go(async () => {
      await assert.rejects(
        g.do("key", () => open.recv().then(() => Promise.reject(panic))),
        (e) => e === panic,
      );
      panics++;
    });
  }
  await settle();
  open.close();
  await wg.wait();
  assert.equal(panics, 5);
  assert.deepEqual(await g.do("key", () => "again"), { value: "again", shared: false });
});

test("SF-8 a goexit in the function ends every caller of do, without value or error", async () => {
  const before = numGoroutine();
  for (const leave of [() => goexit(), async () => (await gosched(), goexit())]) {
    const g = new singleflight.Group<string>();
    const wg = new sync.WaitGroup();
    let went = 0;
    let finals = 0;
    for (let i = 0; i < 5; i++) {
      wg.go(async () => {
        try {
          await g.do("key", leave);
          went++;
        } finally {
          finals++;
        }
      });
    }
    await wg.wait();
    assert.deepEqual([went, finals], [0, 5]);
    assert.deepEqual(await g.do("key", () => "again"), { value: "again", shared: false });
  }
  await settle();
  assert.equal(numGoroutine(), before);
});

test("SF-8 after a goexit nothing arrives on the channel of doChan, and its goroutine has ended", async () => {
  const before = numGoroutine();
  const g = new singleflight.Group<string>();
  const ch = g.doChan("key", () => goexit());
  await settle();
  assert.equal(ch.tryRecv(), undefined);
  assert.equal(numGoroutine(), before);
  assert.deepEqual(await g.do("key", () => "again"), { value: "again", shared: false });
});

test("SF-10 a key is forgotten when its run ends, with the hand-over of the result", async () => {
  const g = new singleflight.Group<number>();
  let calls = 0;
  const call = () => g.do("key", async () => (await gosched(), ++calls));
  for (let i = 1; i <= 3; i++) assert.deepEqual(await call(), { value: i, shared: false });

  const open = chan<void>();
  const leader = g.do("key", async () => (await open.recv(), 0));
  const after = g.do("key", () => 0).then(call); // as soon as the joined run has ended
  open.close();
  assert.deepEqual(await leader, { value: 0, shared: true });
  assert.deepEqual(await after, { value: 4, shared: false });
});

test("a key that is no string and a function that is none are refused", async () => {
  const g = new singleflight.Group<number>();
  const badKey = { name: "TypeError", message: /singleflight: do(Chan)?: the key must be a string, got number/ };
  await assert.rejects(
    g.do(1 as unknown as string, () => 1),
    badKey,
  );
  assert.throws(() => g.doChan(1 as unknown as string, () => 1), badKey);
  const badFunction = { name: "TypeError", message: /singleflight: do(Chan)?: expected a function, got object/ };
  await assert.rejects(g.do("key", Promise.resolve(1) as unknown as () => number), badFunction);
  assert.throws(() => g.doChan("key", Promise.resolve(1) as unknown as () => number), badFunction);
  assert.deepEqual(await g.do("key", () => 1), { value: 1, shared: false });
});

/** A program of its own. */
function program(body: string) {
  const imports = `import { chan, go, goexit, GoPanic, main } from "gort"; import * as singleflight from "gort/singleflight";
    import * as time from "gort/time"; const g = new singleflight.Group();`;
  return ended(start(["--input-type=module", "-e", `${imports}\n${body}`]));
}

test("SF-9 a panic that a channel of doChan waits for ends the program: nobody can recover from it", async () => {
  for (const body of [
    'await g.doChan("key", () => { throw new GoPanic("Panicking in DoChan", "X"); }).recv();',
    'g.doChan("key", async () => { await time.sleep(1); throw new GoPanic("Panicking in DoChan", "X"); }); await time.sleep(1e6);',
    // A caller of do shares the run: whichever of the two began it.
    `const fn = async () => { await time.sleep(1); throw new GoPanic("Panicking in DoChan", "X"); };
     go(() => g.do("key", fn).catch(() => {}));
     await time.sleep(0.1);
     await g.doChan("key", fn).recv();`,
    `const fn = async () => { await time.sleep(1); throw new GoPanic("Panicking in DoChan", "X"); };
     const ch = g.doChan("key", fn);
     await g.do("key", fn).catch(() => {});
     await ch.recv();`,
  ]) {
    const { code, stdout, stderr } = await program(`main(async () => { ${body} console.log("went on"); });`);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^panic: Panicking in DoChan\n/);
    assert.equal(stdout, "");
  }
});

test("SF-6 a panic that no caller of do recovers from ends the program", async () => {
  const { code, stderr } = await program('main(() => g.do("key", () => { throw new GoPanic("boom", "X"); }));');
  assert.equal(code, 2);
  assert.match(stderr, /^panic: boom\n/);
});

test("no failure that is handled, or that nobody has to handle, raises an unhandled rejection", async () => {
  const { code, stdout, stderr } = await program(`
    main(async () => {
      const fail = async () => { await time.sleep(1); throw new Error("some error"); };
      const calls = [g.do("a", fail), g.do("a", fail)];
      const results = Promise.allSettled(calls);
      g.doChan("a", fail);
      const last = g.doChan("b", fail);
      g.doChan("c", () => { throw new Error("at once"); });
      g.doChan("d", () => goexit());
      await results;
      await last.recv();
      for (let i = 0; i < 3; i++) await new Promise(setImmediate); // the host tells of such rejections before it
      console.log("fine");
    });`);
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "fine\n", stderr: "" });
});

test("a run that waits for itself is a deadlock", async () => {
  const { code, stderr } = await program('main(() => g.do("key", () => g.do("key", () => 1)));');
  assert.equal(code, 2);
  assert.match(stderr, /all goroutines are asleep - deadlock!/);
});
