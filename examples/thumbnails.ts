// A folder of images is made into thumbnails, ten images at a time.
//
// `await g.go(…)` waits for a slot, so the loop never runs ahead of the work: of a million files, ten would be open and
// none would stand in line in memory. The first image that cannot be read ends the rest. (The images are PGM: a header,
// then a byte a pixel.)
//
// SPEC: program 24, rows P7, P2, P8.
// Run: gort run examples/thumbnails.ts

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Context, gosched, main } from "gort";
import * as errgroup from "gort/errgroup";

const limit = 10;

interface Image {
  width: number;
  height: number;
  pixels: Uint8Array;
}

function decode(file: Buffer): Image {
  const [header, width, height] = /^P5\s(\d+)\s(\d+)\s255\s/.exec(file.toString("latin1", 0, 40)) ?? [];
  if (header === undefined) throw new Error("not a PGM image");
  return { width: Number(width), height: Number(height), pixels: file.subarray(header.length) };
}

function encode({ width, height, pixels }: Image): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);
}

/** Half as wide and high: each pixel is the mean of four. Other goroutines run between the rows. */
async function halve({ width, height, pixels }: Image): Promise<Image> {
  const [w, h] = [width >> 1, height >> 1];
  const small = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x;
      const sum = [at, at + 1, at + width, at + width + 1].reduce((total, i) => total + (pixels[i] ?? 0), 0);
      small[y * w + x] = sum >> 2;
    }
    await gosched();
  }
  return { width: w, height: h, pixels: small };
}

async function thumbnails(parent: Context, from: string, to: string): Promise<string> {
  const [g, ctx] = errgroup.withContext(parent);
  g.setLimit(limit);
  let active = 0;
  let most = 0;
  let bytes = 0;
  const names = (await readdir(from)).sort();
  for (const name of names) {
    if (ctx.err() !== undefined) break; // one has failed: begin nothing more
    await g.go(async () => {
      most = Math.max(most, ++active);
      try {
        const image = decode(await readFile(join(from, name), { signal: ctx.signal }));
        const small = encode(await halve(image));
        await writeFile(join(to, name), small);
        bytes += small.length;
      } catch (error) {
        throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
      } finally {
        active--;
      }
    });
  }
  await g.wait();
  return `${names.length} thumbnails, ${bytes} bytes, never more than ${limit} at once: ${most <= limit}`;
}

main(async (ctx) => {
  const folder = await mkdtemp(join(tmpdir(), "thumbnails-"));
  try {
    const [from, to] = [join(folder, "images"), join(folder, "small")];
    await Promise.all([mkdir(from), mkdir(to)]);
    for (let n = 10; n < 60; n++) {
      const pixels = Uint8Array.from({ length: 64 * 48 }, (_, i) => (i * n) % 256);
      await writeFile(join(from, `image-${n}.pgm`), encode({ width: 64, height: 48, pixels }));
    }
    console.log(await thumbnails(ctx, from, to));
    const { width, height, pixels } = decode(await readFile(join(to, "image-10.pgm")));
    console.log(`image-10.pgm is ${width} x ${height} now, and begins with ${pixels.subarray(0, 4).join(", ")}`);

    await writeFile(join(from, "image-25.pgm"), "this is text");
    await thumbnails(ctx, from, to).catch((error: Error) => console.log(`stopped: ${error.message}`));
  } finally {
    await rm(folder, { recursive: true });
  }
});

// Output:
// 50 thumbnails, 39050 bytes, never more than 10 at once: true
// image-10.pgm is 32 x 24 now, and begins with 69, 89, 109, 129
// stopped: image-25.pgm: not a PGM image
