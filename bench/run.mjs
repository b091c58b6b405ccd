// Measures gort against Go and against other packages, side by side: node bench/run.mjs [options], see `usage`.

import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { groups, workloads } from "./workloads.mjs";

const usage = `usage: node bench/run.mjs [options]
  --group NAME  only this group of workloads: ${Object.keys(groups).join(", ")} (may be given more than once)
  --only NAME   only this workload (may be given more than once)
  --quick       one short round, fewer parked goroutines: figures to look at, not to keep
  --node PATH   the Node that runs the contenders (default: the one that runs this)
  --json        print the results as JSON, not as a table
  --help        this text

${Object.entries(groups)
  .map(
    ([group, { title, workloads: own }]) =>
      `${group}: ${title}\n${Object.entries(own)
        .map(([name, { what }]) => `  ${name.padEnd(19)} ${what}`)
        .join("\n")}`,
  )
  .join("\n\n")}`;

const names = { "thing-csp": "@thi.ng/csp" };
const configs = { default: [], "young 8 MB": ["--min-semi-space-size=8"] };
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const exec = promisify(execFile);

const options = parse();
const chosen = Object.keys(workloads).filter(
  (name) => (options.only?.includes(name) ?? true) && (options.group?.includes(workloads[name].group) ?? true),
);
if (chosen.length === 0) stop("no workload is in what is asked for");
const rounds = options.quick ? 1 : 3;
const budget = options.quick ? 100 : 360;
const patience = 20_000; // milliseconds after which a contender is not asked again
const measured = {}; // workload → contender → { samples, heap } or { error }

prepare();
const temporary = mkdtempSync(path.join(os.tmpdir(), "gort-bench-"));
try {
  const twin = buildTwin();
  await measure(twin);
  report(twin);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function parse() {
  const flag = { type: "boolean", default: false };
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        group: { type: "string", multiple: true },
        only: { type: "string", multiple: true },
        quick: flag,
        node: { type: "string", default: process.execPath },
        json: flag,
        help: flag,
      },
    }));
  } catch (error) {
    stop(error.message);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  for (const name of values.group ?? []) if (!(name in groups)) stop(`no group is called ${name}`);
  for (const name of values.only ?? []) if (!(name in workloads)) stop(`no workload is called ${name}`);
  const missing = !existsSync(values.node);
  if (missing) stop(`--node: no such file: ${String(values.node)}`);
  return values;
}

function stop(message) {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
}

function prepare() {
  if (!existsSync(path.join(here, "../dist/index.js"))) {
    console.error("gort has not been built; run: npm run build");
    process.exit(1);
  }
  const { dependencies } = JSON.parse(readFileSync(path.join(here, "package.json"), "utf8"));
  const installed = (name) => existsSync(path.join(here, "node_modules", name, "package.json"));
  if (Object.keys(dependencies).every(installed)) return;
  console.error("installing the packages to compare with (once)");
  execFileSync("npm", ["install", "--no-save", "--no-audit", "--no-fund"], {
    cwd: here,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
}

/** The Go program, if there is a Go to build it with. */
function buildTwin() {
  const program = path.join(temporary, process.platform === "win32" ? "twin.exe" : "twin");
  try {
    execFileSync("go", ["build", "-o", program], {
      cwd: path.join(here, "go"),
      env: { ...process.env, GO111MODULE: "off" },
      stdio: ["ignore", 2, 2],
    });
    return program;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    console.error("no go on the PATH: without its column");
    return undefined;
  }
}

/** All contenders of a workload in turn, several rounds, so that a machine that slows down does so for all of them. */
async function measure(twin) {
  const jobs = [];
  for (const name of chosen) {
    const workload = workloads[name];
    const n = options.quick && workload.quick !== undefined ? workload.quick : workload.n;
    measured[name] = {};
    for (let round = 0; round < Math.min(rounds, workload.rounds ?? rounds); round++) {
      const add = (contender, program, args) => {
        const { procs, speedUp } = workload;
        if (speedUp !== undefined) jobs.push([name, `${contender} alone`, program, args, 1]);
        jobs.push([name, contender, program, args, procs]);
      };
      if (twin !== undefined && workload.twin !== false) {
        const { warm = n, grow = true, per = 0, wall = false } = workload;
        add("go", twin, [name, n, warm, grow ? 1 : 0, per, budget, wall ? 1 : 0]);
      }
      for (const [config, flags] of Object.entries(configs)) {
        for (const contender of ["gort", ...groups[workload.group].peers]) {
          const contents = (await import(`./contenders/${workload.group}/${contender}.mjs`)).default;
          if (contents[name] === undefined) continue;
          const args = ["--expose-gc", ...flags, path.join(here, "child.mjs"), contender, name, n, budget];
          add(`${contender} ${config}`, options.node, args);
        }
      }
    }
  }
  for (const [i, [name, contender, program, args, procs]] of jobs.entries()) {
    progress(`${i + 1}/${jobs.length} ${name}: ${contender}`);
    const result = (measured[name][contender] ??= { samples: [] });
    if (result.slow) continue;
    const rest = await keepBusy(workloads[name].busy ?? 0);
    const begin = performance.now();
    try {
      const env = { ...process.env, GOMAXPROCS: String(procs) };
      const { stdout } = await exec(program, args.map(String), { timeout: 180_000, env });
      const { samples, heap, shared } = JSON.parse(stdout);
      result.samples.push(...samples.map((x) => Math.round(x * 10) / 10));
      if (shared) result.shared = true;
      if (heap !== undefined) result.heap = Math.round(heap);
      if (performance.now() - begin > patience) result.slow = true;
    } catch (error) {
      result.error = String(error.stderr || error.message)
        .trim()
        .split("\n")
        .slice(0, 8)
        .join("\n");
      process.exitCode = 1;
    } finally {
      rest();
    }
  }
  progress("");
}

/** Starts `n` processes that want a processor all the time. Gives the way to end them. */
async function keepBusy(n) {
  const children = Array.from({ length: n }, () =>
    spawn(options.node, [path.join(here, "busy.mjs")], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  await Promise.all(children.map((child) => once(child.stdout, "data")));
  return () => {
    for (const child of children) child.kill("SIGKILL");
  };
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function report(twin) {
  const about = {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: os.cpus()[0]?.model,
      cores: os.cpus().length,
      memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
      os: `${os.type()} ${os.release()} ${os.arch()}`,
    },
    versions: versions(twin),
    commit: commit(),
    rounds,
  };
  const medians = {};
  for (const name of chosen) {
    medians[name] = {};
    for (const [contender, { samples, heap }] of Object.entries(measured[name])) {
      if (samples.length === 0) continue;
      medians[name][contender] = { median: median(samples), ...(heap !== undefined && { heap }) };
    }
  }
  const results = { ...about, medians, samples: measured };
  if (options.json) console.log(JSON.stringify(results));
  else {
    printAbout(about);
    for (const group of Object.keys(groups)) {
      const listed = chosen.filter((name) => workloads[name].group === group);
      if (listed.length > 0) printGroup(groups[group], listed, medians);
    }
  }
  for (const name of chosen) {
    for (const [contender, { error }] of Object.entries(measured[name])) {
      if (error !== undefined) console.error(`failed: ${name}: ${contender}: ${error}`);
    }
  }
  if (options.quick || options.only !== undefined) return;
  mkdirSync(path.join(here, "results"), { recursive: true });
  const part = options.group === undefined ? "" : `-${options.group.join("-")}`;
  const file = path.join(here, "results", `${about.date}-node-${about.versions.node}${part}.json`);
  writeFileSync(file, `${JSON.stringify(results).replaceAll(/("medians"|"samples":\{"|\},(?="[a-z]))/g, "\n$1")}\n`);
  console.error(`written to ${path.relative(process.cwd(), file)}`);
}

function median(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const k = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[k] : (sorted[k - 1] + sorted[k]) / 2;
}

function printAbout(about) {
  const { machine, date } = about;
  const { node, v8, go, ...packages } = about.versions;
  console.log(`${date}, gort ${about.commit}, Node ${node} (V8 ${v8})${go === undefined ? "" : `, ${go}`}`);
  console.log(
    Object.entries(packages)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  );
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memory}, ${machine.os}`);
  console.log(
    "median ns an operation (or ms); gort/go: less is better; peer/gort: the best of the peers, more is better",
  );
}

function printGroup({ title, peers, procs }, listed, medians) {
  console.log(`\n${title} (GOMAXPROCS=${procs})`);
  const head = ["", "go", "gort", ...peers.map((p) => names[p] ?? p), "gort/go", "bound", "peer/gort"];
  const rows = [head];
  const gains = {};
  const bounds = [];
  for (const config of Object.keys(configs)) {
    rows.push([config === "default" ? "Node as it is" : "8 MB for young objects"]);
    for (const name of listed) {
      const { go: bound, best: lead = 1, aside = [], heap, speedUp } = workloads[name];
      const columns = ["go", `gort ${config}`, ...peers.map((p) => `${p} ${config}`)];
      const of = (contender) => medians[name][contender]?.median;
      const gort = of(`gort ${config}`);
      const others = peers.filter((p) => !aside.includes(p)).map((p) => of(`${p} ${config}`));
      const best = Math.min(...others.filter((x) => x !== undefined));
      if (best !== Infinity && gort !== undefined) (gains[config] ??= []).push(best / gort);
      if (gort !== undefined) bounds.push(...otherBounds(name, config, of, best).map((row) => [config, name, ...row]));
      rows.push([
        name,
        ...columns.map((contender) => show(name, contender, of(contender))),
        of("go") && gort ? mark(gort / of("go"), bound) : "–",
        bound?.toFixed(1) ?? "",
        best === Infinity || !gort ? "–" : mark(-best / gort, -lead),
      ]);
      if (heap !== undefined) {
        const each = columns.map((contender) => medians[name][contender]?.heap?.toString() ?? "–");
        rows.push(["  bytes each", ...each, "", String(heap), ""]);
      }
      if (speedUp !== undefined) {
        const each = columns.map((contender) => gain(of, contender)?.toFixed(2) ?? "–");
        rows.push(["  speed-up", ...each, "", "", ""]);
      }
    }
  }
  const widths = head.map((_, i) => Math.max(...rows.filter((r) => r.length > 1).map((row) => row[i].length)));
  printRows(rows, (cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
  if (bounds.length > 0) {
    console.log("\nother bounds");
    const widest = [0, 1, 2].map((i) => Math.max(...bounds.map((row) => row[i].length)));
    printRows(bounds, (cell, i) => cell.padEnd(widest[i] ?? 0));
  }
  const shared = listed.flatMap((name) => Object.values(measured[name])).filter((result) => result.shared).length;
  if (shared > 0) {
    console.log(`\n~ processor time, as the processor had to be shared: ${shared} figures; the machine was busy`);
  }
  console.log();
  for (const [config, list] of Object.entries(gains)) {
    console.log(
      `${config}: ${median(list).toFixed(2)} times as fast as the best peer, on the median workload; at least ${Math.min(...list).toFixed(2)}`,
    );
  }
}

/** A time, in the unit of its workload. */
function show(name, contender, x) {
  if (x === undefined) return "–";
  const ms = workloads[name].unit === "ms";
  const scaled = ms ? x / 1e6 : x;
  let digits = ms || scaled < 100 ? 1 : 0;
  if (scaled < 1) digits = 2;
  return `${measured[name][contender].shared ? "~" : ""}${scaled.toFixed(digits)}`;
}

/** How much faster it is with all processors than with one. */
function gain(of, contender) {
  const [alone, together] = [of(`${contender} alone`), of(contender)];
  return alone !== undefined && together !== undefined ? alone / together : undefined;
}

/** What is to be of gort, and is not a matter of its ratio to Go. */
function otherBounds(name, config, of, best) {
  const { unit = "ns", ns, least = {}, best: lead, speedUp } = workloads[name];
  const gort = of(`gort ${config}`);
  const rows = [];
  const atLeast = (what, x, bound) => rows.push([`${what} ${mark(-x, -bound)}`, `at least ${bound}`]);
  if (ns !== undefined) {
    const size = unit === "ms" ? 1e6 : 1;
    rows.push([`${mark(gort / size, ns / size)} ${unit}`, `at most ${ns / size}`]);
  }
  for (const [peer, times] of Object.entries(least)) {
    const other = of(`${peer} ${config}`);
    if (other !== undefined) atLeast(`${peer}/gort`, other / gort, times);
  }
  if (lead !== undefined && best !== Infinity) atLeast("best peer/gort", best / gort, lead);
  const own = gain(of, `gort ${config}`);
  if (speedUp !== undefined && own !== undefined) {
    atLeast("speed-up", own, speedUp);
    const twin = gain(of, "go");
    if (twin !== undefined) atLeast("speed-up, by Go's less 10 %:", own, Math.floor(90 * twin) / 100);
  }
  return rows;
}

function printRows(rows, pad) {
  for (const row of rows) console.log(row.map(pad).join("  ").trimEnd());
}

/** A ratio, with a mark if it is beyond its bound. Negative: more is better. */
function mark(ratio, bound) {
  return `${bound !== undefined && ratio > bound ? "! " : ""}${Math.abs(ratio).toFixed(2)}`;
}

function versions(twin) {
  const { node, v8 } = JSON.parse(
    execFileSync(options.node, ["-p", "JSON.stringify(process.versions)"], { encoding: "utf8" }),
  );
  const { dependencies } = JSON.parse(readFileSync(path.join(here, "package.json"), "utf8"));
  const go = twin === undefined ? undefined : execFileSync("go", ["version"], { encoding: "utf8" }).split(" ")[2];
  return { node, v8, go, ...dependencies };
}

function commit() {
  const git = (...args) =>
    execFileSync("git", args, { cwd: here, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "../src") === "" ? "" : "+changes");
  } catch {
    return "of unknown commit";
  }
}
