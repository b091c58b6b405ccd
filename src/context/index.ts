// gort/context: cancellation, deadlines and request-scoped values. Go: package context.

export { afterFunc } from "./afterfunc.js";
export { background, todo } from "./background.js";
export { withCancel, withCancelCause } from "./cancel.js";
export { cause } from "./cause.js";
export { withDeadline, withDeadlineCause, withTimeout, withTimeoutCause } from "./deadline.js";
export { canceled, deadlineExceeded, SignalError } from "./errors.js";
export { key } from "./key.js";
export { fromSignal, notifySignals, type SignalName } from "./signals.js";
export { withoutCancel, withValue } from "./value.js";
export type { CancelCauseFunc, CancelFunc, Context, Key } from "../internal/types.js";
