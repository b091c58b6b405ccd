// The lock of an object: a word that holds the number + 1 of the thread that has it.
//
// Between lock and unlock there is no call, and no loop that leaves the object half changed: the host stops a thread for good
// only at the entry of a function and at the end of a loop's turn, so whatever it stops there is whole. Who takes a second lock,
// which may be a call, does so before anything is changed. Should a thread die with the lock, as it waits for the second or in
// one of the loops, then whoever comes next may take it.

/** This thread's number + 1, and its record. */
export let me: i32 = 0;
export let record: usize = 0;
let mayBlock: bool = false;

export function become(number: i32, address: usize, blocks: bool): void {
  me = number + 1;
  record = address;
  mayBlock = blocks;
}

/** Whether the thread of this number is known to have died. */
@external("host", "isDead")
declare function isDead(number: i32): bool;

// @ts-ignore: decorators are AssemblyScript's
@inline
export function lock(word: usize): void {
  if (atomic.cmpxchg<i32>(word, 0, me) != 0) acquire(word);
}

// @ts-ignore
@inline
export function unlock(word: usize): void {
  atomic.store<i32>(word, 0);
}

/**
 * Whoever finds the lock taken stays away for about half a microsecond. Two threads that take turns at a channel wait for each
 * other's cache lines at each operation, most of that with the lock held; it is better if each does several in a row.
 */
function acquire(word: usize): void {
  let turns = 0;
  while (true) {
    const owner = atomic.load<i32>(word);
    if (owner == 0) {
      if (atomic.cmpxchg<i32>(word, 0, me) == 0) return;
    } else if (++turns <= 16) {
      for (let i = 0; i < 600; i++) atomic.load<i32>(record); // a line of our own
    } else {
      if (mayBlock) atomic.wait<i32>(word, owner, 50_000);
      if ((turns & 15) == 0 && isDead(owner - 1)) {
        if (atomic.cmpxchg<i32>(word, owner, me) == owner) return;
      }
    }
  }
}
