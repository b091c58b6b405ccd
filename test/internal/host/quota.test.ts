// How many processors a program can keep busy, where a control group limits its time.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { internal } from "../../support/internal.js";

const { granted } = await internal<{ granted(root: string, all: number): number }>("host/quota.js");
const all = 8;

/** What is granted on a system with these files. */
function on(files: Record<string, string>): number {
  const root = mkdtempSync(path.join(tmpdir(), "gort-quota-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    return granted(root, all);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("without a limit, every processor counts", () => {
  assert.equal(on({}), all);
  assert.equal(on({ "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n" }), all);
  assert.equal(on({ "proc/self/cgroup": "0::/a/b\n" }), all);
  assert.equal(on({ "proc/self/cgroup": "nonsense", "sys/fs/cgroup/cpu.max": "100000 100000\n" }), all);
});

test("a limit is rounded up, and to two at least", () => {
  const limited = (limit: string) => on({ "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": limit });
  assert.equal(limited("50000 100000\n"), 2);
  assert.equal(limited("150000 100000\n"), 2);
  assert.equal(limited("250000 100000\n"), 3);
  assert.equal(limited("1100000 100000\n"), all);
});

test("the lowest limit counts, that of a group further up included", () => {
  const files = {
    "proc/self/cgroup": "0::/pod/container\n",
    "sys/fs/cgroup/pod/container/cpu.max": "max 100000\n",
    "sys/fs/cgroup/pod/cpu.max": "200000 100000\n",
    "sys/fs/cgroup/cpu.max": "900000 100000\n",
  };
  assert.equal(on(files), 2);
});

test("control groups of the first version count as well", () => {
  const files = (us: string) => ({
    "proc/self/cgroup": "5:memory:/x\n4:cpu,cpuacct:/docker/x\n",
    "sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us": us,
    "sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us": "100000\n",
  });
  assert.equal(on(files("120000\n")), 2);
  assert.equal(on(files("-1\n")), all);
});
