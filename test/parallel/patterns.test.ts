// Stages and pools whose work is done by tasks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { threadId } from "node:worker_threads";
import { background, canceled, withCancel } from "gort/context";
import { gomaxprocs, shared } from "gort/parallel";
import * as patterns from "gort/patterns";
import { last, square } from "./tasks/jobs.js";

gomaxprocs(2);

const ctx = background();
const refused = { name: "RangeError", message: "13 is refused" };

test("map with a task gives its results in the order of the values, though they end in another", async () => {
  const odd = shared.chan<number>();
  const jobs = Array.from({ length: 12 }, (_, n) => ({ n, odd }));
  const work = (job: (typeof jobs)[0]) => square.run(job);
  const inOrder = patterns.map(ctx, patterns.from(ctx, jobs), work, { workers: 4, ordered: true });
  const squares = jobs.map(({ n }) => n * n);
  const results = await patterns.collect(ctx, inOrder);
  assert.deepEqual(
    results.map((each) => each.square),
    squares,
  );
  assert.ok(results.every(({ thread }) => thread !== threadId));

  const all = await patterns.mapAll(ctx, jobs, work, { limit: 4 });
  assert.deepEqual(
    all.map((each) => each.square),
    squares,
  );
  const piped = await patterns.pipeline(ctx, jobs).map(work, { workers: 4, ordered: true }).collect();
  assert.deepEqual(
    piped.map((each) => each.square),
    squares,
  );
});

test("the error of one task is that of all, class and all, and the others see that they are cancelled", async () => {
  const says = shared.chan<string>(8);
  const jobs = [false, true].map((fails) => ({ says, fails }));
  await assert.rejects(
    patterns.mapAll(ctx, jobs, (job, own) => last.runWith(own, job), { limit: 2 }),
    (error: Error) => error instanceof RangeError && error.message === "told to fail",
  );
  assert.equal(await says.recv(), "canceled");
});

test("a pool whose worker is a task gives each result to whoever submitted the job, and an error to that one only", async () => {
  const odd = shared.chan<number>(1);
  const pool = new patterns.WorkerPool(square, { max: 2, queue: 20 });
  const jobs = [0, 1, 13, 3, 2, 5, 4].map((n) => ({ n, odd }));
  const results = await Promise.allSettled(jobs.map((job) => pool.submit(ctx, job)));
  const squares = results.map((result) => (result.status === "fulfilled" ? result.value.square : result.reason));
  assert.deepEqual(
    squares.filter((_, i) => i !== 2),
    [0, 1, 9, 4, 25, 16],
  );
  assert.ok(squares[2] instanceof RangeError);
  assert.equal(squares[2].message, refused.message);
  const { completed, failed } = pool.stats();
  assert.deepEqual([completed, failed], [7, 1]);
  assert.deepEqual(await pool.shutdown(ctx), { dropped: [], cancelled: [] });
});

test("a job of such a pool is cancelled with its submitter's context, and by a shutdown that does not wait: its task sees it", async () => {
  const says = shared.chan<string>(8);
  const pool = new patterns.WorkerPool(last, { max: 1 });
  const [own, cancel] = withCancel(ctx);
  const job = { says, fails: false };
  const submitted = pool.submit(own, job);
  assert.equal(await says.recv(), "begun");
  cancel();
  await assert.rejects(submitted, (error) => error === canceled);
  assert.equal(await says.recv(), "canceled");

  const left = pool.submit(ctx, job);
  const rejected = assert.rejects(left);
  assert.equal(await says.recv(), "begun");
  const { cancelled } = await pool.shutdown(own);
  assert.deepEqual(cancelled, [job]);
  await rejected;
  assert.equal(await says.recv(), "canceled");
});
