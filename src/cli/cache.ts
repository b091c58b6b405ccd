// Compiled code, kept from run to run.

import * as module from "node:module";

/**
 * Lets Node keep what it compiles from here on, gort's files and the program's, for the next start: in $NODE_COMPILE_CACHE, or
 * beside other temporary files. Not on hosts that cannot (before 22.1), nor if NODE_DISABLE_COMPILE_CACHE is set; and not while
 * coverage is measured, which cached code makes less precise.
 */
export function keepCompiled(): void {
  const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
  if (process.env["NODE_V8_COVERAGE"] === undefined) enableCompileCache?.();
}
