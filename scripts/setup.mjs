// Installs what package-lock.json asks for, if that has not been done.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const installed = "node_modules/.installed-lock";
const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
if (!existsSync(installed) || readFileSync(installed, "utf8") !== wanted) {
  console.log("installing the development dependencies (once)");
  // Not "npm ci": that refuses a lock file made where a registry has not got every platform's optional packages.
  const { status } = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(installed, wanted);
}
