// How much processor time the system gives this program: on Linux, a container may be limited to less than its processors.

import { builtin, processors } from "./host.js";

interface Files {
  readFileSync(path: string, encoding: "utf8"): string;
}

/**
 * How many processors this program can keep busy: those that it may run on, or fewer where a control group limits its time. The
 * limit is rounded up, and to 2 at least, as Go 1.25 does it: with one, what computes would hold up all that waits. Other than
 * there, the limits of the groups further up count as well.
 */
export function granted(root = "", all: number = processors()): number {
  return Math.min(all, Math.max(Math.ceil(quota(root)), 2));
}

/** The lowest limit among the control groups that the program is in, in processors; Infinity if there is none. */
function quota(root: string): number {
  const fs = builtin("node:fs") as Files | undefined;
  const read = (path: string): string | undefined => {
    try {
      return fs?.readFileSync(root + path, "utf8");
    } catch {
      return undefined; // no Linux, or no such group
    }
  };
  let least = Infinity;
  for (const line of (read("/proc/self/cgroup") ?? "").split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined || (controllers !== "" && controllers?.split(",").includes("cpu") !== true)) continue;
    for (let group = path === "/" ? "" : path; ; group = group.slice(0, group.lastIndexOf("/"))) {
      const [most, period] =
        controllers === ""
          ? (read(`/sys/fs/cgroup${group}/cpu.max`) ?? "").split(" ")
          : [read(`/sys/fs/cgroup/cpu${group}/cpu.cfs_quota_us`), read(`/sys/fs/cgroup/cpu${group}/cpu.cfs_period_us`)];
      const limit = Number(most) / Number(period);
      if (limit > 0) least = Math.min(least, limit);
      if (group === "") break;
    }
  }
  return least;
}
