// What a bundle of each entry point weighs, minified and gzipped; fails above the bounds.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
const rows = [
  { what: "gort { go, chan, select, main }", code: 'export { go, chan, select, main } from "gort";', bound: 6144 },
  { what: "gort { chan }", code: 'export { chan } from "gort";', bound: 4096 },
];
for (const path of Object.keys(exports)) {
  if (path.endsWith(".json")) continue;
  const entry = path.replace(".", "gort");
  rows.push({ what: `${entry} *`, code: `export * from "${entry}";`, bound: Infinity });
}

for (const { what, code, bound } of rows) {
  const options = { bundle: true, minify: true, format: "esm", write: false };
  const { outputFiles } = await build({ stdin: { contents: code, resolveDir: "." }, ...options });
  const bytes = outputFiles[0].contents;
  const size = gzipSync(bytes, { level: 9 }).length;
  const limit = bound === Infinity ? "" : ` of ${bound}`;
  if (size > bound) process.exitCode = 1;
  console.log(
    `${what.padEnd(32)} ${String(bytes.length).padStart(6)} minified ${String(size).padStart(6)} gzipped${limit}`,
  );
}
