import { mutex } from "../suites/mutex.js";
import { own } from "../suites/primitives.js";

mutex(own);
