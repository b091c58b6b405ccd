// Tasks on their way to a processor, and their results on the way back.

import type { Cancel } from "../internal/types.js";
import { reasonToStop, wait } from "../internal/chan/cancel.js";
import { panic } from "../internal/rt/panic.js";
import { fail, type Form, ready, type Standing, type Waiter } from "../internal/rt/park.js";
import { moveNow } from "../internal/shared/moved.js";
import { type Thread, thread } from "../internal/shared/thread.js";
import { readValue } from "../internal/shared/value.js";
import {
  CANCELED,
  CONTEXT,
  DIED,
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
} from "../internal/shared/wasm/layout.js";
import { carry, dropContext } from "./crossing.js";
import { isLoading, publish } from "./functions.js";
import { processors } from "./pool.js";

const awaiting: Form = { state: "task", result: (value) => value };

/** By TASK_PLACE: who awaits the result; undefined: nobody does any more. */
const places: (Waiter | undefined)[] = [];
const free: number[] = [];

/** The goroutines that await tasks. Their arguments have just been encoded. */
class Outbox implements Standing {
  name = "";
  context = 0;

  push(w: Waiter): void {
    const place = free.pop() ?? places.length;
    places[place] = w;
    w.value = hand(this.name, place, this.context);
  }

  /** The task need not begin any more. */
  leave(w: Waiter): void {
    const on = thread();
    const task = w.value as number;
    Atomics.or(on.i32, (task + TASK_FLAGS) >> 2, CANCELED);
    places[on.i32[(task + TASK_PLACE) >> 2] as number] = undefined;
  }
}

const outbox = new Outbox();

/** Runs a task on some processor. */
export function submit<R>(name: string, args: unknown[], ctx: Cancel | undefined): Promise<R> {
  if (ctx !== undefined) {
    const stop = reasonToStop(ctx);
    if (stop !== undefined) return stop;
  }
  try {
    checkLoading(name);
    prepare(name, args, ctx);
    return wait<R>(outbox, awaiting, undefined, ctx);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Starts a task as a goroutine on some processor. */
export function start(name: string, args: unknown[]): void {
  checkLoading(name);
  prepare(name, args, undefined);
  hand(name, -1, 0);
}

function prepare(name: string, args: unknown[], ctx: Cancel | undefined): void {
  const { codec } = thread();
  codec.encodeAll(args, ctx === undefined ? "run" : "runWith");
  outbox.name = name;
  outbox.context = 0;
  if (ctx === undefined) return;
  const { tag, aux, num } = codec;
  try {
    outbox.context = carry(ctx);
  } catch (error) {
    codec.discard(tag, aux, num);
    throw error;
  }
  Object.assign(codec, { tag, aux, num }); // a context of another make may have sent something
}

/** Modules that processors load must not start tasks as they are evaluated: each processor would start them anew. */
function checkLoading(name: string): void {
  if (!isLoading()) return;
  const [url = "", fn = ""] = name.split(" ");
  throw new Error(
    `task ${fn}: ${url} starts it while a processor loads the module; what a program does belongs into main(), which runs once`,
  );
}

function hand(name: string, place: number, context: number): number {
  const on = thread();
  const { codec, core } = on;
  on.readers[TASK] ??= finished;
  const { tag, aux, num } = codec;
  const task = core.createTask(publish(on, name), place, 0, context, tag, aux, num);
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
  const w = place === -1 ? undefined : (places[place]);
  if (place !== -1) {
    places[place] = undefined;
    free.push(place);
  }
  const value = result === DIED ? died(on, task) : readValue(on, task + TASK_TAG);
  dropContext(on, task + TASK_CONTEXT); // it is there still if the processor has died
  on.free(task);
  if (w !== undefined) {
    if (result === OK) ready(w, value);
    else fail(w, value);
  } else if (place === -1 && result !== OK) {
    panic(value);
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
