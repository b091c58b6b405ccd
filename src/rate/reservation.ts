// Reservation: a promise of a limiter that an event may happen at a certain time.

import type { Share } from "./bucket.js";

/** A time of the wall clock: a date, or milliseconds since 1970. */
export type Time = Date | number;

/** The limiter's side of a reservation. */
export interface Lender {
  /** The time now, in the limiter's terms. */
  now(): number;
  /** A time of the wall clock in the limiter's terms. */
  time(at: Time): number;
  giveBack(share: Share, at: number): void;
}

/** Tokens that have been taken for an event at a certain time. Go: `rate.Reservation`. */
export class Reservation {
  /** Whether the event may happen at all; if not, nothing has been taken. Go: `r.OK()`. */
  readonly ok: boolean;
  readonly #lender: Lender;
  readonly #share: Share | undefined;

  /** @internal */
  constructor(lender: Lender, share: Share | undefined) {
    this.ok = share !== undefined;
    this.#lender = lender;
    this.#share = share;
  }

  /** How many milliseconds to wait before the event; `Infinity` if it may not happen. Go: `r.Delay()`. */
  delay(): number {
    return this.#delay(this.#lender.now());
  }

  /** {@link delay}, as from `at`. Go: `r.DelayFrom`. */
  delayFrom(at: Time): number {
    return this.#delay(this.#lender.time(at));
  }

  #delay(at: number): number {
    return this.#share === undefined ? Infinity : Math.max(this.#share.actsAt - at, 0);
  }

  /**
   * The event will not happen: gives the tokens back, as far as nobody who came later relies on their place, and unless
   * it is too late. What has been given back is not given back again. Go: `r.Cancel()`.
   */
  cancel(): void {
    this.#cancel(this.#lender.now());
  }

  /** {@link cancel}, as from `at`. Go: `r.CancelAt`. */
  cancelAt(at: Time): void {
    this.#cancel(this.#lender.time(at));
  }

  #cancel(at: number): void {
    if (this.#share !== undefined) this.#lender.giveBack(this.#share, at);
  }
}
