import { rwmutex } from "../suites/rwmutex.js";
import { own } from "../suites/primitives.js";

rwmutex(own);
