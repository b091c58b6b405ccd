// Whether it pays to wait awake. To wake a thread that sleeps on a free processor takes some 50 µs, of its time and of that of
// the thread that wakes it; so one that waits for another looks out for longer than that. Otherwise two that answer each other at
// once, of which one has fallen asleep, would find each other asleep for ever.
//
// Where there are more threads than processors, the one we wait for may well wait for ours: then it is in vain each time; and who
// has used up its time gets a processor late. But there, to be woken takes little. So after some waits in vain we fall asleep
// at once, most of the time, until a try has found something; and nearly always, if we are then woken soon.

const tolerated = 4;
const mostSkipped = 16;
const mostSkippedIfCheap = 1024;
const several = 4;
const enough = 16;
const shortMs = 0.03;

export class Patience {
  /** How long to wait awake. */
  readonly ms: number;
  #vain = 0;
  #skip = 0;
  #short = 0; // how many sleeps have been short of late

  constructor(ms: number) {
    this.ms = ms;
  }

  /** Whether to wait awake this time. */
  tries(): boolean {
    if (this.#short < enough) this.#skip = Math.min(this.#skip, mostSkipped);
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
    if (this.#vain >= tolerated) {
      this.#skip = Math.min(2 ** (this.#vain - tolerated), this.#short >= enough ? mostSkippedIfCheap : mostSkipped);
    }
  }

  /** This thread has slept for so long, until it was woken. */
  slept(ms: number): void {
    this.#short = ms < shortMs ? Math.min(this.#short + 1, 2 * enough) : Math.max(this.#short - 4, 0);
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
    return this.#slow >= tolerated && this.#slow % mostSkipped !== 0;
  }
}
