// Stack frames as reports show them: the user's, without ours and the host's.

const self: string = import.meta.url ?? "";
const here = "internal/rt/frames.js";
const ours = self.endsWith(here) ? self.slice(0, -here.length) : "/node_modules/gort/"; // bundled, we cannot be told apart

/** The frames of the user's code, one a line. */
export function userFrames(stack: unknown): string {
  return String(stack ?? "")
    .split("\n")
    .filter((line) => /^ {4}at /.test(line) && !line.includes(ours) && !/[( ]node:/.test(line))
    .join("\n");
}
