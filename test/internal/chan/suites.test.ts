// The suites for every kind of channel, on gort's own.

import { chan } from "gort";
import { blocking } from "../../suites/blocking.js";
import { cancelling } from "../../suites/cancelling.js";
import { closing } from "../../suites/closing.js";
import type { Kind } from "../../suites/kind.js";

const kind: Kind = { make: chan, capacities: [0, 1, 2, 10, 100] };

blocking(kind);
closing(kind);
cancelling(kind);
