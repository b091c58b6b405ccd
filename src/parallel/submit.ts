// Tasks on their way to a processor, and their results on the way back.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { panic } from "../internal/rt/panic.js";
import { fail, type Form, ready, type Standing, type Waiter } from "../internal/rt/park.js";
import { moveNow } from "../internal/shared/moved.js";
import { type Thread, thread } from "../internal/shared/thread.js";
import { readValue, type Slot } from "../internal/shared/value.js";
import {
  CANCELED,
  CONTEXT,
  DIED,
  NAME,
  OK,
  OUT_OF_MEMORY,
  TASK,
  TASK_AUX,
  TASK_CONTEXT,
  TASK_FLAGS,
  TASK_NUMBER,
  TASK_PLACE,
  TASK_RESULT,
  TASK_SIZE,
  TASK_TAG,
  TASK_THREAD,
} from "../internal/shared/wasm/layout.js";
import { checkCaller } from "./caller.js";
import { carry, dropContext } from "./own.js";
import { describe, type Origin, publish } from "./functions.js";
import { processors } from "./pool.js";
import { placed } from "./remote.js";

const awaiting: Form = { state: "task", result: (value) => value };

/** By TASK_PLACE: who awaits the result; undefined: nobody does any more. */
const places: (Waiter | undefined)[] = [];
const free: number[] = [];

/** What a task needs to be handed over: its arguments have been encoded. */
class Job {
  readonly origin: Origin;
  readonly context: number;
  readonly args: Slot;

  constructor(origin: Origin, context: number, args: Slot) {
    this.origin = origin;
    this.context = context;
    this.args = args;
  }
}

/** The goroutines that await tasks. */
const outbox: Standing = {
  push(w: Waiter): void {
    const place = free.pop() ?? places.length;
    places[place] = w;
    w.value = hand(w.value as Job, place);
  },

  /** The task need not begin any more. */
  leave(w: Waiter): void {
    const on = thread();
    const task = w.value as number;
    Atomics.or(on.i32, (task + TASK_FLAGS) >> 2, CANCELED);
    places[on.i32[(task + TASK_PLACE) >> 2] as number] = undefined;
  },
};

/** Runs a task on some processor. */
export function submit<R>(origin: Origin, args: unknown[], ctx: Cancel | undefined): Promise<R> {
  if (ctx !== undefined) {
    const stop = reasonToStop(ctx);
    if (stop !== undefined) return stop;
  }
  try {
    checkCaller(origin);
    return wait<R>(outbox, awaiting, prepare(origin, args, ctx), ctx);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Starts a task as a goroutine on some processor. */
export function start(origin: Origin, args: unknown[]): void {
  checkCaller(origin);
  hand(prepare(origin, args, undefined), -1);
}

function prepare(origin: Origin, args: unknown[], ctx: Cancel | undefined): Job {
  const { codec } = thread();
  codec.encodeAll(args, ctx === undefined ? "run" : "runWith");
  const slot = { tag: codec.tag, aux: codec.aux, num: codec.num };
  if (ctx === undefined) return new Job(origin, 0, slot);
  try {
    return new Job(origin, carry(ctx), slot);
  } catch (error) {
    codec.discard(slot.tag, slot.aux, slot.num);
    throw error;
  }
}

function hand({ origin, context, args }: Job, place: number): number {
  const on = thread();
  const { codec, core } = on;
  on.readers[TASK] ??= finished;
  const { tag, aux, num } = args;
  const task = core.createTask(publish(on, origin), place, 0, context, tag, aux, num);
  if (task === 0) {
    codec.discard(tag, aux, num);
    if (context !== 0) on.registry.discard(CONTEXT, context);
  }
  on.made(task, TASK_SIZE);
  moveNow(on);
  on.expect();
  processors().submit(task);
  return task;
}

/** A task of ours has ended. */
function finished(task: number): void {
  const on = thread();
  on.forget();
  const { i32 } = on;
  const place = i32[(task + TASK_PLACE) >> 2] as number;
  const result = i32[(task + TASK_RESULT) >> 2] as number;
  const w = place === -1 ? undefined : places[place];
  if (place !== -1) {
    places[place] = undefined;
    free.push(place);
  }
  const value = result === DIED ? died(on, task) : readValue(on, task + TASK_TAG);
  dropContext(on, task + TASK_CONTEXT); // it is there still if the processor has died
  if (w === undefined && place === -1 && result !== OK) {
    const created = `created by ${describe(on, i32[(task + NAME) >> 2] as number)}\n`;
    panic(value, placed({ processor: i32[(task + TASK_THREAD) >> 2] as number, id: undefined, created }));
  }
  on.free(task);
  if (w !== undefined) {
    if (result === OK) ready(w, value);
    else fail(w, value);
  }
}

/** The processor that ran the task has ended before it. */
function died(on: Thread, task: number): Error {
  const code = on.f64[(task + TASK_NUMBER) >> 3] as number;
  const memory = on.i32[(task + TASK_AUX) >> 2] === OUT_OF_MEMORY;
  const why = memory ? "it ran out of memory" : `its thread ended with exit code ${code}`;
  const error = new Error(`the processor that ran the task has died: ${why}`);
  return Object.assign(error, { code: memory ? "ERR_PROCESSOR_OUT_OF_MEMORY" : "ERR_PROCESSOR_DIED" });
}
