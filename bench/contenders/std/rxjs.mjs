// RxJS: plain functions run within the call that brings the value, with no back-pressure; those that give a promise, by concatMap,
// which keeps what comes meanwhile.

import { concatMap, lastValueFrom, map, range, reduce } from "rxjs";

const total = reduce((sum, v) => sum + v, 0);

export default {
  pipeline: (n) =>
    lastValueFrom(
      range(0, n).pipe(
        map((v) => v + 1),
        map((v) => v * 2),
        map((v) => v / 2 - 1),
        total,
      ),
    ),

  "pipeline-async": (n) =>
    lastValueFrom(
      range(0, n).pipe(
        concatMap(async (v) => v + 1),
        concatMap(async (v) => v * 2),
        concatMap(async (v) => v / 2 - 1),
        total,
      ),
    ),
};
