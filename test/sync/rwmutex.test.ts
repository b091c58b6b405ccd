import { rwMutexes } from "../suites/rwmutex.js";
import { own } from "../suites/primitives.js";

rwMutexes(own);
