import { mutexes } from "../suites/mutex.js";
import { own } from "../suites/primitives.js";

mutexes(own);
