// Pool: things to use again.

const most = 1024;

/**
 * Keeps things that are costly to make, to be used again; it may drop any of them at any time. Go: `sync.Pool`.
 *
 * ```ts
 * const buffers = new sync.Pool(() => new Uint8Array(65536));
 * const buffer = buffers.get();
 * buffers.put(buffer);
 * ```
 */
export class Pool<T> {
  readonly #make: () => T;
  readonly #free: T[] = [];

  constructor(make: () => T) {
    if (typeof make !== "function") throw new TypeError(`sync: Pool: expected a function, got ${typeof make}`);
    this.#make = make;
  }

  /** One that was put back, or else a new one. Go: `p.Get()`. */
  get(): T {
    return this.#free.length > 0 ? (this.#free.pop() as T) : this.#make();
  }

  /** Lets somebody else use `x`. `undefined` and `null` are ignored. Go: `p.Put(x)`. */
  put(x: T): void {
    if (x !== undefined && x !== null && this.#free.length < most) this.#free.push(x);
  }
}
