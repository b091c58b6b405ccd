// PLACEHOLDER until the real one is merged.
export class Codec {
  tag = 0; aux = 0; num = 0;
  table: unknown[] = [];
  constructor(_heap: unknown, _handles: unknown) {}
  encode(v: unknown, _what: string): void {
    if (v === undefined) { this.tag = 0; return; }
    this.tag = typeof v === "number" ? 1 : 2; this.aux = 0;
    this.num = typeof v === "number" ? v : this.table.push(v) - 1;
  }
  decode(tag: number, _aux: number, num: number): unknown { return tag === 0 ? undefined : tag === 1 ? num : this.table[num]; }
  discard(_tag: number, _aux: number, _num: number): void {}
}
