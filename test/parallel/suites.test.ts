// What threads share does, within one thread, all that its twin of that thread does.

import { shared } from "gort/parallel";
import { cond } from "../suites/cond.js";
import { mutex } from "../suites/mutex.js";
import { once } from "../suites/once.js";
import type { Primitives } from "../suites/primitives.js";
import { rwmutex } from "../suites/rwmutex.js";
import { waitgroup } from "../suites/waitgroup.js";
import { weighted } from "../suites/weighted.js";

const between: Primitives = { ...shared, Weighted: shared.Semaphore };

mutex(between);
rwmutex(between);
waitgroup(between);
once(between);
cond(between);
weighted(between);
