// Atomic values, which cross as they are: the same cell on both sides.
//
// An atomic value begins in memory of its own. When it is first sent, it moves into the shared memory: until then only its thread
// can see it, so nothing is missed. From then on it is an object there, which goes when no thread has it any more.

import { Bool, Int32, Int64, Uint32, Uint64 } from "../atomic/integer.js";
import { Value } from "../atomic/value.js";
import { Refusal } from "../internal/shared/codec/refusal.js";
import { addKind, addPassport, type SharedObject } from "../internal/shared/object.js";
import { type Thread, thread } from "../internal/shared/thread.js";
import { CELL, CELL_SIZE, CELL_TYPE, CELL_VALUE } from "../internal/shared/wasm/layout.js";

type Atomic = Int32 | Uint32 | Int64 | Uint64 | Bool;

/** By CELL_TYPE. */
const types = [Int32, Uint32, Int64, Uint64, Bool] as const;

/** What a thread has of an atomic value. */
class Cell implements SharedObject {
  readonly on: Thread;
  readonly kind: number = CELL;
  pointer: number;
  waiting = 0;
  readonly atomic: Atomic;

  constructor(on: Thread, pointer: number, atomic: Atomic) {
    this.on = on;
    this.pointer = pointer;
    this.atomic = atomic;
    cells.set(atomic, this);
  }
}

const cells = new WeakMap<object, Cell>();

function move(atomic: Atomic, type: number): Cell {
  const on = thread();
  const pointer = on.made(on.core.create(CELL, CELL_SIZE), CELL_SIZE);
  on.i32[(pointer + CELL_TYPE) >> 2] = type;
  const value = atomic.load() as never;
  place(on, atomic, pointer);
  atomic.store(value);
  return on.registry.adopt(new Cell(on, pointer, atomic));
}

/** Lets the atomic value be the one in the shared memory. */
function place(on: Thread, atomic: Atomic, pointer: number): void {
  const View = atomic.cell.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => never;
  atomic.cell = new View(on.u8.buffer, pointer + CELL_VALUE, 1);
}

/** Lets atomic values cross. */
export function addCells(): void {
  addKind(CELL, {
    make(on, pointer) {
      const atomic = new (types[on.i32[(pointer + CELL_TYPE) >> 2] as number] as typeof Int32)();
      place(on, atomic, pointer);
      return new Cell(on, pointer, atomic);
    },
  });
  addPassport({
    kind: CELL,
    pack(value) {
      if (value instanceof Value) {
        throw new Refusal(
          "is an atomic.Value, which is of one thread; send what it holds, or keep that in a shared.Map",
        );
      }
      const type = types.findIndex(({ prototype }) => Object.getPrototypeOf(value) === prototype);
      if (type === -1) return undefined;
      const { on, pointer } = cells.get(value) ?? move(value as Atomic, type);
      on.core.travel(pointer);
      return [pointer, 0];
    },
    unpack: (pointer) => (thread().registry.arrive(CELL, pointer) as Cell).atomic,
    drop: (pointer) => thread().registry.discard(CELL, pointer),
    repeat: (pointer) => thread().core.travel(pointer),
  });
}
