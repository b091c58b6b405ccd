// Bucket: the arithmetic of a limiter. It knows no clock.
//
// Invariants: `tokens` is what the bucket holds at `last`; it may be negative, as far as tokens have been reserved
// ahead of time. `lastEvent` is when the latest reservation may act. Asking changes nothing unless the answer is yes.
// No field is ever NaN.

/** The limit that allows everything, whatever the burst. Go: `rate.Inf`. */
export const inf: number = Infinity;

/** A shorter wait is none: it is what fractions of a token come to by rounding. */
const shortest = 1e-6;

/** Tokens that have been taken for an event. */
export interface Share {
  /** How many; 0 if they cost nothing, or have been given back. */
  n: number;
  /** When the event may happen. */
  readonly actsAt: number;
  /** The limit when they were taken. */
  readonly limit: number;
}

export class Bucket {
  limit: number;
  burst: number;
  private tokens: number;
  private last = 0;
  private lastEvent = 0;

  /** Full, at time 0. All times are finite numbers of milliseconds. */
  constructor(limit: number, burst: number) {
    this.limit = limit;
    this.burst = burst;
    this.tokens = burst;
  }

  tokensAt(at: number): number {
    const elapsed = Math.max(at - this.last, 0); // time that goes back brings no tokens and takes none
    return Math.min(this.tokens + tokensIn(elapsed, this.limit), this.burst);
  }

  /** The bucket is as it is at `at`, from here on. */
  moveTo(at: number): void {
    this.tokens = this.tokensAt(at);
    this.last = at;
  }

  /**
   * Takes `n` tokens at `at`, from the future if need be; gives how long until they are there. `undefined`: nothing was
   * taken.
   */
  take(at: number, n: number, longest: number): number | undefined {
    if (this.limit === inf) return 0;
    const tokens = this.tokensAt(at) - n;
    const wait = tokens < 0 ? timeFor(-tokens, this.limit) : 0;
    if (n > this.burst || wait > longest) return undefined;
    this.last = at;
    this.tokens = tokens;
    this.lastEvent = at + wait;
    return wait;
  }

  /** Gives back what a share took, less what has been taken after it: that counts on its place. */
  giveBack(share: Share, at: number): void {
    const { n, actsAt, limit } = share;
    if (n === 0 || this.limit === inf || actsAt < at) return;
    const after = this.lastEvent === actsAt ? 0 : tokensIn(this.lastEvent - actsAt, limit);
    if (n <= after) return;
    this.moveTo(at);
    this.tokens += n - after; // what the burst does not hold is spilled by tokensAt
    share.n = 0;
    if (actsAt !== this.lastEvent) return;
    const before = actsAt - timeFor(n, limit);
    if (before >= at) this.lastEvent = before;
  }
}

/** How long so many tokens take to come. */
function timeFor(tokens: number, limit: number): number {
  if (limit === 0) return Infinity;
  const ms = (tokens / limit) * 1000;
  return ms < shortest ? 0 : ms;
}

/** How many tokens come in that time. */
function tokensIn(ms: number, limit: number): number {
  return ms === 0 || limit === 0 ? 0 : (ms / 1000) * limit;
}
