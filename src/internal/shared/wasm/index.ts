// What the shared memory's code offers to the threads.

export { become } from "./lock";
export { alloc, capacity, free } from "./heap";
export {
  block,
  blockingWaiter,
  claimOwn,
  kick,
  look,
  park,
  quiet,
  takeMail,
  unlink,
  unpark,
  unpoll,
  waiter,
} from "./waiter";
export { arrive, create, createGate, destroy, discard, drop, hold, nextLost, revive, travel } from "./object";
export { createContext, endContext, giveBack } from "./context";
export { close, createChan, length, recv, send } from "./chan";
export { select } from "./select";
export { acquire, complete, release } from "./mutex";
export { acquireRead, acquireWrite, admit, releaseRead, releaseWrite } from "./rwmutex";
export { add, wait } from "./waitgroup";
export { broadcast, createCond, signal, stand } from "./cond";
export { createSemaphore, give, grant, take } from "./semaphore";
export { createMap, mapDelete, mapDetach, mapLoad, mapPop, mapScan, mapStore, mapSwap } from "./map";
export { box, unbox } from "./tree";
export {
  askForProcessor,
  begin,
  claimThread,
  createTask,
  finish,
  idle,
  nextTask,
  retire,
  ringLength,
  spin,
  spun,
  stateOf,
  submit,
  surplus,
  waiting,
  wanted,
  seek,
  wakeProcessor,
} from "./task";
export { bury, declareDead, sweep } from "./sweep";
