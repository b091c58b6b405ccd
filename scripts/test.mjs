// Compiles the tests and runs them: on the Node that package.json pins, and on the machine's own if that is another.
// node scripts/test.mjs [PART-OF-A-PATH…] runs only the test files with such a path. The last line has the sum.
//
// Every test file has a process to itself. One process for all (--test-isolation=none) saves a few seconds, but a file would
// then count the goroutines of another, run on its scheduler and take its uncaught errors.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, sep } from "node:path";

const compiled = spawnSync("tsc", ["-p", "test"], { stdio: "inherit", shell: process.platform === "win32" });
if (compiled.status !== 0) process.exit(1);

const parts = process.argv.slice(2);
const files = readdirSync("test", { recursive: true })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => join("build", "test", file.replace(/\.ts$/, ".js")))
  .filter((file) => parts.length === 0 || parts.some((part) => file.replaceAll(sep, "/").includes(part)))
  .toSorted();
if (files.length === 0) {
  console.error(`no test file has ${parts.join(" or ")} in its path`);
  process.exit(1);
}

const sums = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
for (const [version, node] of nodes()) {
  console.log(`\ntests on Node ${version}`);
  const began = performance.now();
  const counts = (await run(node)) ?? { passed: 0, failed: 1, skipped: 0 }; // a run without a result
  for (const key in sums) sums[key] += counts[key];
  summary.push(`Node ${version.padEnd(9)} ${line(counts)} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
console.log(["", ...summary, line(sums)].join("\n"));
process.exitCode = sums.failed > 0 ? 1 : 0;

function nodes() {
  const pinned = join("node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  const found = [pinned, process.env.npm_node_execpath ?? process.execPath].filter((node) => existsSync(node));
  return new Map(found.map((node) => [execFileSync(node, ["--version"], { encoding: "utf8" }).trim(), node]));
}

/** What has passed and so on; undefined if the runner has failed, rather than a test. */
async function run(node) {
  const options = ["--expose-gc", "--test", "--test-timeout=120000", `--test-concurrency=${availableParallelism()}`];
  const reporter = ["--test-reporter=./scripts/reporter.mjs", "--test-reporter-destination=stdout"];
  const child = spawn(node, [...options, ...reporter, ...files], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 360_000, // a test that never gives the thread back
  });
  const exited = new Promise((resolve) => child.on("close", resolve));
  let tail = "";
  for await (const chunk of child.stdout) {
    process.stdout.write(chunk);
    tail = (tail + chunk).slice(-200);
  }
  const status = await exited;
  const [, passed, failed, skipped] = /(\d+) passed, (\d+) failed, (\d+) skipped\n$/.exec(tail) ?? [];
  if (passed === undefined || (status !== 0 && failed === "0")) return undefined;
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}

function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
