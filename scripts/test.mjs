// Compiles the tests and runs them: on the Node of this `npm run`, and on the machine's own if that is another.
// node scripts/test.mjs [PART-OF-A-PATH…] runs only the test files with such a path.

import { execFileSync, spawnSync } from "node:child_process";
import { globSync } from "node:fs";

execFileSync("tsc", ["-p", "test"], { stdio: "inherit", shell: process.platform === "win32" });

const parts = process.argv.slice(2);
const files = globSync("build/test/**/*.test.js").filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)));
if (files.length === 0) {
  console.error(`no test file has ${parts.join(" or ")} in its path`);
  process.exit(1);
}

const version = (node) => execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
const nodes = new Map();
for (const node of [process.execPath, process.env.npm_node_execpath ?? process.execPath]) nodes.set(version(node), node);

let failed = false;
for (const [name, node] of nodes) {
  console.log(`\ntests on Node ${name}`);
  const { status } = spawnSync(node, ["--expose-gc", "--test", "--test-concurrency=2", ...files.sort()], { stdio: "inherit" });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
