// A first-in first-out queue of linked nodes, from which a node may leave from anywhere in O(1).
//
// Invariants: the nodes in a queue form one circle; `head` is the oldest of them, `head.prev` the newest. A node that is in no
// queue is a circle of its own. The circle (rather than a head and a tail) leaves one reference to write on the way in and
// out of an empty queue, which is where a channel spends its life.

/** What can stand in a {@link Queue}: in one at a time. */
export interface Linked<N> {
  next: N;
  prev: N;
}

export class Queue<N extends Linked<N>> {
  head: N | undefined = undefined;

  push(node: N): void {
    const head = this.head;
    if (head === undefined) {
      this.head = node;
      return;
    }
    const last = head.prev;
    last.next = node;
    node.prev = last;
    node.next = head;
    head.prev = node;
  }

  shift(): N | undefined {
    const head = this.head;
    if (head !== undefined) this.remove(head);
    return head;
  }

  remove(node: N): void {
    const next = node.next;
    if (next === node) {
      this.head = undefined;
      return;
    }
    const prev = node.prev;
    prev.next = next;
    next.prev = prev;
    node.next = node.prev = node;
    if (this.head === node) this.head = next;
  }
}
