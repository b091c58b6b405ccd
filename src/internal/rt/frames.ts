// Stack frames as reports show them: the user's, without ours and the host's.

/** Our folder; in a bundle of the user's we cannot be told apart. */
const ours = /.*\/(?=(internal\/rt\/frames|node\/core).js$)/.exec(import.meta.url)?.[0] ?? "/node_modules/gort/";

/** The frames of the user's code, one a line. */
export function userFrames(stack: unknown): string {
  return String(stack ?? "")
    .split("\n")
    .filter((line) => /^ {4}at /.test(line) && !line.includes(ours) && !/[( ]node:/.test(line))
    .join("\n");
}
