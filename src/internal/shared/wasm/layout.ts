// Where everything is in the shared memory: the words of the runtime, a record a thread, then the heap.
//
// All pointers are byte offsets; 0 is none. A thread is known by its number, 0 to 127; locks and owners hold number + 1.
// Both sides read this file: AssemblyScript, and TypeScript with the types of words.d.ts.

/// <reference path="./words.d.ts" />

/** What an operation answers. */
export const BLOCKED: i32 = 0;
export const OK: i32 = 1;
export const CLOSED: i32 = 2;
export const PARKED: i32 = 3;
export const MISUSE: i32 = 4;
export const DIED: i32 = 5; // who held the lock has died
export const THROWN: i32 = 7; // of a task: the value is an error
export const EXHAUSTED: i32 = 8; // no memory is left
export const STALE: i32 = 6; // within an operation: a waiter was in the way that has been decided elsewhere

// The runtime's words, those that are written often on cache lines of their own.
export const TOP: usize = 64; // the first byte that the heap has not given out
export const OBJECTS_LOCK: usize = 128;
export const OBJECTS: usize = 132; // all objects, linked
export const QUEUE_LOCK: usize = 192; // the global run queue
export const QUEUE_HEAD: usize = 196;
export const QUEUE_TAIL: usize = 200;
export const QUEUE_LENGTH: usize = 204;
export const IDLE: usize = 256; // four words: a bit for each processor that has nothing to run
export const SPINNING: usize = 320; // how many threads look for something to run without sleeping
export const SEEKERS: usize = 324; // processors among them that have nothing else to do: they need not be woken
export const TASKS: usize = 384; // tasks that have been submitted and have not ended
export const SHAPES: usize = 448; // the codec's table
export const THREAD_LIMIT: usize = 452; // no thread has had a number beyond this
export const PROCESSORS: usize = 456; // gomaxprocs
export const ALIVE: usize = 460; // how many processors there are, those that are starting among them
export const STARTING: usize = 464;
export const BLOCKED_THREADS: usize = 472; // processors that are blocked in a synchronous operation: others stand in for them
export const BUFFERS: usize = 476; // how many SharedArrayBuffers have been given a number
export const ASKED: usize = 468; // 1 while the main thread is asked for another processor

// A thread's record.
export const THREADS: usize = 1024;
export const RECORD: usize = 4096;
export const MAX_THREADS: i32 = 128;
export const STATE: usize = 0;
export const MAIL: usize = 64; // what others have for this thread: newest first, taken all at once
export const CHUNK: usize = 132; // the rest of the chunk that small blocks are cut from
export const CHUNK_END: usize = 136;
export const VALUE: usize = 144; // a value that an operation gives back: tag, aux, number
export const SYNC_WAITER: usize = 1792; // the waiter of the thread itself, for synchronous operations
export const POLLED: usize = 160; // the waiter that the thread looks at itself, in place of its mailbox
export const RUNNING: usize = 164; // the tasks that this thread has started, linked
export const RUNNING_LOCK: usize = 168;
export const COUNTED: usize = 176; // 1 while the thread is among the SPINNING
export const SEEKING: usize = 128; // 1 while the thread is among the SEEKERS
export const SPILLED: usize = 180; // how many tasks stand in SCRATCH, on their way from the ring to the list
export const SYSTEM_THREAD: usize = 184; // its number in the system, 0 if it is not known
export const LIFE: usize = 188; // how many threads have had the number before, and died
export const WAKES: usize = 172; // how often the thread has begun to run
export const GOROUTINES: usize = 140; // how many the thread has, its tasks aside, as it last said
export const RING_HEAD: usize = 192; // the run queue
export const RING_TAIL: usize = 256;
export const RING: usize = 320;
export const RING_SIZE: u32 = 256;
export const LISTS: usize = 1344; // free blocks by size class
export const KICKS: usize = 1856; // how often the thread has woken another
export const FREED: usize = 1920; // blocks of this thread that others have freed
export const SCRATCH: usize = 2048; // cases of a select
export const SCRATCH_SIZE: usize = 2048;

/** The states of a thread. */
export const FREE: i32 = 0;
export const RUN: i32 = 1;
export const PARK: i32 = 2; // wants to be notified
export const SLEEP: i32 = 3; // wants to be notified, and its event loop is empty
export const BLOCK: i32 = 4; // blocked in a synchronous operation
export const DEAD: i32 = 5;
export const RETIRED: i32 = 6; // about to end, on its own
export const BORN: i32 = 7; // a processor that is starting

export const HEAP: usize = THREADS + RECORD * (MAX_THREADS as usize);

// What can stand in a mailbox begins with these.
export const LINK: usize = 0;
export const KIND: usize = 4; // one byte
export const FLAGS: usize = 5; // of a waiter: the next byte
export const WAITER: i32 = 1;
export const TASK: i32 = 2;
export const NOTE: i32 = 3;

// A waiter: a goroutine, or a blocked thread, in the queue of an object.
export const NEXT: usize = 8; // 0 when it is in no queue
export const PREV: usize = 12;
export const OBJECT: usize = 16;
export const THREAD: usize = 20;
export const PLACE: usize = 24; // where its thread keeps the goroutine
export const GROUP: usize = 28; // the waiter whose CLAIM decides for all cases of a select; 0 if there is one case
export const TAG: usize = 32; // the value on its way
export const AUX: usize = 36;
export const NUMBER: usize = 40;
export const CLAIM: usize = 48; // 0 until somebody has decided for it
export const RESULT: usize = 52; // what the operation answers; a blocked thread waits for this word
export const WAITER_SIZE: usize = 56; // with the head of its block, a cache line
export const SYNC: i32 = 1; // a blocked thread
export const SENDS: i32 = 2; // carries a value of its own
export const POLL: i32 = 4; // its thread looks at RESULT
export const WRITER: i32 = 8;

// An object: a channel, a lock, … What every operation needs begins with the lock, and with it a cache line.
export const TYPE: usize = 0;
export const OBJECT_NEXT: usize = 4;
export const OBJECT_PREV: usize = 8;
export const REFERENCES: usize = 12; // of threads and of messages
export const LOST: usize = 16; // 1 if the last reference was that of a thread that has died
export const HOLDERS: usize = 20; // four words: a bit for each thread that has a handle
export const LOCK: usize = 56;
export const CHAN: i32 = 1;
export const MUTEX: i32 = 2;
export const RWMUTEX: i32 = 3;
export const WAIT_GROUP: i32 = 4;
export const COND: i32 = 5;
export const SEMAPHORE: i32 = 6;
export const MAP: i32 = 7;
export const CELL: i32 = 8;
export const CONTEXT: i32 = 9;
export const BUFFER: i32 = 10;
export const ONCE: i32 = 11;

// A channel: what does not change, then the end where one sends, under LOCK, and the one where one receives, each a cache line.
export const CAP: usize = 40;
export const IS_CLOSED: usize = 60;
export const SENT: usize = 64; // how many values have been put into the buffer
export const LAST: usize = 68; // the slot to send to
export const SEEN_RECEIVED: usize = 72; // RECEIVED, as a sender has seen it last
export const RECVQ: usize = 76;
export const RECV_LOCK: usize = 120;
export const RECEIVED: usize = 124; // how many have been taken out of it
export const FIRST: usize = 128; // the slot to receive from
export const SEEN_SENT: usize = 132;
export const SENDQ: usize = 136;
export const GHOSTS: usize = 140; // values that their receivers did not live to get: a stack, ahead of all others
export const SLOTS: usize = 184;
export const SLOT: usize = 16;

// A lock and its like.
export const A: usize = 60;
export const B: usize = 64;
export const Q1: usize = 68;
export const Q2: usize = 72;
export const OWNER: usize = 76; // who holds it alone: the thread's number + 1
export const TAINTED: usize = 80; // 1: who held it alone has died, and nobody has been told
export const PHASE: usize = 84; // who waits has noted in AUX in which phase they came
export const SERIAL: usize = 88; // of the last time that somebody has got it alone; never 0
export const HELD: usize = 92; // per thread: how much of A is its
export const GATE_SIZE: usize = 92 + 4 * (MAX_THREADS as usize);

/** A of what happens once: it has happened. A mutex has 0 or 1. */
export const DONE: i32 = 2;

// A map: stripes, each a lock and a slot.
export const MAP_SEED: usize = 60;
export const STRIPES: usize = 64;
export const STRIPE: usize = 16;
export const STRIPE_COUNT: i32 = 64;
export const ROOT: usize = 4;
export const MAP_SIZE: usize = STRIPES + STRIPE * (STRIPE_COUNT as usize);
/** All hashes are below this. */
export const HASHES: u32 = 0x4000_0000;

// An entry of a map.
export const ENTRY_NEXT: usize = 0; // another with the same hash
export const ENTRY_HASH: usize = 4;
export const ENTRY_FORM: usize = 8; // the codec's tag for the key
export const ENTRY_BYTES: usize = 12; // how long the key is
export const ENTRY_SLOT: usize = 16; // the value
export const ENTRY_KEY: usize = 32; // in multiples of 8 bytes, the last ones 0

// A box: a value that several may be reading.
export const BOX_REFS: usize = 0;
export const BOX_SLOT: usize = 8;
export const BOX_SIZE: usize = 24;
/** In place of the codec's tag: the value is in the box at `aux`. */
export const BOXED: i32 = 0x7fff_ffff;
/** The codec's tag for a number. */
export const NUMERIC: i32 = 6;

// A context, for the threads that it has gone to. A is 1 until it ends; Q1 are those who want to know then; OWNER is its own
// thread. It has no handle there; when nobody else refers to it any more, it is given back: as a letter that begins in the
// middle of it.
export const IS_SIGNAL: usize = 80; // 1 if it is an AbortSignal
export const DEADLINE: usize = 88; // on the wall clock; NaN if there is none
export const REASON: usize = 96; // how it has ended: tag, aux, number; 0 if its thread has died
export const LATE: usize = 112; // how it ends if the deadline ends it; 0 if that is the usual way
export const RETURN: usize = 128; // the letter
export const CONTEXT_SIZE: usize = 136;
export const RETURNED: i32 = 5;

// An atomic value.
export const CELL_TYPE: usize = 60;
export const CELL_VALUE: usize = 64;
export const CELL_SIZE: usize = 72;

// A SharedArrayBuffer: it is not here, but it has a number, so that nobody takes it for the one that was here before.
export const BUFFER_NUMBER: usize = 60;
export const BUFFER_SIZE: usize = 64;

// A task.
export const NAME: usize = 8; // which function: a number of the table of functions
export const SUBMITTER: usize = 12;
export const TASK_PLACE: usize = 16; // where the submitter keeps the promise
export const TASK_FLAGS: usize = 20;
export const TASK_CONTEXT: usize = 24; // the object that stands for it, with a reference; 0 if it has none
export const TASK_THREAD: usize = 28; // who runs it
export const TASK_TAG: usize = 32; // arguments, 0 when they have been read; later the result
export const TASK_AUX: usize = 36;
export const TASK_NUMBER: usize = 40;
export const TASK_RESULT: usize = 48;
export const TASK_NEXT: usize = 52; // in RUNNING
export const TASK_PREV: usize = 56;
export const TASK_LIFE: usize = 60; // of the submitter: if it is another, then the submitter has died
export const TASK_SIZE: usize = 64;

/** TASK_FLAGS: nobody waits for it any more, so it need not begin. */
export const CANCELED: i32 = 1;

/** What `submit` says. */
export const WAKE: i32 = 1;
export const ASK: i32 = 2;

/** TASK_FLAGS of a task whose thread has died: why, and above 8 bits the exit code. */
export const EXITED: i32 = 1;
export const OUT_OF_MEMORY: i32 = 2;

// A case of a select, in SCRATCH: the thread lists them in the order in which they are to be tried.
export const CASE: usize = 32;
export const CHANNEL: usize = 0;
export const SENDING: usize = 4;
export const CASE_TAG: usize = 8; // the value to send
export const CASE_WAITER: usize = 24; // 0 if the select does not park
export const ORDER: usize = 28; // of the whole list: which case comes at this place by address
