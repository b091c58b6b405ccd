// The numbers of processors that a program sees.

import { gomaxprocs, numCPU } from "gort/runtime";

console.log(JSON.stringify({ procs: gomaxprocs(), cpus: numCPU() }));
