// A channel between threads does, within one thread, all that a channel of that thread does.

import { shared } from "gort/parallel";
import { blocking } from "../suites/blocking.js";
import { cancelling } from "../suites/cancelling.js";
import { closing } from "../suites/closing.js";
import type { Kind } from "../suites/kind.js";

const between: Kind = {
  make: (capacity) => shared.chan(capacity),
  capacities: [0, 1, 3, 100],
  copies: [
    undefined,
    null,
    0,
    NaN,
    "",
    false,
    1n,
    {},
    [1, "a"],
    new Map([[1, 2]]),
    new Error("a value"),
    shared.chan(0),
  ],
};

blocking(between);
closing(between);
cancelling(between);
