// What the misuse of a channel throws.

import assert from "node:assert/strict";
import { GoPanic } from "gort";

const codes = {
  "send on closed channel": "ERR_SEND_ON_CLOSED_CHANNEL",
  "close of closed channel": "ERR_CLOSE_OF_CLOSED_CHANNEL",
  "close of nil channel": "ERR_CLOSE_OF_NIL_CHANNEL",
};

/** For `assert.throws` and `assert.rejects`: the error is a GoPanic with these words and the code that goes with them. */
export function panic(message: keyof typeof codes): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof GoPanic, `expected a GoPanic, got ${String(error)}`);
    assert.ok(error instanceof Error);
    assert.equal(error.name, "GoPanic");
    assert.equal(error.message, message);
    assert.equal(error.code, codes[message]);
    return true;
  };
}
