// gort/time: sleeping, timers, tickers, durations. Go: package time.

export { formatDuration, parseDuration, roundDuration, truncateDuration } from "./duration.js";
export { sleep } from "./sleep.js";
export { tick, Ticker } from "./ticker.js";
export { after, afterFunc, Timer } from "./timer.js";
export { hour, microsecond, millisecond, minute, nanosecond, second } from "./units.js";
