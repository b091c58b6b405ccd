// A four-way heap of items that know their place, so that any of them can leave in O(log n).
//
// Invariants: an item's `place` is its index here, or -1 when it is in no heap; no item is `before` its parent.

/** What can stand in a {@link Heap}: in one at a time. */
export interface Placed<T> {
  place: number;
  before(other: T): boolean;
}

export class Heap<T extends Placed<T>> {
  private readonly items: T[] = [];

  get first(): T | undefined {
    return this.items[0];
  }

  get length(): number {
    return this.items.length;
  }

  add(item: T): void {
    this.items.push(item);
    this.rise(item, this.items.length - 1);
  }

  /** Takes the item out. Only of one that is in this heap. */
  remove(item: T): void {
    const { items } = this;
    const place = item.place;
    item.place = -1;
    const last = items.pop() as T;
    if (last === item) return;
    this.rise(last, place);
    this.sink(last, last.place);
  }

  private rise(item: T, place: number): void {
    const { items } = this;
    while (place > 0) {
      const above = (place - 1) >> 2;
      const parent = items[above] as T;
      if (!item.before(parent)) break;
      items[place] = parent;
      parent.place = place;
      place = above;
    }
    items[place] = item;
    item.place = place;
  }

  private sink(item: T, place: number): void {
    const { items } = this;
    for (;;) {
      let below = place * 4 + 1;
      if (below >= items.length) break;
      const end = Math.min(below + 4, items.length);
      let child = items[below] as T;
      for (let i = below + 1; i < end; i++) {
        const other = items[i] as T;
        if (other.before(child)) {
          child = other;
          below = i;
        }
      }
      if (!child.before(item)) break;
      items[place] = child;
      child.place = place;
      place = below;
    }
    items[place] = item;
    item.place = place;
  }
}
