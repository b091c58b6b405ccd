// The Mandelbrot set: every row is a task, on all processors; the picture is the same on any number of them.
//
// Without --out it is printed as text, and with it, written as a PGM image. Rows come back in any order, and are put where
// they belong; 32 of them for each processor are out at a time, however high the picture is.
//
// SPEC: program 28, rows R3, R4, S1.
// Run: gort run examples/mandelbrot.ts [--width W] [--height H] [--out FILE.pgm]
//
// Exit codes: 0; 2 if an option is wrong, or a panic; 130 after Ctrl-C.

import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Context, main } from "gort";
import * as errgroup from "gort/errgroup";
import { gomaxprocs, task } from "gort/parallel";

const usage = "usage: gort run examples/mandelbrot.ts [--width W] [--height H] [--out FILE.pgm]";
const most = 255;
const shades = " .:-=+*#%@";

interface Picture {
  readonly width: number;
  readonly height: number;
}

/** One row: for each point, after how many steps it is seen to go away; `most` if it is not. */
export const row = task(import.meta, function row({ width, height }: Picture, y: number): Uint8Array {
  const ci = (2 * y) / (height - 1) - 1;
  return Uint8Array.from({ length: width }, (_, x) => steps((3 * x) / (width - 1) - 2.2, ci * 1.2));
});

function steps(cr: number, ci: number): number {
  let [r, i] = [0, 0];
  for (let n = 0; n < most; n++) {
    const [rr, ii] = [r * r, i * i];
    if (rr + ii > 4) return n;
    i = 2 * r * i + ci;
    r = rr - ii + cr;
  }
  return most;
}

main(async (ctx) => {
  const job = parse(process.argv.slice(2));
  if (job === undefined) return;

  const pixels = await draw(ctx, job);
  if (job.out === undefined) process.stdout.write(text(job, pixels));
  else await writeFile(job.out, Buffer.concat([Buffer.from(`P5\n${job.width} ${job.height}\n${most}\n`), pixels]));
});

async function draw(ctx: Context, picture: Picture): Promise<Uint8Array> {
  const { width, height } = picture;
  const pixels = new Uint8Array(width * height);
  const [rows, until] = errgroup.withContext(ctx);
  rows.setLimit(32 * gomaxprocs());
  let done = 0;
  for (let y = 0; y < height && until.err() === undefined; y++) {
    await rows.go(async () => {
      pixels.set(await row.runWith(until, picture, y), y * width);
      progress(++done / height);
    });
  }
  await rows.wait();
  return pixels;
}

function text({ width, height }: Picture, pixels: Uint8Array): string {
  const line = (y: number) =>
    Array.from(pixels.subarray(y * width, (y + 1) * width), shade)
      .join("")
      .trimEnd();
  return `${Array.from({ length: height }, (_, y) => line(y)).join("\n")}\n`;
}

function shade(n: number): string {
  return shades[Math.min(Math.floor(Math.log2(n + 1) * 1.25), shades.length - 1)] ?? " ";
}

/** How far we are, on a terminal. */
function progress(part: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(part === 1 ? "\r\x1b[K" : `\r${"█".repeat(Math.floor(60 * part)).padEnd(60, "·")}`);
}

/** What the command line asks for; `undefined` if that cannot be done: then all has been said. */
function parse(args: string[]): (Picture & { out: string | undefined }) | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        width: { type: "string", default: "72" },
        height: { type: "string", default: "24" },
        out: { type: "string" },
      },
    });
    return { width: size("width", values.width), height: size("height", values.height), out: values.out };
  } catch (error) {
    console.error(`mandelbrot: ${(error as Error).message}\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

function size(name: string, value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) < 2) {
    throw new Error(`--${name} must be from 2 to 99999, got "${value}"`);
  }
  return Number(value);
}

// $ gort run examples/mandelbrot.ts --width 60 --height 20
// Output:
// .....................::::::::::::::::::::::::::.............
// .................::::::::::::::::::::---=---:::::::.........
// .............::::::::::::::::::::::-----===---:::::::::.....
// ...........::::::::::::::::::::::-----=*@@@+=----::::::::...
// .........::::::::::::::::::::----+--===@@@@+===---=-:::::::.
// .......::::::::::::::::--------=*@@@@@@@@@@@@@@++@#=--::::::
// ......:::::::::::------------=#@@@@@@@@@@@@@@@@@@@=---::::::
// .....:::::::::-----+#==+=+====#@@@@@@@@@@@@@@@@@@@@@=-::::::
// .....::::::-------=+@@@@@@@*+%@@@@@@@@@@@@@@@@@@@@@+--::::::
// ....:----------=+**@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@+---::::::
// ....:----------=+**@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@+---::::::
// .....::::::-------=+@@@@@@@*+%@@@@@@@@@@@@@@@@@@@@@+--::::::
// .....:::::::::-----+#==+=+====#@@@@@@@@@@@@@@@@@@@@@=-::::::
// ......:::::::::::------------=#@@@@@@@@@@@@@@@@@@@=---::::::
// .......::::::::::::::::--------=*@@@@@@@@@@@@@@++@#=--::::::
// .........::::::::::::::::::::----+--===@@@@+===---=-:::::::.
// ...........::::::::::::::::::::::-----=*@@@+=----::::::::...
// .............::::::::::::::::::::::-----===---:::::::::.....
// .................::::::::::::::::::::---=---:::::::.........
// .....................::::::::::::::::::::::::::.............

// $ gort run examples/mandelbrot.ts --width wide
// Stderr:
// mandelbrot: --width must be from 2 to 99999, got "wide"
// usage: gort run examples/mandelbrot.ts [--width W] [--height H] [--out FILE.pgm]
// Exit code: 2
