// Why a context is done. Both errors satisfy Go's way of looking (identity) and the platform's (name).

class ContextError extends Error {
  readonly code: string;

  constructor(message: string, name: string, code: string) {
    super(message);
    this.name = name;
    this.code = code;
    this.stack = `${name}: ${message}`; // one error for all: the frames of its making would mislead
  }
}

/** The error of a context that was cancelled. Go: `context.Canceled`. */
export const canceled: Error = new ContextError("context canceled", "AbortError", "ERR_CANCELED");
