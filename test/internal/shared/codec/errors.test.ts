// Errors, which arrive as errors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Pair } from "../../../support/codec.js";
import { Thing } from "../../../support/heap.js";
import { internal } from "../../../support/internal.js";

const { GoPanic } = await internal<typeof import("../../../../dist/internal/rt/panic.js")>("rt/panic.js");

/** Its own properties that are enumerable. */
function own(error: Error): object {
  return Object.fromEntries(Object.entries(error));
}

test("an error of a built-in class arrives as one of that class, with its message and its stack", () => {
  const pair = new Pair();
  for (const make of [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]) {
    const error = new make("went wrong: жук");
    const got = pair.cross(error);
    assert.equal(Object.getPrototypeOf(got), make.prototype);
    assert.deepEqual([got.name, got.message, got.stack], [make.name, "went wrong: жук", error.stack]);
    assert.deepEqual(Object.keys(got), []);
    assert.deepStrictEqual(got, error);
  }
  pair.clean();
});

test("an error's cause and own properties arrive", () => {
  const cause = new RangeError("inner", { cause: { why: "data" } });
  const error = Object.assign(new Error("outer", { cause }), { code: "ENOENT", errno: -2, list: [1] });
  const got = new Pair().cross(error);
  assert.deepEqual(own(got), { code: "ENOENT", errno: -2, list: [1] });
  assert.ok(got.cause instanceof RangeError);
  assert.deepEqual(got.cause.cause, { why: "data" });
  assert.ok(!Object.keys(got).includes("cause"));
  assert.ok("cause" in new Pair().cross(new Error("x", { cause: undefined })));
  assert.ok(!("cause" in new Pair().cross(new Error("x"))));
});

test("an AggregateError arrives with its errors", () => {
  const got = new Pair().cross(new AggregateError([new TypeError("a"), "b"], "both"));
  assert.ok(got instanceof AggregateError);
  assert.ok(got.errors[0] instanceof TypeError);
  assert.deepEqual([got.message, got.errors.length, got.errors[1]], ["both", 2, "b"]);
});

test("a GoPanic arrives as a GoPanic with its code", () => {
  const got = new Pair().cross(new GoPanic("send on closed channel", "ERR_CHAN_CLOSED"));
  assert.ok(got instanceof GoPanic);
  assert.deepEqual([got.name, got.message, got.code], ["GoPanic", "send on closed channel", "ERR_CHAN_CLOSED"]);
});

test("a DOMException arrives as a DOMException with its name", () => {
  const got = new Pair().cross(new DOMException("stop", "AbortError"));
  assert.ok(got instanceof DOMException);
  assert.deepEqual([got.name, got.message, got.code], ["AbortError", "stop", 20]);
});

test("an error of another class arrives as what it extends, under its name", () => {
  class HttpError extends TypeError {
    override name = "HttpError";
    status = 404;
  }
  const got = new Pair().cross(new HttpError("not found"));
  assert.equal(Object.getPrototypeOf(got), TypeError.prototype);
  assert.deepEqual([got.name, got.status, String(got)], ["HttpError", 404, "HttpError: not found"]);
  class Silent extends Error {
    static {
      this.prototype.name = "Silent";
    }
  }
  const silent = new Pair().cross(new Silent("x"));
  assert.equal(silent.name, "Silent");
  assert.deepEqual(Object.keys(silent), []);
});

test("the errors that every thread has arrive as themselves, also as a cause", () => {
  const pair = new Pair();
  for (const error of pair.singletons) {
    assert.equal(pair.cross(error), error);
    assert.deepEqual(pair.cross([error])[0], error);
    assert.equal(pair.cross(new Error("outer", { cause: error })).cause, error);
  }
  assert.notEqual(pair.cross(new Error("canceled")), pair.singletons[0]);
  pair.clean();
});

test("what an error carries is left out if it cannot cross: the error matters more", () => {
  const pair = new Pair();
  const thing = pair.handles.add(new Thing());
  const deep: Record<string, unknown> = {};
  for (let at = deep, i = 0; i < 2_000; i++) at = at["in"] = {};
  const error = Object.assign(new Error("refused", { cause: () => {} }), {
    code: "ECONNREFUSED",
    request: { bytes: new Uint8Array(9), thing, key: { another: 1 }, socket: new WeakMap() },
    config: { retry() {} },
    deep,
    thing,
  });
  Object.assign(error, { self: error });
  Object.defineProperty(error, "broken", {
    enumerable: true,
    get() {
      throw new Error("getter");
    },
  });
  const got = pair.cross({ error, after: { list: [new Uint8Array([7])], another: thing } });
  assert.deepEqual(own(got.error), { code: "ECONNREFUSED", thing });
  assert.ok(!("cause" in got.error));
  assert.deepEqual(got.after, { list: [new Uint8Array([7])], another: thing });
  const many = pair.cross(new AggregateError([new Error("a"), () => {}, "c"], "three"));
  assert.deepEqual([many.errors.length, many.errors[1], many.errors[2]], [3, undefined, "c"]);
  pair.clean();
});

test("what is left out of an error takes no room in the message", () => {
  const pair = new Pair();
  const size = (error: Error) => {
    error.stack = "";
    const [, pointer] = pair.encode(error);
    return pair.arena.live.get(pointer);
  };
  const part = {
    keys: { ofA: 1, kind: 2, thatIs: 3, new: 4 },
    bytes: new Uint8Array(100),
    text: "x".repeat(100),
    f() {},
  };
  assert.equal(size(Object.assign(new Error("x"), { part })), size(new Error("x")));
});

test("an error that contains itself within another arrives without that", () => {
  const error: Error & { list?: unknown[] } = new Error("x");
  error.list = [error];
  Object.assign(error, { a: error, b: { error }, c: new Map([[error, error]]), cause: error });
  assert.deepEqual(own(new Pair().cross(error)), {});
});

test("an error whose parts cannot be had arrives with what is left", () => {
  const error = new Error("x");
  for (const key of ["stack", "name", "message"]) {
    Object.defineProperty(error, key, {
      get() {
        throw new Error("no");
      },
    });
  }
  const got = new Pair().cross(error);
  assert.deepEqual([got.name, got.message], ["Error", ""]);
});
