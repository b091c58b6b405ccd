import assert from "node:assert/strict";
import { test } from "node:test";
import * as sync from "gort/sync";
import { conds } from "../suites/cond.js";
import { own } from "../suites/primitives.js";

conds(own);

test("CO-9 the waiter stands in line before the lock is free: a signal by whoever gets it next is not lost", async () => {
  const mu = new sync.Mutex();
  const cond: sync.Cond = new sync.Cond({
    lock: (ctx) => mu.lock(ctx),
    unlock() {
      mu.unlock();
      cond.signal(); // as early as anybody can
    },
  });
  await mu.lock();
  await cond.wait();
  assert.equal(mu.tryLock(), false);
});
