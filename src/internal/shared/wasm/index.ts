// What the shared memory's code offers to the threads.

export { become } from "./lock";
export { alloc, capacity, free } from "./heap";
export { block, claimOwn, kick, park, quiet, takeMail, unblock, unlink, unpark, waiter } from "./waiter";
export { arrive, createGate, destroy, discard, drop, hold, nextLost, travel } from "./object";
export { canRecv, canSend, close, createChan, length, recv, send } from "./chan";
export { select } from "./select";
export {
  acquire,
  acquireRead,
  acquireWrite,
  add,
  admit,
  broadcast,
  give,
  grant,
  release,
  releaseRead,
  releaseWrite,
  signal,
  stand,
  take,
  wait,
} from "./gate";
export {
  askForProcessor,
  begun,
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
  submitHere,
  surplus,
  waiting,
  wanted,
  wakeProcessor,
} from "./task";
export { bury, declareDead, sweep } from "./sweep";
