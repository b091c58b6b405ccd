// Why a context is done. The errors satisfy both Go's way of looking (identity) and the platform's (name).

class ContextError extends Error {
  readonly code: string;
  /** As Go's `net.Error` has it: whether the error is a time-out. */
  readonly timeout: boolean;

  constructor(message: string, name: string, code: string, timeout: boolean) {
    super(message);
    this.name = name;
    this.code = code;
    this.timeout = timeout;
    this.stack = `${name}: ${message}`; // one error for all: the frames of its making would mislead
  }
}

/** The error of a context that was cancelled. Go: `context.Canceled`. */
export const canceled: Error = /* @__PURE__ */ new ContextError(
  "context canceled",
  "AbortError",
  "ERR_CANCELED",
  false,
);

/** The error of a context whose deadline has passed. Go: `context.DeadlineExceeded`. */
export const deadlineExceeded: Error = /* @__PURE__ */ new ContextError(
  "context deadline exceeded",
  "TimeoutError",
  "ERR_DEADLINE_EXCEEDED",
  true,
);

/** The cause of a context that a signal has ended. */
export class SignalError extends Error {
  readonly signal: string;

  constructor(signal: string) {
    super(`received ${signal}`);
    this.name = "SignalError";
    this.signal = signal;
  }
}
