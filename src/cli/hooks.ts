// Loader hooks: `gort` resolves from anywhere; TypeScript loads on hosts that cannot strip types themselves.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

interface Context {
  parentURL?: string | undefined;
}
interface Resolved {
  url: string;
  shortCircuit?: boolean;
  format?: string | null | undefined;
}
interface Loaded {
  format: string;
  source: string;
  shortCircuit: true;
}

/** A resolve hook that runs in the program's own thread. */
export type ResolveHook = (
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Resolved,
) => Resolved;

/** A program outside any project that has gort uses the command's own copy. */
export function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Resolved,
): Resolved;
export function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Resolved>,
): Promise<Resolved>;
export function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Resolved | Promise<Resolved>,
): Resolved | Promise<Resolved> {
  if (!isGort(specifier)) return next(specifier, context);
  const asker = context.parentURL;
  return attempt(
    () => next(specifier, context),
    (error) => {
      if (!isMissing(error)) throw error;
      return { url: pathToFileURL(ownCopy(specifier, asker)).href, shortCircuit: true };
    },
  );
}

export function isGort(specifier: string): boolean {
  return /^gort(\/|$)/.test(specifier);
}

export function isMissing(error: unknown): boolean {
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(String((error as { code?: string }).code));
}

const require = createRequire(import.meta.url);

/** The file of an entry point of the command's own gort. */
export function ownCopy(specifier: string, asker: string | undefined): string {
  try {
    return require.resolve(specifier);
  } catch {
    const message = `gort has no entry point "${specifier}" (imported from ${asker ?? "the command line"})`;
    throw Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
  }
}

/**
 * A `.ts` file of a package that is CommonJS by its package.json (as `npm init` makes it), and that imports or exports all
 * the same, is a module: stripping its types would leave it so, and no CommonJS loader could take it.
 */
export function asModule(found: Resolved): Resolved {
  if (found.format !== "commonjs-typescript" || !found.url.endsWith(".ts")) return found;
  const isModule = /^\s*(import|export)\b/m.test(readFileSync(new URL(found.url), "utf8"));
  return isModule ? { ...found, format: "module-typescript" } : found;
}

/** `try` and `catch`, for what may give a promise. */
function attempt<T>(f: () => T | Promise<T>, caught: (error: unknown) => T | Promise<T>): T | Promise<T> {
  try {
    const result = f();
    return result instanceof Promise ? result.catch(caught) : result;
  } catch (error) {
    return caught(error);
  }
}

/** Types are blanked out, so that every line and column stays where it was. */
export async function load(
  url: string,
  context: Context,
  next: (url: string, context: Context) => Promise<Loaded>,
): Promise<Loaded> {
  const kind = /^file:.*\.([cm]?)ts$/.exec(url)?.[1];
  if (kind === undefined) return next(url, context);
  const file = fileURLToPath(url);
  const amaro = (await import(new URL("./vendor/amaro.js", import.meta.url).href)) as typeof import("amaro");
  try {
    const { code } = amaro.transformSync(await readFile(file, "utf8"), { mode: "strip-only", filename: file });
    return {
      format: kind === "c" ? "commonjs" : "module",
      source: `${code}\n//# sourceURL=${url}`,
      shortCircuit: true,
    };
  } catch (error) {
    const { message, startLine, startColumn } = error as { message: string; startLine?: number; startColumn?: number };
    throw new SyntaxError(`${file}:${startLine ?? 1}:${(startColumn ?? 0) + 1}: ${message}`);
  }
}
