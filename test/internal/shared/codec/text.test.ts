// Text, with what the host has for it and without.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Pair } from "../../../support/codec.js";
import { internal } from "../../../support/internal.js";

type Text = typeof import("../../../../dist/internal/shared/codec/text.js");

const unit = fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code));
const anyText = fc.oneof(
  fc.string({ unit: fc.nat({ max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 80 }),
  fc.string({ unit, maxLength: 80 }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.tuple(fc.string({ unit, maxLength: 3 }), fc.nat({ max: 5_000 })).map(([text, n]) => text.repeat(n)),
);

test("any text arrives as it was, lone surrogates and all, by itself or within a value", () => {
  const pair = new Pair();
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(pair.cross(text), text);
      assert.deepEqual(pair.cross([text, { text }]), [text, { text }]);
      pair.clean();
    }),
  );
});

test("text of every length up to 80 arrives, in one byte a character or two", () => {
  const pair = new Pair();
  const alphabet = Array.from({ length: 256 }, (_, i) => String.fromCharCode((i * 7) % 256)).join("");
  for (let n = 0; n <= 80; n++) {
    for (const text of [alphabet.slice(n, 2 * n), "ж".repeat(n), `${"x".repeat(n)}\u{100}`]) {
      assert.equal(pair.cross(text), text);
      assert.deepEqual(pair.cross([text, 1]), [text, 1]);
    }
  }
  pair.clean();
});

test("text of a million characters arrives, and of more than a word's 24 bits", () => {
  const pair = new Pair();
  for (const text of ["gort ".repeat(200_000), "горт ".repeat(200_000), "x".repeat(2 ** 24 + 1)]) {
    assert.ok(pair.cross(text) === text);
    assert.ok(pair.cross({ text }).text === text);
  }
  pair.clean();
});

test("text takes a byte a character if it can", () => {
  const pair = new Pair();
  pair.encode("é".repeat(1000));
  assert.deepEqual([...pair.arena.live.values()], [1000]);
});

test("without the host's functions, and with a TextDecoder that refuses shared memory, the same text comes back", async () => {
  const { Buffer } = globalThis;
  const decode = TextDecoder.prototype.decode;
  Reflect.deleteProperty(globalThis, "Buffer");
  let portable: Text;
  try {
    portable = await internal<Text>("shared/codec/text.js?without-buffer");
  } finally {
    globalThis.Buffer = Buffer;
  }
  TextDecoder.prototype.decode = function (input, options) {
    const { buffer } = input as Uint8Array;
    assert.ok(!(buffer instanceof SharedArrayBuffer), "Chrome would refuse this");
    return decode.call(this, input, options);
  };
  try {
    const native = await internal<Text>("shared/codec/text.js");
    const memory = new SharedArrayBuffer(1 << 17);
    const [words, bytes] = [new Int32Array(memory), new Uint8Array(memory)];
    fc.assert(
      fc.property(anyText, (text) => {
        for (const [writer, reader] of [
          [portable, portable],
          [portable, native],
          [native, portable],
        ] as const) {
          const isLatin1 = writer.writeLatin1(words, bytes, 3, text);
          // oxlint-disable-next-line eslint/no-control-regex -- that is what latin1 is
          assert.equal(isLatin1, /^[\x00-\xff]*$/.test(text));
          if (isLatin1) assert.equal(reader.readLatin1(words, bytes, 3, text.length), text);
          writer.writeWide(words, bytes, 3, text);
          assert.equal(reader.readWide(bytes, 3, text.length), text);
        }
      }),
    );
    const long = `\ufeff${"long ж\ufffd".repeat(3000)}`;
    portable.writeWide(words, bytes, 3, long);
    assert.equal(portable.readWide(bytes, 3, long.length), long);
    assert.equal(portable.readWide(bytes, 4, 2000), long.slice(2, 2002));
  } finally {
    TextDecoder.prototype.decode = decode;
  }
});
