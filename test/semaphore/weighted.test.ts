import assert from "node:assert/strict";
import { test } from "node:test";
import type { Context, RecvChan } from "gort";
import * as context from "gort/context";
import * as semaphore from "gort/semaphore";
import { settle } from "../support/settle.js";
import { own } from "../suites/primitives.js";
import { semaphores } from "../suites/weighted.js";

const bg = context.background();

semaphores(own);

/** A context of another make: its end is known at once by asking, and a little later by its done channel. */
class Foreign implements Context {
  readonly #inner = context.withCancel(bg);
  #ended = false;

  deadline(): undefined {}

  done(): RecvChan<never> {
    return this.#inner[0].done();
  }

  err(): Error | undefined {
    return this.#ended ? context.canceled : undefined;
  }

  value(): undefined {}

  get signal(): AbortSignal {
    return this.#inner[0].signal;
  }

  end(): void {
    this.#ended = true;
    queueMicrotask(this.#inner[1]);
  }
}

test("SM-8 a context of another make that has ended is not let in, though its channel is not closed yet", async () => {
  const sem = new semaphore.Weighted(1);
  await sem.acquire(bg);
  const ctx = new Foreign();
  const waiting = sem.acquire(ctx);
  const next = sem.acquire(bg);
  await settle();
  ctx.end();
  sem.release();
  await assert.rejects(waiting, (e) => e === context.canceled);
  await next;
  sem.release();
  assert.equal(sem.tryAcquire(), true);
});
