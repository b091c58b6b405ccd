// The order in which the parts of src may import each other.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";

// a < b: b may import a, and whatever a may; nothing else may. What is not ours (`node:`, a package) is not handed on: only who
// stands to the right of it may import it. A part is a folder; `index` is the files in src itself, `internal/types` a file.
const rules = `
  NONE < internal/types < internal/ds < internal/rt < internal/chan;
  internal/types, node: < internal/host < internal/rt;
  internal/rt < atomic;
  internal/chan < internal/shared, time, sync;
  internal/chan, time < context;
  context, time, sync < semaphore, singleflight, errgroup, rate, index;
  errgroup, rate, semaphore < patterns;
  internal/chan, time < runtime;
  internal/shared, atomic, sync, semaphore, errgroup, runtime < parallel;
  runtime, index, node:, amaro < cli;
`;

interface Import {
  readonly file: string;
  /** A file of src, or "node:", or a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
const imports = files.flatMap((file) => importsIn(file, readFileSync(`src/${file}`, "utf8")));
const order = parse(rules);

/** All imports of a source text, those of types as well. */
function importsIn(file: string, text: string): Import[] {
  const code = text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
  const statements = code.matchAll(/^(?:import|export)\s+(?:(type\s)?([^;"'()]*?)\s*from\s*)?["']([^"']+)["']/gm);
  const calls = code.matchAll(/(typeof\s+)?\bimport\(\s*()["']([^"']+)["']/g);
  return [...statements, ...calls].map(([, type, names = "", specifier = ""]) => {
    const listed =
      /^\{([^}]*)\}$/
        .exec(names)?.[1]
        ?.split(",")
        .filter((name) => name.trim() !== "") ?? [];
    const allTypes = listed.length > 0 && listed.every((name) => name.trim().startsWith("type "));
    return { file, to: target(file, specifier), typeOnly: type !== undefined || allTypes };
  });
}

function target(file: string, specifier: string): string {
  if (specifier.startsWith("node:")) return "node:";
  if (!specifier.startsWith(".")) return specifier;
  const path = posix.join(posix.dirname(file), specifier);
  return posix.extname(path) === "" ? `${path}.ts` : path.replace(/\.js$/, ".ts"); // AssemblyScript has no extensions there
}

/** The text as a graph: part -> what it may import by a rule that names both. */
function parse(text: string): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const rule of text.split(";")) {
    let before: string[] = [];
    for (const side of rule.split("<")) {
      const names = side
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "" && name !== "NONE");
      for (const name of names) graph.set(name, new Set([...(graph.get(name) ?? []), ...before]));
      before = names;
    }
  }
  return graph;
}

function partOf(file: string): string {
  const [folder = "", below = ""] = file.replace(/\.ts$/, "").split("/");
  if (!file.includes("/")) return "index";
  return folder === "internal" ? `internal/${below}` : folder;
}

function isOurs(to: string): boolean {
  return to.endsWith(".ts");
}

/** Whether the order lets `part` import `other`, itself or through what it may import. */
function reaches(graph: Map<string, Set<string>>, part: string, other: string, seen = new Set<string>()): boolean {
  if (seen.has(part)) return false;
  seen.add(part);
  const below = graph.get(part) ?? new Set();
  return below.has(other) || [...below].some((next) => reaches(graph, next, other, seen));
}

function mayImport(graph: Map<string, Set<string>>, { file, to }: Import): boolean {
  const part = partOf(file);
  if (!isOurs(to)) return graph.get(part)?.has(to) === true;
  return part === partOf(to) || reaches(graph, part, partOf(to));
}

function broken(graph: Map<string, Set<string>>, all: readonly Import[]): string[] {
  return all
    .filter((each) => !mayImport(graph, each))
    .map(
      ({ file, to }) =>
        `src/${file} imports ${to}, but there is no rule ${isOurs(to) ? partOf(to) : to} < ${partOf(file)}`,
    );
}

/** The first circle of imports, of values only, as a path. */
function circle(all: readonly Import[]): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    done.add(file);
    for (const each of all) {
      if (each.file !== file || each.typeOnly || !isOurs(each.to)) continue;
      const found = visit(each.to, [...path, file]);
      if (found.length > 0) return found;
    }
    return [];
  };
  for (const { file } of all) {
    const found = visit(file, []);
    if (found.length > 0) return found;
  }
  return [];
}

test("every part of src imports only what stands before it in the order", () => {
  assert.ok(imports.length > 100, `only ${imports.length} imports were found in src`);
  assert.deepEqual(broken(order, imports), []);
});

test("the order names every part of src, and nothing that is not there", () => {
  const parts = new Set(files.map(partOf));
  const used = new Set(imports.filter(({ to }) => !isOurs(to)).map(({ to }) => to));
  assert.deepEqual(
    [...parts].filter((part) => !order.has(part)),
    [],
  );
  const known = (name: string) => parts.has(name) || used.has(name);
  assert.deepEqual(
    [...order.keys()].filter((name) => !known(name)),
    [],
  );
});

test("the order has no circle", () => {
  for (const part of order.keys()) assert.equal(reaches(order, part, part), false, `${part} stands before itself`);
});

test("no files of src import values in a circle", () => {
  assert.deepEqual(circle(imports), []);
});

test("every relative import names a file of src", () => {
  assert.deepEqual(
    imports.filter(({ to }) => isOurs(to) && !files.includes(to) && !files.includes(to.replace(/\.ts$/, ".d.ts"))),
    [],
  );
});

test("nobody within src imports an index", () => {
  assert.deepEqual(
    imports.filter(({ to }) => posix.basename(to) === "index.ts"),
    [],
  );
});

test("the check itself sees every form of import, and refuses what breaks the order", () => {
  const text = `
    // import "./comment.js";
    import { readFile } from "node:fs";
    import type { A } from "../types.js";
    import { type B, type C } from "../types.js";
    import {
      d,
      type E,
    } from "../chan/make.js";
    import "../../sync/index.js";
    export * from "./park.js";
    export type { F } from "fast-check";
    const lazy = await import("../../cli/run.js");
    type Module = typeof import("amaro");
  `.replaceAll(/^ {4}/gm, "");
  const found = importsIn("internal/rt/example.ts", text);
  assert.deepEqual(
    found.map(({ to, typeOnly }) => `${to}${typeOnly ? " (type)" : ""}`),
    [
      "node:",
      "internal/types.ts (type)",
      "internal/types.ts (type)",
      "internal/chan/make.ts",
      "sync/index.ts",
      "internal/rt/park.ts",
      "fast-check (type)",
      "cli/run.ts",
      "amaro (type)",
    ],
  );
  const refused = broken(order, found).map((line) => /no rule (.*)$/.exec(line)?.[1]);
  assert.deepEqual(refused, [
    "node: < internal/rt",
    "internal/chan < internal/rt",
    "sync < internal/rt",
    "fast-check < internal/rt",
    "cli < internal/rt",
    "amaro < internal/rt",
  ]);
  const there = { file: "a.ts", to: "b.ts", typeOnly: false };
  assert.deepEqual(circle([there, { file: "b.ts", to: "a.ts", typeOnly: true }]), []);
  assert.deepEqual(circle([there, { file: "b.ts", to: "a.ts", typeOnly: false }]), ["a.ts", "b.ts", "a.ts"]);
});
