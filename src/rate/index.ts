// gort/rate: limits on how often something happens. Go: golang.org/x/time/rate.

export { every, inf, Limiter, Reservation, type Time } from "./limiter.js";
export { Sometimes, type SometimesOptions } from "./sometimes.js";
