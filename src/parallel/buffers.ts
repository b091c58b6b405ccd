// SharedArrayBuffers, which cross by reference.
//
// What the platform shares cannot be written into the shared memory: only a message of the platform can bring it to a thread. So
// whoever sends one for the first time says so to all threads, on one line, and an object in the shared memory stands for it from
// then on. A thread keeps all that it has been told of on its shelf until it is told that nobody uses it any more; what it gives
// to the program is another view of the same memory, and as long as the program has that, the thread has a handle of the object.
//
// Why a thread finds what it is sent: the line brings a message to all threads that listen, before the one who speaks goes on.
// So whoever listens when a buffer is announced can have it as soon as anybody can send it. A new thread begins with the shelf
// of the main thread, as it is when that starts the new one: what others have announced by then has been brought to it, and it
// looks first. There remains what is announced between that moment and the one in which the new thread begins to listen. It asks
// for that when it meets it; all threads answer that have their event loop, and those that are asking themselves. What was
// forgotten meanwhile it sees in the shared memory: the object has gone, or has another number.

import { openLine, type Line } from "../internal/host/worker.js";
import { now } from "../internal/host/host.js";
import { addKind, addPassport, type SharedObject } from "../internal/shared/object.js";
import { type Thread, thread } from "../internal/shared/thread.js";
import { BUFFER, BUFFER_NUMBER, BUFFER_SIZE, BUFFERS, TYPE } from "../internal/shared/wasm/layout.js";

type Entry = readonly [pointer: number, number: number, buffer: SharedArrayBuffer];

interface Message {
  readonly here?: Entry;
  readonly gone?: readonly [pointer: number, number: number];
  readonly wanted?: number;
}

/** What a new thread is given. */
export interface Shelf {
  readonly line: string;
  readonly entries: readonly Entry[];
}

/** How long a thread asks for a buffer. */
const patienceMs = 5000;

const shelf = new Map<number, Entry>();
let line: Line | undefined;
let name = "";

/** What the program has of a buffer. */
class Handle implements SharedObject {
  readonly on: Thread;
  readonly kind: number = BUFFER;
  pointer: number;
  waiting = 0;
  readonly buffer: SharedArrayBuffer;

  constructor(on: Thread, pointer: number, buffer: SharedArrayBuffer) {
    this.on = on;
    this.pointer = pointer;
    this.buffer = buffer;
    handles.set(buffer, this);
  }
}

const handles = new WeakMap<SharedArrayBuffer, Handle>();

/** For a thread that is about to be started. */
export function shelfForNew(): Shelf {
  if (line === undefined) {
    name = `gort ${Date.now()} ${Math.random()}`;
    line = openLine(name, heard);
  }
  line?.hear();
  return { line: name, entries: [...shelf.values()] };
}

/** This thread is a new one. */
export function beginWith(given: Shelf): void {
  name = given.line;
  line = openLine(name, heard);
  for (const entry of given.entries) heard({ here: entry });
}

/** How many buffers this thread knows of. @tests */
export function countBuffers(): number {
  return shelf.size;
}

function heard(message: unknown): void {
  const { here, gone, wanted } = message as Message;
  if (here !== undefined) {
    if (isThere(here)) shelf.set(here[0], here);
  } else if (gone !== undefined) {
    if (shelf.get(gone[0])?.[1] === gone[1]) shelf.delete(gone[0]);
  } else if (wanted !== undefined) {
    const entry = shelf.get(wanted);
    if (entry !== undefined) line?.say({ here: entry });
  }
}

/** Whether the object stands for that buffer still. */
function isThere([pointer, number]: Entry): boolean {
  const on = thread();
  on.reach(pointer + BUFFER_SIZE);
  return on.i32[(pointer + TYPE) >> 2] === BUFFER && on.i32[(pointer + BUFFER_NUMBER) >> 2] === number;
}

/** The buffer that an object stands for. */
function find(pointer: number): SharedArrayBuffer {
  let buffer = look(pointer);
  if (buffer !== undefined) return buffer;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const until = now() + patienceMs;
  for (let n = 0; buffer === undefined && now() < until; n++) {
    if (n % 64 === 0) line?.say({ wanted: pointer });
    Atomics.wait(pause, 0, 0, 1);
    buffer = look(pointer);
  }
  if (buffer !== undefined) return buffer;
  throw new Error(
    "gort: a SharedArrayBuffer has come while this thread began, and no other thread has had the time to hand it over",
  );
}

function look(pointer: number): SharedArrayBuffer | undefined {
  let entry = shelf.get(pointer);
  if (entry === undefined || !isThere(entry)) {
    line?.hear();
    entry = shelf.get(pointer);
  }
  return entry !== undefined && isThere(entry) ? entry[2] : undefined;
}

function announce(buffer: SharedArrayBuffer): Handle {
  const on = thread();
  const pointer = on.made(on.core.create(BUFFER, BUFFER_SIZE), BUFFER_SIZE);
  const number = Atomics.add(on.i32, BUFFERS >> 2, 1);
  on.i32[(pointer + BUFFER_NUMBER) >> 2] = number;
  const handle = on.registry.adopt(new Handle(on, pointer, buffer));
  const here: Entry = [pointer, number, structuredClone(buffer)];
  shelf.set(pointer, here);
  line?.say({ here });
  return handle;
}

/** Lets SharedArrayBuffers cross. */
export function addBuffers(): void {
  addKind(BUFFER, {
    make: (on, pointer) => new Handle(on, pointer, structuredClone(find(pointer))),
    destroy(on, pointer) {
      const number = on.i32[(pointer + BUFFER_NUMBER) >> 2] as number;
      shelf.delete(pointer);
      line?.say({ gone: [pointer, number] });
    },
  });
  addPassport({
    kind: BUFFER,
    pack(value) {
      if (typeof SharedArrayBuffer === "undefined" || !(value instanceof SharedArrayBuffer)) return undefined;
      const { on, pointer } = handles.get(value) ?? announce(value);
      on.core.travel(pointer);
      return [pointer, 0];
    },
    unpack(pointer) {
      const { registry } = thread();
      try {
        find(pointer);
      } catch (error) {
        registry.discard(BUFFER, pointer);
        throw error;
      }
      return (registry.arrive(BUFFER, pointer) as Handle).buffer;
    },
    drop: (pointer) => thread().registry.discard(BUFFER, pointer),
    repeat: (pointer) => thread().core.travel(pointer),
  });
}
