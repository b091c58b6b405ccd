// An HTTP client for 1,000 URLs that is limited twice: twenty requests at once, and 1,000 a second.
//
// The group's limit bounds how many requests are open; the token bucket, how often a new one begins. A page that is
// missing is a result like any other; an error that means that nothing works would end the rest, since every request
// has the group's context. The server is a local one, which notes how it was treated.
//
// SPEC: program 22, rows P5, P6, P7, X3.
// Run: gort run examples/crawler.ts

import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Context, main } from "gort";
import * as errgroup from "gort/errgroup";
import * as rate from "gort/rate";
import * as time from "gort/time";

const pages = 1000;
const atOnce = 20;
const perSecond = 1000;
const burst = 50;

class Site {
  open = 0;
  most = 0;
  served = 0;
  readonly #server: Server = createServer((request, response) => {
    this.most = Math.max(this.most, ++this.open);
    this.served++;
    setTimeout(() => {
      this.open--;
      response.statusCode = request.url?.endsWith("00") ? 404 : 200;
      response.end(`this is ${request.url}`);
    }, 5);
  });

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
}

/** The status of every page, by the page's place. */
async function fetchAll(parent: Context, urls: readonly string[]): Promise<number[]> {
  const [g, ctx] = errgroup.withContext(parent);
  g.setLimit(atOnce);
  const limiter = new rate.Limiter(perSecond, burst);
  const status: number[] = [];
  for (const [i, url] of urls.entries()) {
    if (ctx.err() !== undefined) break;
    await g.go(async () => {
      await limiter.wait(ctx);
      const response = await fetch(url, { signal: ctx.signal });
      await response.arrayBuffer();
      status[i] = response.status;
    });
  }
  await g.wait();
  return status;
}

main(async (ctx) => {
  const site = new Site();
  const base = await site.start();

  const began = performance.now();
  const urls = Array.from({ length: pages }, (_, i) => `${base}/page/${i + 1}`);
  const status = await fetchAll(ctx, urls);
  const seconds = (performance.now() - began) / time.second;

  const count = (code: number) => status.filter((s) => s === code).length;
  console.log(`${pages} URLs: ${count(200)} found, ${count(404)} missing`);
  console.log(`the server saw ${site.served} requests, never more than ${atOnce} at once: ${site.most <= atOnce}`);
  console.log(
    `not more than ${perSecond} a second after a burst of ${burst}: ${pages <= burst + perSecond * seconds + 1}`,
  );

  const nobody = ["http://127.0.0.1:1/", ...urls];
  const error: unknown = await fetchAll(ctx, nobody).catch((e: unknown) => e);
  console.log(
    `with a server that is not there: ${(error as Error).message}; the rest was left out: ${site.served < 2 * pages}`,
  );
});

// Output:
// 1000 URLs: 990 found, 10 missing
// the server saw 1000 requests, never more than 20 at once: true
// not more than 1000 a second after a burst of 50: true
// with a server that is not there: fetch failed; the rest was left out: true
