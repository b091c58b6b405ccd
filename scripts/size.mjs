// What a bundle of each entry point weighs, minified and gzipped; fails above the bounds.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
const entries = Object.keys(exports)
  .filter((path) => !path.endsWith(".json"))
  .map((path) => path.replace(".", "gort"));

/** All of these are imported, each under a name of its own, since some names are in several. */
const all = (...paths) => paths.map((path, i) => `export * as _${i} from "${path}";`).join("\n");

const core = 'export { go, chan, select, main } from "gort";';
const inThread = entries.filter((entry) => entry !== "gort/runtime" && entry !== "gort/parallel");
const primitives = inThread.filter((entry) => entry !== "gort/patterns");

const rows = [
  { what: "gort { go, chan, select, main }", code: core, bound: 6144 },
  { what: "gort { chan }", code: 'export { chan } from "gort";', bound: 4096 },
  // What they add to a program that has the core.
  { what: "core + gort/context", code: `${core}\nexport * from "gort/context";`, beside: core, bound: 2560 },
  { what: "core + gort/sync", code: `${core}\nexport * from "gort/sync";`, beside: core, bound: 3072 },
  { what: "all but patterns and runtime", code: all(...primitives), bound: 16384 },
  { what: "all but runtime", code: all(...inThread), bound: 22528 },
  ...entries.map((entry) => ({ what: `${entry} *`, code: all(entry) })),
];

// Who does not ask for threads does not carry what they need.
const { text } = await bundle(all(...inThread));
if (/WebAssembly|workerData/.test(text)) {
  console.log("what works within a thread carries code of gort/parallel");
  process.exitCode = 1;
}

for (const { what, code, beside, bound } of rows) {
  const { minified, gzipped } = await weigh(code);
  const without = beside === undefined ? 0 : (await weigh(beside)).gzipped;
  const size = gzipped - without;
  if (size > bound) process.exitCode = 1;
  const added = beside === undefined ? "" : `, ${size} more`;
  const limit = bound === undefined ? "" : ` of ${bound}`;
  const numbers = `${String(minified).padStart(6)} minified ${String(gzipped).padStart(6)} gzipped`;
  console.log(`${what.padEnd(32)} ${numbers}${added}${limit}${size > bound ? " TOO MUCH" : ""}`);
}

async function weigh(contents) {
  const bytes = (await bundle(contents)).contents;
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}

async function bundle(contents) {
  const options = { bundle: true, minify: true, format: "esm", write: false };
  const { outputFiles } = await build({ stdin: { contents, resolveDir: "." }, ...options });
  return outputFiles[0];
}
