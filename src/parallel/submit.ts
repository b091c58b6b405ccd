// Tasks on their way to a processor, and their results on the way back.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { panic } from "../internal/rt/panic.js";
import { detail } from "../internal/rt/detail.js";
import { begin, fail, type Form, ready, resolver, settle, type Standing, type Waiter } from "../internal/rt/park.js";
import { moveNow } from "../internal/shared/moved.js";
import { type Thread, thread } from "../internal/shared/thread.js";
import { discardValue, readValue } from "../internal/shared/value.js";
import {
  CANCELED,
  DIED,
  NAME,
  OK,
  OUT_OF_MEMORY,
  TASK,
  TASK_CONTEXT,
  TASK_FLAGS,
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

/** TASK_PLACE of a task that nobody awaits, and of one that has not been handed over. */
const NOBODY = -1;
const UNSENT = -2;

const awaiting: Form = { state: "task", result: (value) => value };

type Resolve = (result: never) => void;

/** By TASK_PLACE: who awaits the result; undefined: nobody does any more. */
const places: (Waiter | Resolve | undefined)[] = [];
const free: number[] = [];

function placeOf(one: Waiter | Resolve): number {
  const place = free.pop() ?? places.length;
  places[place] = one;
  return place;
}

/** The goroutines that await tasks. */
const outbox: Standing = {
  push(w: Waiter): void {
    hand(w.value as number, placeOf(w));
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
  let task = 0;
  try {
    checkCaller(origin);
    task = prepare(origin, args, ctx);
    if (ctx !== undefined || detail !== undefined) return wait<R>(outbox, awaiting, task, ctx);
    const promise = begin<R>();
    hand(task, placeOf(resolver()));
    return promise;
  } catch (error) {
    if (task !== 0) abandon(task); // a context of another make has thrown as it was asked for its done channel
    return Promise.reject(error);
  }
}

/** Nobody will run the task, if it has not been sent. */
function abandon(task: number): void {
  const on = thread();
  if (on.i32[(task + TASK_PLACE) >> 2] !== UNSENT) return;
  discardValue(on, task + TASK_TAG);
  dropContext(on, task + TASK_CONTEXT);
  on.free(task);
}

/** Starts a task as a goroutine on some processor. */
export function start(origin: Origin, args: unknown[]): void {
  checkCaller(origin);
  hand(prepare(origin, args, undefined), NOBODY);
}

/** Makes a task, with its arguments behind it in the same block. */
function prepare(origin: Origin, args: unknown[], ctx: Cancel | undefined): number {
  const on = thread();
  const { codec } = on;
  const name = publish(on, origin);
  const task = codec.encodeAll(args, ctx === undefined ? "run" : "runWith", TASK_SIZE);
  const { tag, aux, num } = codec;
  let context = 0;
  if (ctx !== undefined) {
    try {
      context = carry(ctx);
    } catch (error) {
      codec.discard(tag, aux, num);
      on.free(task);
      throw error;
    }
  }
  on.core.createTask(task, name, context, tag, aux, num);
  on.i32[(task + TASK_PLACE) >> 2] = UNSENT;
  return task;
}

function hand(task: number, place: number): void {
  const on = thread();
  on.readers[TASK] ??= finished;
  on.i32[(task + TASK_PLACE) >> 2] = place;
  moveNow(on);
  on.expect();
  processors().submit(task);
}

/** A task of ours has ended. */
function finished(task: number): void {
  const on = thread();
  on.forget();
  const { i32 } = on;
  const place = i32[(task + TASK_PLACE) >> 2] as number;
  const result = i32[(task + TASK_RESULT) >> 2] as number;
  const one = place === NOBODY ? undefined : places[place];
  if (place !== NOBODY) {
    places[place] = undefined;
    free.push(place);
  }
  if (result === DIED) discardValue(on, task + TASK_TAG); // the arguments, if it has not read them
  const value = result === DIED ? died(on, task) : readValue(on, task + TASK_TAG);
  dropContext(on, task + TASK_CONTEXT); // it is there still if the processor has died
  if (place === NOBODY && result !== OK) {
    const created = `created by ${describe(on, i32[(task + NAME) >> 2] as number)}\n`;
    panic(value, placed({ processor: i32[(task + TASK_THREAD) >> 2] as number, id: undefined, created }));
  }
  on.free(task);
  if (one === undefined) return;
  if (typeof one === "function") settle(one, value, result !== OK);
  else if (result === OK) ready(one, value);
  else fail(one, value);
}

/** The processor that ran the task has ended before it. */
function died(on: Thread, task: number): Error {
  const flags = on.i32[(task + TASK_FLAGS) >> 2] as number;
  const memory = (flags & 255) === OUT_OF_MEMORY;
  const why = memory ? "it ran out of memory" : `its thread ended with exit code ${flags >> 8}`;
  const error = new Error(`the processor that ran the task has died: ${why}`);
  return Object.assign(error, { code: memory ? "ERR_PROCESSOR_OUT_OF_MEMORY" : "ERR_PROCESSOR_DIED" });
}
