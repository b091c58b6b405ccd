// Who starts tasks: not the code of a module that is loaded for the sake of its tasks.
//
// To run a task, a processor imports its module, and evaluates all of it. What a program does at module level would be done
// again by every processor, so that starting a task from there is refused: while a module is being loaded, and later, when
// nothing that runs on the processor could have done it.

import { isTestFile } from "../internal/host/worker.js";
import { count } from "../internal/rt/census.js";
import { loading, type Origin, titleOf } from "./functions.js";
import { isProcessor, lost } from "./processor.js";

export function checkCaller(origin: Origin): void {
  if (!isProcessor()) return checkTest(origin);
  const [url] = loading();
  if (url !== undefined) {
    throw new Error(
      `${titleOf(origin)} is started while a processor loads ${url}: what a module does at its top level is done again by ` +
        "every processor that loads it for its tasks; what a program does belongs into main(), which runs once",
    );
  }
  if (count() > 1) return;
  const error = new Error(
    `${titleOf(origin)} is started on a processor by nothing that runs there: by what is left of a task that has ended, or by ` +
      "a module that goes on after it was loaded; what a program does belongs into main(), tests into a module without tasks, " +
      "and what a task leaves behind into go()",
  );
  lost(error);
  throw error;
}

function checkTest(origin: Origin): void {
  origin.harmless ||= !isTestFile(origin.url);
  if (origin.harmless) return;
  throw new Error(
    `${titleOf(origin)} is defined in the file of the tests, ${origin.url}: a processor that loads it would run the tests again` +
      "; define tasks in a module of their own",
  );
}
