// Types inferred through stages and chains. What is checked here is that it compiles.

import { test } from "node:test";
import type { Chan, Context, RecvChan } from "gort";
import * as patterns from "gort/patterns";
import { type Equal, holds as is } from "../support/types.js";

interface Page {
  url: string;
  ok: boolean;
}
declare const ctx: Context;
declare const fetchPage: (ctx: Context, url: string) => Promise<Page>;

/** Never called. */
export function compiled(): void {
  const urls = ["a", "b"];
  const chain = patterns.pipeline(ctx, urls).map((url, inner) => fetchPage(inner, url), { workers: 8 });
  is<Equal<typeof chain, patterns.Pipeline<Page>>>();
  const batches = chain.filter((page) => page.ok).batch({ size: 50 });
  is<Equal<typeof batches, patterns.Pipeline<Page[]>>>();
  const saved = batches.forEach(async (pages, inner) => {
    is<Equal<typeof pages, Page[]>>();
    is<Equal<typeof inner, Context>>();
  });
  is<Equal<typeof saved, Promise<void>>>();
  const narrowed = patterns
    .pipeline(ctx, [1, undefined, 2])
    .filter((x) => x !== undefined)
    .collect();
  is<Equal<typeof narrowed, Promise<number[]>>>();
  const own = chain
    .through((inner, input) => patterns.tee(inner, input)[0])
    .map((page) => page.url.length)
    .collect();
  is<Equal<typeof own, Promise<number[]>>>();

  const fromArray = patterns.from(ctx, urls);
  is<Equal<typeof fromArray, RecvChan<string>>>();
  const fromGenerator = patterns.from(
    ctx,
    (async function* () {
      yield 1;
    })(),
  );
  is<Equal<typeof fromGenerator, RecvChan<number>>>();
  const fromStream = patterns.from(ctx, {} as ReadableStream<Uint8Array>);
  is<Equal<typeof fromStream, RecvChan<Uint8Array>>>();
  const fromChan = patterns.from(ctx, {} as Chan<boolean>);
  is<Equal<typeof fromChan, RecvChan<boolean>>>();
  const generated = patterns.generate(ctx, async (i) => (i < 5 ? i : undefined));
  is<Equal<typeof generated, RecvChan<number>>>();

  const lengths = patterns.map(ctx, fromArray, (s) => s.length);
  is<Equal<typeof lengths, RecvChan<number>>>();
  const strings = patterns.filter(ctx, {} as RecvChan<string | number>, (x) => typeof x === "string");
  is<Equal<typeof strings, RecvChan<string>>>();
  const long = patterns.filter(ctx, fromArray, async (s) => s.length > 3);
  is<Equal<typeof long, RecvChan<string>>>();
  const [a, b] = patterns.tee(ctx, lengths);
  is<Equal<typeof a, RecvChan<number>>>();
  is<Equal<typeof b, RecvChan<number>>>();
  const merged = patterns.fanIn(ctx, fromArray, fromArray);
  is<Equal<typeof merged, RecvChan<string>>>();
  const flat = patterns.bridge(ctx, {} as RecvChan<RecvChan<Page>>);
  is<Equal<typeof flat, RecvChan<Page>>>();
  const [beat, result] = patterns.heartbeat(ctx, 10, async () => "done");
  is<Equal<typeof beat, RecvChan<void>>>();
  is<Equal<typeof result, RecvChan<string>>>();
  const q = patterns.queue<Page>({ capacity: 1, onFull: "dropOldest" });
  is<Equal<typeof q, Chan<Page>>>();
  const all = patterns.mapAll(ctx, new Set(urls), (url) => url.length, { limit: 3 });
  is<Equal<typeof all, Promise<number[]>>>();
  const retried = patterns.retry(ctx, (inner) => fetchPage(inner, "a"));
  is<Equal<typeof retried, Promise<Page>>>();
  const guarded = new patterns.CircuitBreaker().run(ctx, () => 1);
  is<Equal<typeof guarded, Promise<number>>>();

  const pool = new patterns.WorkerPool((inner: Context, url: string) => fetchPage(inner, url), { max: 4 });
  is<Equal<typeof pool, patterns.WorkerPool<string, Page>>>();
  const page = pool.submit(ctx, "a");
  is<Equal<typeof page, Promise<Page>>>();
  const perhaps = pool.trySubmit(ctx, "a");
  is<Equal<typeof perhaps, Promise<Page> | undefined>>();
  void pool.results.recv().then((outcome) => {
    if (outcome?.ok === true) is<Equal<typeof outcome.value, Page>>();
    else is<Equal<typeof outcome, undefined | Extract<patterns.JobOutcome<string, Page>, { ok: false }>>>();
  });

  // @ts-expect-error -- the second argument of parseInt is no context
  patterns.map(ctx, fromArray, Number.parseInt);
  // @ts-expect-error -- a stage takes a channel; from() makes one
  patterns.map(ctx, urls, (s) => s);
  // @ts-expect-error -- events do not wait
  patterns.fromEvents(ctx, new EventTarget(), "x", { onFull: "block" });
  // @ts-expect-error -- errors are the pipeline's
  chain.map((x) => x, { onError: () => {} });
  // @ts-expect-error -- what a stage gives can only be received from
  void lengths.send(1);
  // @ts-expect-error -- a job of another type
  void pool.submit(ctx, 5);
}

test("P2 types are inferred through stages and chains", () => {});
