// Buffers that are to be moved rather than copied: which they are, and how their memory leaves them.

const marked = new WeakSet<ArrayBuffer>();
let any = false;

/** The buffer's memory leaves it when it is sent. */
export function mark(buffer: ArrayBuffer): void {
  marked.add(buffer);
  any = true;
}

export function isMarked(buffer: ArrayBuffer): boolean {
  return any && marked.has(buffer);
}

/** Takes the memory of buffers that have been sent. Where the platform does not let go of it, they keep it. */
export function detach(buffers: readonly ArrayBuffer[]): void {
  for (const buffer of buffers) {
    marked.delete(buffer);
    try {
      structuredClone(buffer, { transfer: [buffer] });
    } catch {
      // the memory of a WebAssembly module, or it has gone by now
    }
  }
}
