// Builds dist/: one file out per file in, and the type stripper that `gort run` needs on older hosts, bundled.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
execFileSync("tsc", ["-p", "."], { stdio: "inherit", shell: process.platform === "win32" });
chmodSync("dist/cli/main.js", 0o755);

wasm();

const { version } = JSON.parse(readFileSync("node_modules/amaro/package.json", "utf8"));
const bundle = `build/vendor/amaro-${version}`;
if (!existsSync(bundle)) {
  mkdirSync(bundle, { recursive: true });
  await build({
    stdin: { contents: 'export { transformSync } from "amaro";', resolveDir: "." },
    bundle: true,
    platform: "node",
    format: "esm",
    minify: true,
    outfile: `${bundle}/amaro.js`,
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "warning",
  });
  const licences = ["LICENSE.md", "dist/LICENSE"].map((file) => readFileSync(`node_modules/amaro/${file}`, "utf8"));
  writeFileSync(
    `${bundle}/NOTICE`,
    `amaro.js contains amaro ${version} and, within it, SWC. Their licences:\n\n${licences.join("\n\n")}`,
  );
}
cpSync(bundle, "dist/cli/vendor", { recursive: true });

/** Compiles the code of the shared memory, if it has changed, and puts it into dist as a string, which any bundler can carry. */
function wasm() {
  const folder = "src/internal/shared/wasm";
  const hash = createHash("sha256").update(readFileSync("package.json"));
  for (const file of readdirSync(folder).toSorted()) hash.update(readFileSync(`${folder}/${file}`));
  const compiled = `build/wasm/${hash.digest("hex").slice(0, 16)}.wasm`;
  if (!existsSync(compiled)) {
    const pages = ["--initialMemory", "16", "--maximumMemory", "32767"]; // as in core.ts
    const memory = ["--importMemory", "--sharedMemory", ...pages, "--enable", "threads"];
    const args = [`${folder}/index.ts`, "-O3", "--runtime", "stub", ...memory, "-o", compiled];
    execFileSync("asc", args, { stdio: "inherit", shell: process.platform === "win32" });
  }
  const code = readFileSync(compiled).toString("base64");
  writeFileSync("dist/internal/shared/code.js", `export const code = "${code}";\n`);
}
