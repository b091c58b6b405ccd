// transfer: a buffer that is moved.

import { mark } from "../internal/shared/codec/transfer.js";

/**
 * Marks a buffer as one that is moved: when it is next sent to another thread, or passed to a task or returned by one, alone or
 * within something, it arrives as an `ArrayBuffer` of the same content, and is empty here (its `byteLength` is 0). If that
 * fails, it stays as it is. A view of the buffer moves it as well. Gives the buffer.
 *
 * What it saves is the memory, which is let go of at once, and bugs: nobody goes on with what others have now. The bytes
 * themselves are copied twice, into the memory that threads share and out of it, as without it; who receives from a channel is
 * not known when it is sent to, and the platform moves memory only to a thread that it is told. For bytes that are not to be
 * copied at all there is `SharedArrayBuffer`.
 *
 * ```ts
 * await frames.send({ id, pixels: transfer(pixels.buffer) });
 * ```
 */
export function transfer<B extends ArrayBuffer>(buffer: B): B {
  if (!(buffer instanceof ArrayBuffer)) {
    const got = (buffer as object | null | undefined)?.constructor?.name ?? String(buffer);
    throw new TypeError(
      `transfer: expected an ArrayBuffer, got ${got}${ArrayBuffer.isView(buffer) ? "; give its .buffer" : ""}`,
    );
  }
  mark(buffer);
  return buffer;
}
