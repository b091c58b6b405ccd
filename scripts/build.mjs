// Builds dist/: for bundlers one file out per file in (dist/modules), so that they can leave out what is not used; for Node a few
// large files, since it takes half a millisecond for each, in every thread; and the type stripper that `gort run` needs on
// older hosts.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { rollup } from "rollup";

rmSync("dist", { recursive: true, force: true });
execFileSync("tsc", ["-p", "."], { stdio: "inherit", shell: process.platform === "win32" });
chmodSync("dist/cli/main.js", 0o755);

wasm();
await join();

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

/**
 * Puts what Node loads into a few files. The others stay, and give what they gave, out of those: so there is one copy of
 * everything, whatever is imported.
 */
async function join() {
  const all = readdirSync("dist", { recursive: true })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => file.endsWith(".js") && !file.startsWith("cli/"));
  for (const file of all) cpSync(`dist/${file}`, `dist/modules/${file}`);
  const root = path.resolve("dist/modules");
  // A file from which no other imports gets the name of one of its modules: so something imports from gort/parallel, for now.
  const user = "node/user";
  const code = ["parallel/task", "internal/shared/thread"]
    .map((file) => `export * from "${root}/${file}.js";`)
    .join("\n");
  const plugins = [
    { name: user, resolveId: (id) => (id === user ? id : null), load: (id) => (id === user ? code : null) },
  ];
  const input = { [user]: user };
  for (const file of all) {
    const isEmpty = /^export \{\};$/m.test(readFileSync(`dist/${file}`, "utf8")); // it has types only
    if (!isEmpty) input[file.slice(0, -".js".length)] = path.join(root, file);
  }
  const onwarn = (warning) => {
    throw new Error(warning.message);
  };
  const bundled = await rollup({ input, plugins, treeshake: false, external: /^node:/, onwarn });
  await bundled.write({
    dir: "dist",
    entryFileNames: "[name].js",
    chunkFileNames: "node/[name].js",
    hoistTransitiveImports: false,
    minifyInternalExports: false,
    manualChunks(id, { getModuleInfo }) {
      const file = path.relative(root, id).replaceAll(path.sep, "/");
      if (reach("index.js").has(id)) return "core";
      if (/^(parallel|internal\/shared)\//.test(file)) return "parallel";
      if (reach("parallel/index.js").has(id)) return "extras";
      return file.startsWith("patterns/") ? "patterns" : undefined;

      /** All that it imports, directly or not. */
      function reach(entry) {
        const found = new Set([path.join(root, entry)]);
        for (const each of found) for (const next of getModuleInfo(each)?.importedIds ?? []) found.add(next);
        return found;
      }
    },
  });
  rmSync(`dist/${user}.js`);
}

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
