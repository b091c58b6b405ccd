// How the tests report: a line a file, all that is known of a failure, and the sum in the last line.

import { join, relative } from "node:path";
import { inspect } from "node:util";

const folder = join("build", "test");

export default async function* report(events) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  let file = "";
  let part = { passed: 0, failed: 0, skipped: 0, ms: 0 };

  const close = () => {
    if (file === "") return "";
    const { passed, failed, skipped, ms } = part;
    const others = [failed > 0 ? `, ${failed} failed` : "", skipped > 0 ? `, ${skipped} skipped` : ""].join("");
    part = { passed: 0, failed: 0, skipped: 0, ms: 0 };
    return `${failed > 0 ? "not ok" : "ok    "} ${file}: ${passed} passed${others} (${Math.round(ms)} ms)\n`;
  };

  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    if (type !== "test:pass" && type !== "test:fail") continue;
    const from = relative(folder, data.file ?? data.name);
    if (from !== file) {
      yield close();
      file = from;
    }
    if (data.nesting === 0) part.ms += data.details.duration_ms;
    if (data.details.type === "suite" && (type === "test:pass" || isOfSubtests(data))) continue;
    const kind = kindOf(type, data);
    sum[kind]++;
    part[kind]++;
    if (kind === "failed" && !isOfSubtests(data)) yield failure(file, data);
  }
  yield close();
  yield `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`;
}

function kindOf(type, { skip, todo }) {
  if (skip !== undefined || todo !== undefined) return "skipped";
  return type === "test:pass" ? "passed" : "failed";
}

/** Whether it has failed only because something within it has. */
function isOfSubtests({ details }) {
  return details.error?.failureType === "subtestsFailed";
}

function failure(file, { name, line, column, details }) {
  const { error } = details;
  const text = inspect(error.cause ?? error, { depth: 5 }).replaceAll("\n", "\n    ");
  return `FAILED ${name}\n    at ${file}:${line ?? 1}:${column ?? 1}\n    ${text}\n`;
}
