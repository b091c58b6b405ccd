// gort/rate: limits on how often something happens. Go: golang.org/x/time/rate.

export { inf } from "./bucket.js";
export { every, Limiter } from "./limiter.js";
export { Reservation, type Time } from "./reservation.js";
export { Sometimes, type SometimesOptions } from "./sometimes.js";
