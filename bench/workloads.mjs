// The workloads: what is measured, how much of it at once, and what the answer must be; in groups, each with those that can do it.
//
// A contender exports a function a workload: it does `n` operations and gives a number that shows that it has done them. The base
// `n` is multiplied until one repetition takes long enough to be timed; where `grow` is false it is the size of the workload itself.
// `go` is the highest ratio gort/Go that we accept, `ns` the highest cost, `least` how many times as fast as a peer we want to be at
// least, and `best` the same for the best of them: where we have set one. The peers named by `aside` are shown, but are none to be
// compared with.
//
// `procs` is the number of processors ($GOMAXPROCS), and `wall` says that the clock counts, as the main thread is not the only one that
// works. A workload with a `speedUp` is measured on one processor, too, and must be so many times as fast on all. `busy` processes keep
// the processors busy meanwhile. Without a `twin`, Go has no such thing.

const sum = (n) => (n * (n - 1)) / 2;
const all = (n) => n;

const core = {
  "ping-pong": { n: 1_000, check: sum, go: 1.0, what: "a round trip of two goroutines on two unbuffered channels" },
  stream: { n: 1_000, check: sum, go: 1.1, what: "a value through an unbuffered channel" },
  "buffered-recv": { n: 1_000, check: sum, go: 3.0, what: "a value through a channel of 100, by send and recv" },
  "buffered-range": { n: 1_000, check: sum, what: "the same, by send and for await, until it is closed" },
  "buffered-many": { n: 1_000, check: sum, go: 1.0, what: "the same, by trySend (send when full) and recvMany" },
  "buffered-many-send": { n: 1_000, check: sum, what: "the same, by send and recvMany" },
  ring: { n: 10_000, check: all, go: 1.1, what: "one hop of a token in a ring of 1,000 goroutines" },
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

const std = {
  context: {
    n: 1_000,
    check: sum,
    go: 1.5,
    least: { platform: 5 },
    what: "a context made of the background and cancelled; nobody asks for its signal",
  },
  "with-cancel": { n: 1_000, check: sum, go: 1.5, what: "the same, a child of a context that can be cancelled" },
  "with-timeout": { n: 1_000, check: sum, go: 1.5, what: "the same, with a timeout that does not come" },
  "cancel-tree": {
    n: 10_000,
    grow: false,
    check: all,
    go: 2.0,
    what: "one of 10,000 contexts that end with their root: 100 below it, 99 below each; made while the clock stands",
  },
  mutex: {
    n: 1_000,
    check: sum,
    least: { "async-sema": 1, "async-mutex": 10 },
    what: "lock and unlock of a mutex that nobody else wants",
  },
  "mutex-ten": {
    n: 1_000,
    check: all,
    go: 5.0,
    least: { "async-sema": 1, "async-mutex": 10 },
    what: "the same by ten goroutines at once, each of which yields while it holds it",
  },
  "rwmutex-read": {
    n: 1_000,
    check: all,
    what: "the same with an RWMutex: of a hundred locks, 99 are to read",
  },
  semaphore: {
    n: 100_000,
    quick: 20_000,
    warm: 1_000,
    grow: false,
    check: sum,
    go: 2.0,
    ns: 500,
    least: { "p-limit": 5, "p-queue": 10 },
    aside: ["platform"],
    what: "one of 100,000 tasks, each started when there is room for it among ten",
  },
  "semaphore-all": {
    n: 100_000,
    quick: 20_000,
    warm: 1_000,
    grow: false,
    check: sum,
    ns: 500,
    least: { "p-limit": 5, "p-queue": 10 },
    what: "one of 100,000 tasks, all started at once, of which each waits for its turn among ten",
  },
  errgroup: { n: 1_000, check: sum, what: "a task of a group with a limit of ten" },
  pipeline: { n: 1_000, check: sum, what: "a value through three stages, each with a plain function" },
  "pipeline-async": { n: 1_000, check: sum, what: "the same, with functions that give a promise" },
  "pool-submit": {
    n: 1_000,
    check: sum,
    what: "a job for a pool of ten workers, 1,000 at a time; each result is awaited",
  },
  "pool-feed": { n: 1_000, check: sum, what: "the same, fed with all jobs; the results come on a channel" },
};

const pools = ["piscina", "tinypool", "workerpool", "poolifier", "comlink"];
const once = { n: 1, grow: false, check: () => 3, per: 1, unit: "ms" };

const parallel = {
  tasks: {
    n: 100_000,
    quick: 20_000,
    warm: 5_000,
    grow: false,
    check: sum,
    ns: 1_000,
    best: 15,
    aside: ["platform"],
    what: "one of 100,000 tasks add({ a, b }), all submitted at once, with a promise each",
  },
  "tasks-loop": {
    n: 1_000,
    check: sum,
    ns: 5_000,
    aside: ["platform"],
    what: "the same, of which there are never more than four",
  },
  "chan-int": {
    n: 1_000,
    check: sum,
    ns: 250,
    best: 3,
    what: "a number through a shared channel of 100, from a worker to the main thread",
  },
  "chan-object": { n: 1_000, check: sum, ns: 400, best: 3, what: "the same with an object { id, url }" },
  "chan-unbuffered": { n: 1_000, check: sum, ns: 600, what: "a number through an unbuffered one, by send and recv" },
  "chan-sync": {
    n: 1_000,
    check: sum,
    ns: 300,
    what: "the same between two workers, by sendSync and recvSync",
  },
  "ping-pong-threads": {
    n: 1_000,
    check: sum,
    ns: 1_300,
    what: "a round trip of the main thread and a worker, on two unbuffered channels",
  },
  "ping-pong-asleep": {
    n: 50,
    grow: false,
    check: sum,
    ns: 80_000,
    what: "the same after a millisecond in which nothing happens, which is not counted",
  },
  "cancel-crossing": {
    n: 50,
    grow: false,
    check: sum,
    ns: 1_000_000,
    what: "from a cancel to the answer of a task that waits for it, after a millisecond of rest, which is not counted",
  },
  primes: {
    n: 64,
    grow: false,
    check: () => 63_951,
    per: 1,
    unit: "ms",
    speedUp: 1.9,
    what: "how many primes there are below 800,000, in 64 tasks, on two processors; and how much faster than on one",
  },
  start: {
    ...once,
    twin: false,
    best: 0.77,
    what: "from the start of a process to the result of its first task",
  },
  "start-code": { ...once, twin: false, best: 0.77, what: "the same, from the first line of its program" },
  idle: {
    ...once,
    ns: 1e6,
    aside: ["platform"],
    what: "processor time in a second in which two processors have nothing to do",
  },
  "busy-chan-int": {
    n: 1_000,
    check: sum,
    busy: 4,
    best: 0.83,
    what: "chan-int, while four other processes want the processors",
  },
  "busy-ping-pong": { n: 100, check: sum, busy: 4, best: 0.83, what: "ping-pong-threads, likewise" },
};

export const groups = {
  core: {
    title: "goroutines, channels, select, time",
    peers: ["ts-chan", "thing-csp", "effect"],
    procs: 1,
    workloads: core,
  },
  std: {
    title: "context, sync, errgroup, semaphore, patterns",
    peers: [
      "platform",
      "generators",
      "p-limit",
      "p-queue",
      "async-mutex",
      "async-sema",
      "bottleneck",
      "rxjs",
      "effect",
    ],
    procs: 1,
    workloads: std,
  },
  parallel: {
    title: "tasks and channels between threads",
    peers: ["platform", ...pools],
    procs: 2,
    wall: true,
    workloads: parallel,
  },
};

/** All workloads by name; each knows its group. */
export const workloads = Object.fromEntries(
  Object.entries(groups).flatMap(([group, { workloads: own, procs, wall }]) =>
    Object.entries(own).map(([name, workload]) => [name, { group, procs, wall, ...workload }]),
  ),
);
