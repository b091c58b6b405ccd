// The workloads: what is measured, how much of it at once, and what the answer must be.
//
// A contender exports a function a workload: it does `n` operations and gives a number that shows that it has done them. The base
// `n` is multiplied until one repetition takes long enough to be timed; where `grow` is false it is the size of the workload itself.
// `go` is the highest ratio gort/Go that we accept, where we have set one.

const sum = (n) => (n * (n - 1)) / 2;

export const workloads = {
  "ping-pong": { n: 1_000, check: sum, go: 1.0, what: "a round trip of two goroutines on two unbuffered channels" },
  stream: { n: 1_000, check: sum, go: 1.1, what: "a value through an unbuffered channel" },
  "buffered-recv": { n: 1_000, check: sum, go: 3.0, what: "a value through a channel of 100, by send and recv" },
  "buffered-range": { n: 1_000, check: sum, what: "the same, by send and for await, until it is closed" },
  "buffered-many": { n: 1_000, check: sum, go: 1.0, what: "the same, by trySend (send when full) and recvMany" },
  "buffered-many-send": { n: 1_000, check: sum, what: "the same, by send and recvMany" },
  ring: { n: 10_000, check: (n) => n, go: 1.1, what: "one hop of a token in a ring of 1,000 goroutines" },
  sieve: {
    n: 1_000,
    grow: false,
    check: () => 7_919,
    per: 1,
    unit: "ms",
    go: 1.2,
    what: "the 1,000th prime, by a chain of 1,000 filters",
  },
  "select-2": {
    n: 1_000,
    check: sum,
    go: 1.0,
    what: "a value out of two unbuffered channels, each with a sender, by select",
  },
  "select-8": { n: 1_000, check: sum, what: "the same, out of eight" },
  "select-park": { n: 1_000, check: sum, what: "the same, out of two with one sender for both: each select waits" },
  "select-default": { n: 1_000, check: sum, what: "a select of two receives with a default: empty and not, in turn" },
  try: { n: 1_000, check: sum, what: "a tryRecv that finds nothing, a trySend, a tryRecv that finds it" },
  spawn: { n: 1_000, check: sum, go: 1.5, what: "a goroutine started and waited for, 1,000 at a time" },
  parked: {
    n: 1_000_000,
    quick: 50_000,
    rounds: 1,
    grow: false,
    warm: 20_000,
    check: sum,
    heap: 1_024,
    what: "one of a million goroutines that park (1,000 to a channel) and are woken with a value",
  },
  after: { n: 1_000, check: sum, what: "a value by a select that would give up after a second" },
};
