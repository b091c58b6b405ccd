import assert from "node:assert/strict";
import { test } from "node:test";
import { internal } from "../../support/internal.js";

interface Sleeper {
  readonly record: number;
  readonly i32: Int32Array;
  beforeSleep: (() => boolean) | undefined;
  expect(): void;
  forget(): void;
}

const park = 2;

test("a thread says that it sleeps before it looks, for the last time, whether there is something to do", async () => {
  const { thread } = await internal<{ thread(): Sleeper }>("shared/thread.js");
  const on = thread();
  const seen = await new Promise((resolve) => {
    on.beforeSleep = () => {
      resolve(on.i32[on.record >> 2]);
      return true;
    };
    on.expect();
  });
  on.forget();
  assert.equal(seen, park);
});
