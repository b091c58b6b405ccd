// A growing first-in first-out ring.
//
// Invariants: the length of `slots` is a power of two; the values are at `first`, first + 1, … modulo that length; every
// other slot is undefined, so that nothing taken out is kept alive.

export class Ring<T> {
  length = 0;
  private slots: (T | undefined)[] = [undefined, undefined, undefined, undefined];
  private first = 0;

  push(value: T): void {
    if (this.length === this.slots.length) this.grow();
    this.slots[(this.first + this.length) & (this.slots.length - 1)] = value;
    this.length++;
  }

  /** The oldest value. Only of a ring that is not empty. */
  shift(): T {
    const value = this.slots[this.first] as T;
    this.slots[this.first] = undefined;
    this.first = (this.first + 1) & (this.slots.length - 1);
    this.length--;
    return value;
  }

  /** The `n` oldest values. Only of a ring that has as many. */
  take(n: number): T[] {
    const { slots, first } = this;
    const end = first + n;
    const values = slots.slice(first, end) as T[];
    slots.fill(undefined, first, end);
    const rest = end - slots.length;
    for (let i = 0; i < rest; i++) {
      values.push(slots[i] as T);
      slots[i] = undefined;
    }
    this.first = end & (slots.length - 1);
    this.length -= n;
    return values;
  }

  private grow(): void {
    const { slots, first } = this;
    const count = slots.length;
    const wider = new Array<T | undefined>(count * 2).fill(undefined);
    for (let i = 0; i < count; i++) wider[i] = slots[(first + i) & (count - 1)];
    this.slots = wider;
    this.first = 0;
  }
}
