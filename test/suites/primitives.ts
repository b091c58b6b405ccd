// What the suites of locks and their like run on.

import * as semaphore from "gort/semaphore";
import * as sync from "gort/sync";

/** What a class offers, whoever offers it. */
type Shape<T> = Pick<T, keyof T>;

/** The classes to try. */
export interface Primitives {
  readonly Mutex: new () => Shape<sync.Mutex>;
  readonly RWMutex: new () => Shape<sync.RWMutex>;
  readonly WaitGroup: new () => Shape<sync.WaitGroup>;
  readonly Once: new () => Shape<sync.Once>;
  readonly Cond: new (l: sync.Locker) => Shape<sync.Cond>;
  readonly Weighted: new (n: number) => Shape<semaphore.Weighted>;
}

/** Those of one thread. */
export const own: Primitives = { ...sync, ...semaphore };
