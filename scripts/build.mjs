// Builds dist/: one file out per file in, and the type stripper that `gort run` needs on older hosts, bundled.

import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
execFileSync("tsc", ["-p", "."], { stdio: "inherit", shell: process.platform === "win32" });
chmodSync("dist/cli/main.js", 0o755);

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
