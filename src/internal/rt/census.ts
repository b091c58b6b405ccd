// How many goroutines there are and have been.

let born = 1; // the goroutine that the program began with is one
let gone = 0;

export function starts(): void {
  born++;
}

export function ends(): void {
  gone++;
}

/** How many goroutines there are, with the one that the program began with. */
export function count(): number {
  return born - gone;
}

/** How many goroutines there have been. */
export function total(): number {
  return born;
}
