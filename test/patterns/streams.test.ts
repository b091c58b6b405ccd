// The streams and events of the platform, in both directions.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { PassThrough, Readable, Writable } from "node:stream";
import { describe, test } from "node:test";
import { chan } from "gort";
import * as context from "gort/context";
import * as patterns from "gort/patterns";
import * as runtime from "gort/runtime";
import { isPending } from "../support/settle.js";
import { rest } from "../support/virtual.js";

const ctx = context.background();

function counter(to = Infinity): { asked: number; [Symbol.iterator](): Iterator<number> } {
  return {
    asked: 0,
    *[Symbol.iterator]() {
      while (this.asked < to) yield ++this.asked;
    },
  };
}

describe("toReadable", () => {
  test("P2 gives the values and closes; Readable.from of a channel does so for Node", async () => {
    const read: number[] = [];
    const stream = patterns.toReadable(ctx, patterns.from(ctx, [1, 2, 3]));
    for await (const n of stream as unknown as AsyncIterable<number>) read.push(n);
    assert.deepEqual(read, [1, 2, 3]);
    const chunks: number[] = [];
    for await (const n of Readable.from(patterns.from(ctx, [1, 2, 3]))) chunks.push(n as number);
    assert.deepEqual(chunks, [1, 2, 3]);
  });

  test("P2 cancelling it gives up the receive that waits, and tells", async () => {
    const input = chan<number>();
    let reason: unknown;
    const reader = patterns.toReadable(ctx, input, { onCancel: (why) => (reason = why) }).getReader();
    const read = reader.read();
    await rest();
    await reader.cancel("enough");
    assert.deepEqual(await read, { value: undefined, done: true });
    assert.equal(reason, "enough");
    assert.equal(input.trySend(1), false, "nobody receives any more");
  });

  test("P8 fails with the context's error, waiting or not", async () => {
    const [own, cancel] = context.withCancel(ctx);
    const waiting = patterns.toReadable(own, chan<number>()).getReader().read();
    const idle = patterns.toReadable(own, patterns.from(own, [1])).getReader();
    await rest();
    cancel();
    await assert.rejects(waiting, (error) => error === context.canceled);
    await assert.rejects(idle.read(), (error) => error === context.canceled);
  });
});

describe("pipeTo a WritableStream", () => {
  test("P2 writes all and closes, no faster than it takes them", async () => {
    const written: number[] = [];
    const gate = chan<void>();
    let closed = false;
    const sink = new WritableStream<number>({
      async write(n) {
        await gate.recv();
        written.push(n);
      },
      close: () => void (closed = true),
    });
    const source = counter(5);
    const done = patterns.pipeTo(ctx, source, sink);
    await rest();
    assert.equal(source.asked, 2, "one being written, one at the door");
    for (let i = 0; i < 5; i++) await gate.send();
    await done;
    assert.deepEqual(written, [1, 2, 3, 4, 5]);
    assert.equal(closed, true);
    assert.equal(sink.locked, false);
  });

  test("P2 with preventClose it stays open", async () => {
    let closed = 0;
    const sink = new WritableStream<number>({ close: () => void closed++, abort: () => void closed++ });
    await patterns.pipeTo(ctx, [1], sink, { preventClose: true });
    await assert.rejects(patterns.pipeTo(ctx, failing(), sink, { preventClose: true }), /boom/);
    assert.equal(closed, 0);
    await patterns.pipeTo(ctx, [2], sink);
    assert.equal(closed, 1);
  });

  test("P8 the context is done: the sink is aborted, the source released", async () => {
    const [own, cancel] = context.withCancel(ctx);
    let aborted: unknown;
    let released = false;
    const sink = new WritableStream<number>({
      write: () => new Promise(() => {}),
      abort: (why) => void (aborted = why),
    });
    const source = new ReadableStream<number>({ pull: (c) => c.enqueue(1), cancel: () => void (released = true) });
    const done = patterns.pipeTo(own, source, sink);
    await rest();
    cancel();
    await assert.rejects(done, (error) => error === context.canceled);
    await rest();
    assert.equal(released, true);
    assert.equal(aborted, undefined, "the platform aborts after the write under way, which never ends here");
    assert.equal(sink.locked, false);
  });

  test("P2 the sink fails while the source is silent: the pipe ends with its error", async () => {
    const boom = new Error("boom");
    let fail: WritableStreamDefaultController | undefined;
    const sink = new WritableStream<number>({ start: (controller) => void (fail = controller) });
    const input = chan<number>();
    const done = patterns.pipeTo(ctx, input, sink);
    assert.equal(await isPending(done), true);
    fail?.error(boom);
    await assert.rejects(done, (error) => error === boom);
    assert.equal(input.trySend(1), false);
  });
});

async function* failing(): AsyncGenerator<number> {
  yield 1;
  throw new Error("boom");
}

describe("pipeTo a Node Writable", () => {
  test("P2 writes all and ends, no faster than it takes them, and leaves no listener", async () => {
    const written: string[] = [];
    let go: () => void = () => {};
    const sink = new Writable({
      highWaterMark: 2,
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        go = done;
      },
    });
    const names = sink.eventNames().length;
    const source = counter(6);
    const text = function* () {
      for (const n of source) yield String(n);
    };
    const done = patterns.pipeTo(ctx, text(), sink);
    await rest();
    assert.equal(source.asked, 2, "as many as its buffer takes");
    while (written.length < 6) {
      go();
      await rest();
    }
    go();
    await done;
    assert.deepEqual(written, ["1", "2", "3", "4", "5", "6"]);
    assert.equal(sink.writableFinished, true);
    assert.ok(sink.eventNames().length <= names, String(sink.eventNames()));
  });

  test("P2 its error rejects the pipe, also while the source is silent; so does its closing", async () => {
    for (const error of [new Error("boom"), undefined]) {
      const sink = new PassThrough();
      const done = patterns.pipeTo(ctx, chan<string>(), sink);
      assert.equal(await isPending(done), true);
      sink.destroy(error);
      await assert.rejects(done, error === undefined ? /closed before it had everything/ : (e) => e === error);
    }
  });

  test("P8 the context is done: both streams are destroyed", async () => {
    const [own, cancel] = context.withCancel(ctx);
    const source = new PassThrough();
    const sink = new PassThrough();
    const done = patterns.pipeTo(own, source as AsyncIterable<string>, sink);
    source.write("x");
    await rest();
    assert.equal(String(sink.read()), "x");
    cancel();
    await assert.rejects(done, (error) => error === context.canceled);
    assert.deepEqual([source.destroyed, sink.destroyed], [true, true]);
  });

  test("P2 what is no sink is refused", async () => {
    await assert.rejects(patterns.pipeTo(ctx, [1], {} as never), /expected a WritableStream or a Node Writable/);
  });
});

describe("fromEvents", () => {
  test("P2 the events from the call on, until the context is done; then no listener is left", async () => {
    const base = runtime.numGoroutine();
    const [own, cancel] = context.withCancel(ctx);
    const target = new EventTarget();
    const events = patterns.fromEvents(own, target, "tick");
    const first = new Event("tick");
    target.dispatchEvent(first);
    assert.equal(await events.recv(), first);
    assert.equal(getEventListeners(target, "tick").length, 1);
    cancel();
    assert.deepEqual(await events.recvOk(), [undefined, false]);
    assert.equal(getEventListeners(target, "tick").length, 0);
    await rest();
    assert.equal(runtime.numGoroutine(), base);
    patterns.fromEvents(own, target, "tick");
    assert.equal(getEventListeners(target, "tick").length, 0, "a context that is done listens to nothing");
    await rest();
  });

  test("P4 never keeps more than its capacity: drops the oldest, or the newest, or ends with an error", async () => {
    for (const [onFull, kept] of [
      ["dropOldest", [2, 3]],
      ["dropNewest", [1, 2]],
      ["error", [1, 2]],
    ] as const) {
      const [own, cancel] = context.withCancel(ctx);
      const target = new EventTarget();
      const errors: unknown[] = [];
      const dropped: Event[] = [];
      const events = patterns.fromEvents<CustomEvent<number>>(own, target, "n", {
        capacity: 2,
        onFull,
        onError: (error) => errors.push(error),
        onDrop: (event) => dropped.push(event),
      });
      for (const detail of [1, 2, 3]) target.dispatchEvent(new CustomEvent("n", { detail }));
      assert.equal(dropped.length, onFull === "error" ? 0 : 1);
      await rest();
      if (onFull !== "error") cancel();
      const got: number[] = [];
      for await (const event of events) got.push(event.detail);
      assert.deepEqual(got, kept);
      assert.equal(errors.length, onFull === "error" ? 1 : 0);
      assert.equal(getEventListeners(target, "n").length, 0);
      cancel();
    }
  });

  test("P4 blocking is refused: events do not wait", () => {
    assert.throws(
      () => patterns.fromEvents(ctx, new EventTarget(), "x", { onFull: "block" as never }),
      /cannot be "block"/,
    );
    assert.throws(() => patterns.fromEvents(ctx, {} as never, "x"), /expected an EventTarget/);
  });
});
