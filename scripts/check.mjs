// The one gate: everything that must hold before a change goes in. Prints what it does, and at the end what it took.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { stripVTControlCharacters } from "node:util";

const { name, version } = JSON.parse(readFileSync("package.json", "utf8"));
const tarball = `build/${name}-${version}.tgz`;
mkdirSync("build", { recursive: true });

const build = step("build", ["node scripts/build.mjs"]);
const cheap = [
  step("types", ["tsc --noEmit -p test", ...(existsSync("examples") ? ["tsc -p examples"] : [])]),
  step("portable", ["tsc -p tsconfig.portable.json"]),
  step("lint", ["oxlint --format unix"]),
  step("format", ["oxfmt --check"]),
  step("api", ["node scripts/api.mjs --check"]),
  step("package", [
    "npm pack --ignore-scripts --pack-destination build",
    `publint run --strict ${tarball}`,
    `attw --profile esm-only ${tarball}`,
  ]),
  step("unused", ["knip --no-progress"]),
  step("size", ["node scripts/size.mjs"], { show: true }),
];
const tests = step("tests", ["node scripts/test.mjs"], { live: true });

const done = [];
await take(build);
if (!build.failed) {
  const queue = [...cheap];
  const lane = async () => {
    for (let next; (next = queue.shift()) !== undefined;) await take(next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  await take(tests);
}

const failing = done.filter((it) => it.failed).map((it) => it.title);
console.log("\ncheck");
for (const it of done) console.log(`  ${line(it)}`);
console.log(failing.length === 0 ? "everything holds" : `does not hold: ${failing.join(", ")}`);
console.log(
  /\d+ passed, \d+ failed, \d+ skipped\n$/.exec(tests.output)?.[0].trimEnd() ?? "0 passed, 1 failed, 0 skipped",
);
process.exitCode = failing.length === 0 ? 0 : 1;

/** Commands to run in order, up to the first that fails. Their output: shown as it comes, in the end, or only of a failure. */
function step(title, commands, { live = false, show = false } = {}) {
  return { title, commands, live, show, failed: false, seconds: "", output: "" };
}

async function take(it) {
  const began = performance.now();
  for (const command of it.commands) {
    if (!it.failed) it.failed = (await run(command, it)) !== 0;
  }
  it.seconds = ((performance.now() - began) / 1000).toFixed(1);
  done.push(it);
  if (it.live) return;
  console.log(line(it));
  if (it.failed || it.show) console.log(stripVTControlCharacters(it.output).trimEnd().replaceAll(/^/gm, "         "));
}

function line({ title, failed, seconds }) {
  return `${failed ? "FAILED" : "ok    "} ${title.padEnd(8)} ${seconds} s`;
}

function run(command, it) {
  // The commands are fixed and in this file; npm's PATH has the tools.
  const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      it.output += text;
      if (it.live) process.stdout.write(text);
    });
  }
  return new Promise((resolve) => child.on("close", resolve));
}
