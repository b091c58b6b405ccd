import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, go } from "gort";
import { isPending } from "../../support/settle.js";

test("CH-1 a receive on an empty channel blocks until a value is sent", async () => {
  for (const capacity of [0, 1, 10]) {
    const ch = chan<number>(capacity);
    const value = ch.recv();
    assert.equal(await isPending(value), true);
    go(() => ch.send(7));
    assert.equal(await value, 7);
  }
});
