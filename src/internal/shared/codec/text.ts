// Text in memory: a byte a character where that suffices, else two, so that every string comes back as it was.
//
// Measured on Node 20 and 26, in ns. Writing 6 / 20 / 30 characters: a loop over charCodeAt 12 / 32 / 50, the host's latin1Write
// 47 (Node 20) or 23 whatever the length, and 16 more to ask whether the text is latin1. Reading 20 / 30: String.fromCharCode
// with that many arguments 27 / 40 to 50, the host's latin1Slice 50 (Node 20) or 75, fromCharCode.apply 70 / 100, joined pieces
// 85 / 110. TextDecoder does not take shared memory everywhere, has no latin1 and mends lone surrogates: it is for long text
// where the host has nothing better.

/** What Node's Buffer can do with any bytes. */
interface Native {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
  ucs2Slice(this: Uint8Array, start: number, end: number): string;
  latin1Write(this: Uint8Array, text: string, at: number, bytes: number): number;
  ucs2Write(this: Uint8Array, text: string, at: number, bytes: number): number;
}

const native = findNative();
const chars = String.fromCharCode;

/** Text up to this length is written by a loop. */
const looped = native === undefined ? Infinity : 24;

// The first question costs the same for text of any length: V8 knows that text with a byte a character has no other.
// oxlint-disable-next-line eslint/no-control-regex -- that is what latin1 is
const beyond = /[^\x00-\xff]/;

/** How many words the text takes. */
export function wordsOf(characters: number, bytesEach: 1 | 2): number {
  return (characters * bytesEach + 3) >>> 2;
}

/** Writes text with a byte a character at word `at`. False if it has a character that does not fit; what was written is void. */
export function writeLatin1(words: Int32Array, bytes: Uint8Array, at: number, text: string): boolean {
  const n = text.length;
  if (n > looped) {
    if (beyond.test(text)) return false;
    native?.latin1Write.call(bytes, text, at * 4, n);
    return true;
  }
  let all = 0;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    all |= a | b | c | d;
    words[at++] = a | (b << 8) | (c << 16) | (d << 24);
  }
  if (i < n) {
    let word = 0;
    for (let shift = 0; i < n; i++, shift += 8) {
      const c = text.charCodeAt(i);
      all |= c;
      word |= c << shift;
    }
    words[at] = word;
  }
  return all < 0x100;
}

/** Writes text with two bytes a character at word `at`. */
export function writeWide(words: Int32Array, bytes: Uint8Array, at: number, text: string): void {
  const n = text.length;
  if (n > looped) {
    native?.ucs2Write.call(bytes, text, at * 4, n * 2);
    return;
  }
  let i = 0;
  for (; i + 2 <= n; i += 2) words[at++] = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
  if (i < n) words[at] = text.charCodeAt(i);
}

/** Reads what {@link writeLatin1} wrote. */
export function readLatin1(words: Int32Array, bytes: Uint8Array, at: number, n: number): string {
  if (n <= 32) return n === 0 ? "" : readShort(words, at, n);
  if (native !== undefined) return native.latin1Slice.call(bytes, at * 4, at * 4 + n);
  return decode(Uint16Array.from(bytes.subarray(at * 4, at * 4 + n)));
}

/** Reads what {@link writeWide} wrote. */
export function readWide(bytes: Uint8Array, at: number, n: number): string {
  if (native !== undefined) return native.ucs2Slice.call(bytes, at * 4, at * 4 + n * 2);
  return decode(new Uint16Array(bytes.slice(at * 4, at * 4 + n * 2).buffer));
}

/** Up to 32 characters, by as many arguments as whole words have; what is too many is cut off, which copies nothing. */
function readShort(words: Int32Array, at: number, n: number): string {
  const text = readWords(words, at, (n + 3) >> 2);
  return (n & 3) === 0 ? text : text.slice(0, n);
}

// oxfmt-ignore
function readWords(words: Int32Array, at: number, count: number): string {
  const a = words[at] as number;
  if (count === 1) return chars(a & 255, (a >> 8) & 255, (a >> 16) & 255, a >>> 24);
  const b = words[at + 1] as number;
  if (count === 2) {
    return chars(a & 255, (a >> 8) & 255, (a >> 16) & 255, a >>> 24, b & 255, (b >> 8) & 255, (b >> 16) & 255, b >>> 24);
  }
  const c = words[at + 2] as number;
  if (count === 3) {
    return chars(a & 255, (a >> 8) & 255, (a >> 16) & 255, a >>> 24, b & 255, (b >> 8) & 255, (b >> 16) & 255, b >>> 24,
      c & 255, (c >> 8) & 255, (c >> 16) & 255, c >>> 24);
  }
  const d = words[at + 3] as number;
  if (count === 4) {
    return chars(a & 255, (a >> 8) & 255, (a >> 16) & 255, a >>> 24, b & 255, (b >> 8) & 255, (b >> 16) & 255, b >>> 24,
      c & 255, (c >> 8) & 255, (c >> 16) & 255, c >>> 24, d & 255, (d >> 8) & 255, (d >> 16) & 255, d >>> 24);
  }
  const e = words[at + 4] as number;
  if (count === 5) {
    return chars(a & 255, (a >> 8) & 255, (a >> 16) & 255, a >>> 24, b & 255, (b >> 8) & 255, (b >> 16) & 255, b >>> 24,
      c & 255, (c >> 8) & 255, (c >> 16) & 255, c >>> 24, d & 255, (d >> 8) & 255, (d >> 16) & 255, d >>> 24,
      e & 255, (e >> 8) & 255, (e >> 16) & 255, e >>> 24);
  }
  const f = words[at + 5] as number;
  if (count === 6) {
    return chars(a & 255, (a >> 8) & 255, (a >> 16) & 255, a >>> 24, b & 255, (b >> 8) & 255, (b >> 16) & 255, b >>> 24,
      c & 255, (c >> 8) & 255, (c >> 16) & 255, c >>> 24, d & 255, (d >> 8) & 255, (d >> 16) & 255, d >>> 24,
      e & 255, (e >> 8) & 255, (e >> 16) & 255, e >>> 24, f & 255, (f >> 8) & 255, (f >> 16) & 255, f >>> 24);
  }
  const g = words[at + 6] as number;
  if (count === 7) {
    return chars(a & 255, (a >> 8) & 255, (a >> 16) & 255, a >>> 24, b & 255, (b >> 8) & 255, (b >> 16) & 255, b >>> 24,
      c & 255, (c >> 8) & 255, (c >> 16) & 255, c >>> 24, d & 255, (d >> 8) & 255, (d >> 16) & 255, d >>> 24,
      e & 255, (e >> 8) & 255, (e >> 16) & 255, e >>> 24, f & 255, (f >> 8) & 255, (f >> 16) & 255, f >>> 24,
      g & 255, (g >> 8) & 255, (g >> 16) & 255, g >>> 24);
  }
  const h = words[at + 7] as number;
  return chars(a & 255, (a >> 8) & 255, (a >> 16) & 255, a >>> 24, b & 255, (b >> 8) & 255, (b >> 16) & 255, b >>> 24,
    c & 255, (c >> 8) & 255, (c >> 16) & 255, c >>> 24, d & 255, (d >> 8) & 255, (d >> 16) & 255, d >>> 24,
    e & 255, (e >> 8) & 255, (e >> 16) & 255, e >>> 24, f & 255, (f >> 8) & 255, (f >> 16) & 255, f >>> 24,
    g & 255, (g >> 8) & 255, (g >> 16) & 255, g >>> 24, h & 255, (h >> 8) & 255, (h >> 16) & 255, h >>> 24);
}

let decoder: TextDecoder | undefined;

/** Code units, not shared, as text. */
function decode(units: Uint16Array<ArrayBuffer>): string {
  decoder ??= new TextDecoder("utf-16le", { ignoreBOM: true });
  const text = decoder.decode(units);
  if (!text.includes("\u{fffd}")) return text;
  let exact = ""; // a lone surrogate, perhaps, which the decoder has replaced
  for (let i = 0; i < units.length; i += 4096) exact += chars.apply(null, units.subarray(i, i + 4096) as never);
  return exact;
}

/** The host's own functions, if it has them and they do on shared memory what is expected. */
function findNative(): Native | undefined {
  const { Buffer } = globalThis as { Buffer?: { readonly prototype: Native } };
  if (Buffer === undefined || typeof SharedArrayBuffer === "undefined") return undefined;
  try {
    const found = Buffer.prototype;
    const bytes = new Uint8Array(new SharedArrayBuffer(16));
    found.latin1Write.call(bytes, "\u0080\u00ff", 1, 2);
    found.ucs2Write.call(bytes, "\ud83d\u0080", 4, 4);
    const latin1 = found.latin1Slice.call(bytes, 1, 3);
    return latin1 === "\u0080\u00ff" && found.ucs2Slice.call(bytes, 4, 8) === "\ud83d\u0080" ? found : undefined;
  } catch {
    return undefined;
  }
}
