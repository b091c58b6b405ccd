// What threads share does, within one thread, all that its twin of that thread does.

import { shared } from "gort/parallel";
import { conds } from "../suites/cond.js";
import { mutexes } from "../suites/mutex.js";
import { onces } from "../suites/once.js";
import type { Primitives } from "../suites/primitives.js";
import { rwMutexes } from "../suites/rwmutex.js";
import { waitGroups } from "../suites/waitgroup.js";
import { semaphores } from "../suites/weighted.js";

const between: Primitives = { ...shared, Weighted: shared.Semaphore };

mutexes(between);
rwMutexes(between);
waitGroups(between);
onces(between);
conds(between);
semaphores(between);
