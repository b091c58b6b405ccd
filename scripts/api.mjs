// The public API as text, one file an entry point: writes api/*.d.ts, or with --check compares and fails on a difference.
//
// The emitted declarations of what an entry point exports are put into one file, sorted by name, with what they need of ours:
// imported where another entry point exports it, as it stands otherwise. So a change of the API is a change of a file in git.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const modules = new Map();
const entries = Object.entries(manifest.exports)
  .filter(([, { types }]) => types !== undefined)
  .map(([path, { types }]) => ({ name: path.replace(".", manifest.name), file: join(types) }));

const home = new Map(); // a public declaration ("file#name") -> the entry point that has it first
for (const entry of entries) {
  entry.names = exported(entry.file);
  for (const [name, from] of entry.names) {
    if (!home.has(from)) home.set(from, { entry: entry.name, name });
  }
}

const check = process.argv.includes("--check");
const reports = new Map(entries.map((entry) => [`${entry.name.replace("/", "-")}.d.ts`, format(report(entry))]));
mkdirSync("api", { recursive: true });
const there = readdirSync("api");
for (const file of there) {
  if (reports.has(file)) continue;
  if (check) differs(`api/${file} belongs to no entry point`);
  else rmSync(join("api", file));
}
for (const [file, text] of reports) {
  const path = join("api", file);
  if (!check) {
    writeFileSync(path, text);
  } else if (!there.includes(file)) {
    differs(`${path} is missing`);
  } else if (readFileSync(path, "utf8") !== text) {
    differs(`${path} is not what src has:\n${difference(readFileSync(path, "utf8"), text)}`);
  }
}

function differs(what) {
  console.error(`${what}\nIf the public API was meant to change: npm run api`);
  process.exitCode = 1;
}

function difference(before, after) {
  return [
    ...onlyIn(before, after).map((line) => `- ${line}`),
    ...onlyIn(after, before).map((line) => `+ ${line}`),
  ].join("\n");
}

function onlyIn(text, other) {
  const known = new Set(other.split("\n"));
  return text.split("\n").filter((line) => !known.has(line));
}

/** The text of an entry point. */
function report({ name, names, file }) {
  const imports = new Map();
  const inner = new Map();
  const own = new Set(names.values());
  const parts = sorted(names).map(([, from]) => declaration(from));
  const spaces = [...load(file).spaces].map(([space, { source, doc }]) => ({
    space,
    doc,
    names: sorted(exported(source)),
  }));
  for (const [, from] of spaces.flatMap((space) => space.names)) own.add(from);
  parts.push(...spaces.map((space) => namespace(space)));
  for (let i = 0; i < parts.length; i++) {
    for (const from of (parts[i].of ?? [parts[i]]).flatMap((part) => [...needs(part)])) {
      const elsewhere = home.get(from);
      if (own.has(from) || inner.has(from)) continue;
      if (elsewhere !== undefined) {
        imports.set(elsewhere.entry, (imports.get(elsewhere.entry) ?? new Set()).add(elsewhere.name));
      } else {
        const part = declaration(from);
        inner.set(from, part);
        parts.push({ ...part, text: part.text.replace(/^export /m, "") });
      }
    }
  }
  const heads = [...imports].map(([from, what]) => `import type { ${[...what].join(", ")} } from "${from}";`);
  const first = `// ${name}: the public API. Written by "npm run api".`;
  return `${[first, heads.join("\n"), ...parts.map((part) => part.text), "export {};"].filter(Boolean).join("\n\n")}\n`;
}

function sorted(names) {
  return [...names].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** What is exported under one name together. */
function namespace({ space, doc, names }) {
  const of = names.map(([, from]) => declaration(from));
  const texts = names.map(([name, from], i) => {
    const declared = from.split("#")[1];
    const text = of[i].text.replace(/^export (declare )?/m, name === declared ? "export " : "");
    return name === declared ? text : `${text}\nexport { ${declared} as ${name} };`;
  });
  return { of, text: `${doc}export declare namespace ${space} {\n${texts.join("\n\n")}\n}` };
}

/** The declarations of ours that a declaration refers to. */
function needs({ file, text }) {
  const { declared, imported } = load(file);
  const words = new Set(text.replaceAll(/\/\*[^]*?\*\/|\/\/.*|"[^"]*"/g, "").match(/[\w$]+/g));
  const found = [...words].filter((word) => declared.has(word)).map((word) => `${file}#${word}`);
  return [...found, ...[...words].filter((word) => imported.has(word)).map((word) => imported.get(word))];
}

function declaration(from) {
  const [file, name] = from.split("#");
  const { declared } = load(file);
  if (!declared.has(name)) throw new Error(`${file} does not declare ${name}`);
  return { file, text: declared.get(name).join("\n") };
}

/** What a module exports: name -> "file#name" of the declaration. */
function exported(file) {
  const { names, stars } = load(file);
  return new Map([...stars.flatMap((star) => [...exported(star)]), ...names]);
}

/** A module's declarations, imports and exports. */
function load(file) {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const module = { declared: new Map(), imported: new Map(), names: new Map(), stars: [], spaces: new Map() };
  modules.set(file, module);
  for (const statement of statements(readFileSync(file, "utf8"))) {
    const code = statement.replace(/^\/\*\*[^]*?\*\/\n/, "");
    const [, keyword, list, from] = /^(import|export) (?:type )?(\*|\{[^}]*\})(?: from "(.*)")?;$/.exec(code) ?? [];
    const source = from === undefined ? "" : join(dirname(file), from.replace(/\.js$/, ".d.ts"));
    const [, space, inside] = /^export \* as (\w+) from "(.*)";$/.exec(code) ?? [];
    if (space !== undefined) {
      module.spaces.set(space, {
        source: join(dirname(file), inside.replace(/\.js$/, ".d.ts")),
        doc: statement.slice(0, -code.length),
      });
    } else if (list === "*") {
      module.stars.push(source);
    } else if (list !== undefined && list !== "{}") {
      for (const [, name, alias = name] of list.matchAll(/(?:type )?(\w+)(?: as (\w+))?,?/g)) {
        const declared = from === undefined ? (module.imported.get(name) ?? `${file}#${name}`) : `${source}#${name}`;
        (keyword === "import" ? module.imported : module.names).set(alias, declared);
      }
    } else if (code !== "export {};") {
      const [, name] =
        /^(?:export )?(?:declare )?(?:abstract )?(?:const|let|function|class|interface|type) (\w+)/.exec(code) ?? [];
      if (name === undefined) throw new Error(`${file}: cannot tell what this declares:\n${code}`);
      module.declared.set(name, [...(module.declared.get(name) ?? []), statement]);
      if (code.startsWith("export ")) module.names.set(name, `${file}#${name}`);
    }
  }
  return module;
}

/** The top-level statements of a declaration file, each with its doc comment. */
function statements(text) {
  const found = [];
  let lines = [];
  let depth = 0;
  for (const line of text.split("\n")) {
    if (lines.length === 0 && (line === "" || line.startsWith("//"))) continue;
    lines.push(line);
    if (/^\s*(\/?\*)/.test(line)) continue;
    depth += line.replaceAll(/[^{[(]/g, "").length - line.replaceAll(/[^}\])]/g, "").length;
    if (depth > 0 || !/[;}]$/.test(line)) continue;
    found.push(lines.join("\n"));
    lines = [];
  }
  return found;
}

function format(text) {
  return execFileSync("oxfmt", ["--stdin-filepath", "api.d.ts"], {
    input: text,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
}
