// toReadable and pipeTo: channels into the streams of the platform.

import type { Context, RecvChan } from "../internal/types.js";
import { withCancelCause } from "../context/cancel.js";
import { checkParent } from "../context/derived.js";
import { cause } from "../context/cause.js";
import { chan } from "../internal/chan/make.js";
import { select } from "../internal/chan/select.js";
import { checkChannel } from "./check.js";
import { foreign, ignore } from "./foreign.js";
import { checkSource, iterate, type Source } from "./source.js";

/** How {@link toReadable} works. */
export interface ReadableOptions {
  /** Is called when the reader does not want any more: cancel here what sends on the channel. */
  onCancel?: ((reason: unknown) => void) | undefined;
}

/**
 * A `ReadableStream` with the values of a channel. It receives a value when one is read, and not before. It fails
 * with the context's error. (For a stream of Node's: `Readable.from(channel)`.)
 *
 * ```ts
 * return new Response(patterns.toReadable(ctx, chunks, { onCancel: cancel }));
 * ```
 */
export function toReadable<T>(ctx: Context, input: RecvChan<T>, { onCancel }: ReadableOptions = {}): ReadableStream<T> {
  checkParent(ctx);
  checkChannel("toReadable", input);
  const gone = chan<never>();
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const s = ctx.err() === undefined ? await select({ value: input, gone, done: ctx.done() }) : undefined;
        const err = ctx.err();
        if (s?.case === "gone") return;
        if (s?.case === "value" && s.ok) controller.enqueue(s.value);
        else if (err !== undefined) controller.error(err);
        else controller.close();
      },
      cancel(reason) {
        gone.close();
        onCancel?.(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** What Node's `Writable` has, and all that is used of it. */
export interface NodeWritable {
  /** Takes a value; `false` asks to wait for the event "drain". */
  write(chunk: never): boolean;
  /** There is nothing more to write; calls `done` when all has been written. */
  end(done?: () => void): unknown;
  /** Adds a listener. */
  on(event: string, listener: (error: unknown) => void): unknown;
  /** Takes a listener away. */
  off(event: string, listener: (error: unknown) => void): unknown;
  /** Gives up; what has not been written is lost. */
  destroy?(error?: Error): unknown;
}

/** How {@link pipeTo} works. */
export interface PipeOptions {
  /** Leaves the sink open, both when the values end and when something fails. Of a process's stdout, say so. */
  preventClose?: boolean | undefined;
}

/**
 * Writes every value of `source` to a `WritableStream`, or a Node `Writable`, as fast as that takes them, and closes
 * it. Resolves when it has closed. Rejects with the context's error, the sink's or the source's; the sink is aborted
 * or destroyed then, the source released.
 *
 * ```ts
 * await patterns.pipeTo(ctx, lines, createWriteStream(path));
 * ```
 */
export async function pipeTo<T>(
  ctx: Context,
  source: Source<T>,
  sink: WritableStream<T> | NodeWritable,
  { preventClose = false }: PipeOptions = {},
): Promise<void> {
  checkParent(ctx);
  checkSource("pipeTo", source);
  const [own, stop] = withCancelCause(ctx); // ends with the sink, too
  try {
    await (isWeb(sink) ? toWeb : toNode)(own, stop, source, sink as WritableStream<T> & NodeWritable, preventClose);
  } catch (error) {
    if (ctx.err() !== undefined) throw ctx.err();
    throw error === own.err() ? cause(own) : error;
  } finally {
    stop();
  }
}

function isWeb(sink: object): boolean {
  if (typeof (sink as Partial<WritableStream>).getWriter === "function") return true;
  const { write, on } = sink as Partial<NodeWritable>;
  if (typeof write === "function" && typeof on === "function") return false;
  throw new TypeError("patterns: pipeTo: expected a WritableStream or a Node Writable");
}

type Stop = (cause?: Error) => void;

async function toWeb<T>(
  ctx: Context,
  stop: Stop,
  source: Source<T>,
  sink: WritableStream<T>,
  preventClose: boolean,
): Promise<void> {
  const writer = sink.getWriter();
  void writer.closed.catch((error: unknown) => stop(asError(error)));
  try {
    await iterate(ctx, source, async (value) => {
      await foreign(ctx, writer.ready);
      void writer.write(value).catch(ignore); // its error is that of `closed`
    });
    await foreign(ctx, preventClose ? writer.ready : writer.close());
  } catch (error) {
    if (!preventClose) void writer.abort(error).catch(ignore);
    throw error;
  } finally {
    writer.releaseLock();
  }
}

async function toNode<T>(
  ctx: Context,
  stop: Stop,
  source: Source<T>,
  sink: NodeWritable,
  preventClose: boolean,
): Promise<void> {
  const drained = chan<void>(1);
  const finished = chan<void>(1);
  const listeners = {
    drain: () => void drained.trySend(),
    close: () => stop(new Error("patterns: pipeTo: the stream closed before it had everything")),
    error: (error: unknown) => stop(asError(error)),
  };
  for (const [event, listener] of Object.entries(listeners)) sink.on(event, listener);
  try {
    await iterate(ctx, source, async (value) => {
      if (!sink.write(value as never)) await drained.recv(ctx);
    });
    if (preventClose) return;
    sink.end(() => void finished.trySend());
    await finished.recv(ctx);
  } catch (error) {
    if (!preventClose) sink.destroy?.();
    throw error;
  } finally {
    for (const [event, listener] of Object.entries(listeners)) sink.off(event, listener);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(`the stream failed: ${String(error)}`, { cause: error });
}
