// A processor: a worker thread that runs tasks, one after the other, and several at once while they wait.

import type { Context } from "../internal/types.js";
import { after, exitNow, now } from "../internal/host/host.js";
import { onUncaught, tell, writeDirectly } from "../internal/host/worker.js";
import { count, ends, starts } from "../internal/rt/census.js";
import { isExit } from "../internal/rt/goroutine.js";
import { random } from "../internal/rt/random.js";
import type { Commons } from "../internal/shared/core.js";
import { join, type Thread } from "../internal/shared/thread.js";
import { discardValue, readValue } from "../internal/shared/value.js";
import {
  CANCELED,
  HAS_CONTEXT,
  NAME,
  OK,
  TASK_FLAGS,
  TASK_SIZE,
  TASK_TAG,
  THROWN,
} from "../internal/shared/wasm/layout.js";
import { inContext } from "./context.js";
import { load, lookUp, type TaskFunction, whileLoading } from "./functions.js";
import type { Processors } from "./pool.js";

/** How long a processor sleeps before it ends. */
const idleMs = 10_000;

/** How long tasks are run before the thread looks at its mail again. */
const turnMs = 1;

/** Makes this thread a processor, once the modules have been loaded. */
export function beProcessor(commons: Commons, number: number, modules: readonly string[]): Processors {
  const on = join(commons, number);
  onUncaught(lost);
  writeDirectly();
  void whileLoading(loadAll(modules)).then(() => begin(on));
  return {
    submit(task) {
      on.core.submitHere(task);
      if (on.core.wakeProcessor() === 0) on.core.askForProcessor();
    },
  };
}

/** An error that ends the program: the main thread ends it. */
function lost(error: unknown): void {
  try {
    tell({ gort: { panic: error } });
  } catch {
    tell({ gort: { panic: new Error(String(error)) } });
  }
}

async function loadAll(modules: readonly string[]): Promise<void> {
  for (const url of modules) await import(url);
}

function begin(on: Thread): void {
  const { core } = on;
  on.work = () => runSome(on);
  on.beforeSleep = () => {
    core.idle(1);
    if (core.waiting() === 0 || core.surplus() !== 0) return true;
    core.idle(0);
    return false;
  };
  on.mayBeWoken = () => {
    if (core.surplus() !== 0) retire(on, 0);
    else lull(on);
    if (core.quiet() !== 0) core.kick(0); // nobody is left to wake anybody: the main thread decides what that means
    return true;
  };
  core.begun();
  on.expect();
}

/** Ends this thread after a while in which it has nothing to do. */
function lull(on: Thread): void {
  const ran = runs;
  after(idleMs, () => {
    if (ran === runs) retire(on, 1);
  });
}

let runs = 0;

function retire(on: Thread, inAnyCase: number): void {
  if (on.isAlone() && count() === 1 && on.core.retire(inAnyCase) !== 0) exitNow(0);
}

/** Runs tasks for a while; false if there are none. */
function runSome(on: Thread): boolean {
  const { core } = on;
  if (core.surplus() !== 0) return false;
  let task = core.nextTask(random(2 ** 31));
  if (task === 0) return false;
  runs++;
  core.idle(0);
  if (core.waiting() > 0 && core.wakeProcessor() === 0) core.askForProcessor();
  let looked = now();
  const until = looked + turnMs;
  let stride = 1;
  for (let n = 1; ; n++) {
    execute(on, task);
    if (n >= stride) {
      const time = now();
      if (time > until) return true;
      stride = time - looked < turnMs / 20 ? n + Math.min(n, 64) : n + 1;
      looked = time;
    }
    task = core.nextTask(random(2 ** 31));
    if (task === 0) return true;
  }
}

function execute(on: Thread, task: number): void {
  on.reach(task + TASK_SIZE);
  const at = on.i32[(task + NAME) >> 2] as number;
  const fn = lookUp(on, at);
  if (fn !== undefined) {
    call(on, task, fn);
    return;
  }
  load(on, at).then(
    (loaded) => call(on, task, loaded),
    (error: unknown) => {
      discardValue(on, task + TASK_TAG);
      finish(on, task, THROWN, error);
    },
  );
}

function call(on: Thread, task: number, fn: TaskFunction): void {
  const flags = on.i32[(task + TASK_FLAGS) >> 2] as number;
  if ((flags & CANCELED) !== 0) {
    discardValue(on, task + TASK_TAG);
    end(on, task, OK, 0, 0, 0);
    return;
  }
  starts();
  let result: unknown;
  try {
    const args = readValue(on, task + TASK_TAG) as never[];
    if ((flags & HAS_CONTEXT) === 0) result = fn(...args);
    else result = inContext(args.shift() as unknown as Context, () => fn(...args));
  } catch (error) {
    threw(on, task, error);
    return;
  }
  if (result instanceof Promise) {
    result.then(
      (value: unknown) => returned(on, task, fn, value),
      (error: unknown) => threw(on, task, error),
    );
  } else {
    returned(on, task, fn, result);
  }
}

function returned(on: Thread, task: number, fn: TaskFunction, value: unknown): void {
  ends();
  const { codec } = on;
  try {
    codec.encode(value, `the result of task ${fn.name}`);
  } catch (error) {
    finish(on, task, THROWN, error);
    return;
  }
  end(on, task, OK, codec.tag, codec.aux, codec.num);
}

function threw(on: Thread, task: number, error: unknown): void {
  ends();
  if (isExit(error)) finish(on, task, OK, undefined);
  else finish(on, task, THROWN, error);
}

function finish(on: Thread, task: number, result: number, value: unknown): void {
  const { codec } = on;
  try {
    codec.encode(value, "an error");
  } catch {
    const { stack } = value as Error;
    const error = new Error(String(value));
    if (typeof stack === "string") error.stack = stack;
    codec.encode(error, "an error");
  }
  end(on, task, result, codec.tag, codec.aux, codec.num);
}

/** Sends the task back, with its encoded result; unless its submitter has died. */
function end(on: Thread, task: number, result: number, tag: number, aux: number, num: number): void {
  if (on.core.finish(task, result, tag, aux, num) !== 0) return;
  discardValue(on, task + TASK_TAG);
  on.free(task);
}
