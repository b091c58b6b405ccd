// Whether it pays to wait awake. To wake a thread that sleeps on a free processor takes some 50 µs, of its time and of that of
// the thread that wakes it; so one that waits for another looks out for longer than that. Otherwise two that answer each other at
// once, of which one has fallen asleep, would find each other asleep for ever.
//
// Where there are more threads than processors, the one we wait for may well wait for ours: then it is in vain each time; and who
// has used up its time gets a processor late. So after some waits in vain we fall asleep at once, most of the time, until a try
// has found something.

const tolerated = 4;
const several = 4;
const dueEach = 16;

export class Patience {
  /** How long to wait awake. */
  readonly ms: number;
  readonly #mostSkipped: number;
  #vain = 0;
  #skip = 0;

  /** Each wait awake takes `ms`, if it is in vain; in the end one follows each `mostSkipped` that are not awake. */
  constructor(ms: number, mostSkipped: number) {
    this.ms = ms;
    this.#mostSkipped = mostSkipped;
  }

  /** Whether to wait awake this time. */
  tries(): boolean {
    if (this.#skip === 0) return true;
    this.#skip--;
    return false;
  }

  /** It has paid. */
  rewarded(): void {
    this.#vain = 0;
  }

  disappointed(): void {
    this.#vain = Math.min(this.#vain + 1, 30);
    if (this.#vain >= tolerated) this.#skip = Math.min(2 ** (this.#vain - tolerated), this.#mostSkipped);
  }
}

/**
 * Whether what comes, comes one at a time, with a sleep in between. Then it is better to sleep at once after having woken another
 * thread: Linux likes to put that on the processor of the one that has woken it, where it waits until that one sleeps. But now
 * and then a try is due, or two that could answer each other at once would never find out.
 */
export class Pace {
  #found = 0;
  #slow = 0;

  /** There was something. */
  found(): void {
    this.#found++;
  }

  /** This thread falls asleep. */
  rest(): void {
    this.#slow = this.#found < several ? this.#slow + 1 : 0;
    this.#found = 0;
  }

  isSlow(): boolean {
    return this.#slow >= tolerated && this.#slow % dueEach !== 0;
  }
}
