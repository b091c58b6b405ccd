// Durations: numbers of milliseconds. Fractions count.

/** One millisecond: the unit of every duration. Go: `time.Millisecond`. */
export const millisecond = 1;
/** Go: `time.Nanosecond`. */
export const nanosecond: number = 1e-6;
/** Go: `time.Microsecond`. */
export const microsecond: number = 1e-3;
/** Go: `time.Second`. */
export const second: number = 1e3;
/** Go: `time.Minute`. */
export const minute: number = 60e3;
/** Go: `time.Hour`. */
export const hour: number = 3600e3;
