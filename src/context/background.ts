// The contexts that are never done.

import type { Context, Key, RecvChan } from "../internal/types.js";
import { nil } from "../internal/chan/make.js";
import { abortController } from "../internal/host/host.js";

class Empty implements Context {
  readonly #name: string;
  #controller: AbortController | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  deadline(): undefined {
    return undefined;
  }

  done(): RecvChan<never> {
    return nil as unknown as RecvChan<never>;
  }

  err(): undefined {
    return undefined;
  }

  value<T>(_key: Key<T>): undefined {
    return undefined;
  }

  get signal(): AbortSignal {
    return (this.#controller ??= abortController()).signal;
  }

  toString(): string {
    return this.#name;
  }
}

const theBackground = /* @__PURE__ */ new Empty("context.Background");
const theTodo = /* @__PURE__ */ new Empty("context.TODO");

/** The root of all contexts: never cancelled, no values, no deadline. Go: `context.Background`. */
export function background(): Context {
  return theBackground;
}

/** Like {@link background}, where it is not yet clear which context to use. Go: `context.TODO`. */
export function todo(): Context {
  return theTodo;
}
