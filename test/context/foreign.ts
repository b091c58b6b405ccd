// Contexts of another make than gort's.

import { chan, type Chan, type RecvChan } from "gort";
import * as context from "gort/context";
import type { Context, Key } from "gort/context";

/** One that passes everything on to the context that it embeds. */
export class Embedding implements Context {
  readonly inner: Context;

  constructor(inner: Context) {
    this.inner = inner;
  }

  deadline(): Date | undefined {
    return this.inner.deadline();
  }

  done(): RecvChan<never> {
    return this.inner.done();
  }

  err(): Error | undefined {
    return this.inner.err();
  }

  value<T>(key: Key<T>): T | undefined {
    return this.inner.value(key);
  }

  get signal(): AbortSignal {
    return this.inner.signal;
  }
}

/** One that ends by itself, with a done channel of its own. Counts how many wait on that. */
export class Own extends Embedding {
  readonly closing: Chan<never> = chan<never>();
  watchers = 0;
  #err: Error | undefined;

  constructor(inner: Context = context.background()) {
    super(inner);
  }

  override done(): RecvChan<never> {
    const { closing } = this;
    const recv = async (signal: Parameters<typeof closing.recv>[0]) => {
      this.watchers++;
      try {
        return await closing.recv(signal);
      } finally {
        this.watchers--;
      }
    };
    return new Proxy(closing, { get: (target, name) => (name === "recv" ? recv : Reflect.get(target, name)) });
  }

  override err(): Error | undefined {
    return this.#err;
  }

  end(err: Error): void {
    this.#err = err;
    this.closing.close();
  }
}

/** One that has its own way to call functions when it is done, and knows how many are to be called. */
export class Calling extends Own {
  readonly functions: Set<() => void> = new Set();
  stopping: (f: () => void) => void = () => {};

  override done(): RecvChan<never> {
    return this.closing;
  }

  afterFunc(f: () => void): () => boolean {
    if (this.err() !== undefined) {
      f();
      return () => false;
    }
    this.functions.add(f);
    return () => {
      this.stopping(f);
      return this.functions.delete(f);
    };
  }

  override end(err: Error): void {
    super.end(err);
    const { functions } = this;
    for (const f of functions) f();
    functions.clear();
  }
}
