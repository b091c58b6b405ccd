// A processor: a worker thread that runs tasks, one after the other, and several at once while they wait.

import { after, now, setExitNow } from "../internal/host/host.js";
import { endThread, freeze, onUncaught, tell, writeDirectly } from "../internal/host/worker.js";
import { count, ends, starts } from "../internal/rt/census.js";
import { detail, findDetail } from "../internal/rt/detail.js";
import { isExit } from "../internal/rt/goroutine.js";
import { setFleet } from "../internal/rt/procs.js";
import { random } from "../internal/rt/random.js";
import type { Commons } from "../internal/shared/core.js";
import { moveNow } from "../internal/shared/moved.js";
import { join, type Thread } from "../internal/shared/thread.js";
import { discardValue, readValue } from "../internal/shared/value.js";
import {
  CANCELED,
  NAME,
  OK,
  TASK_CONTEXT,
  TASK_FLAGS,
  TASK_SIZE,
  TASK_TAG,
  THROWN,
} from "../internal/shared/wasm/layout.js";
import { inContext } from "./context.js";
import { dropContext, Own } from "./own.js";
import { answerDumps } from "./dump.js";
import { Figures } from "./fleet.js";
import { describe, load, lookUp, type TaskFunction, whileLoading } from "./functions.js";
import type { Remote } from "./remote.js";
import type { Processors } from "./pool.js";

/** How long a processor sleeps before it ends. */
const idleMs = 10_000;

/** How long tasks are run before the thread looks at its mail again. */
const turnMs = 1;

/** Makes this thread a processor, once the modules have been loaded. */
export function beProcessor(
  commons: Commons,
  itsNumber: number,
  modules: readonly string[],
  dumps: string,
): Processors {
  const on = join(commons, itsNumber);
  number = itsNumber;
  onUncaught(lost);
  writeDirectly();
  setExitNow((code) => {
    tell({ gort: { exit: code } });
    freeze();
  });
  void loadAll(modules).then(() => begin(on, dumps));
  on.goroutines = () => count() - 1 - running;
  setFleet(new Figures(on));
  return {
    submit(task) {
      if (on.core.submit(task) !== 0) wakeOther(on); // this thread may be busy for long
    },
  };
}

let number = 0;

/** Whether this thread is one. */
export function isProcessor(): boolean {
  return number > 0;
}

/** An error that ends the program: the main thread ends it. */
export function lost(error: unknown): void {
  const { id, created = "" } = detail?.failing() ?? {};
  const on: Remote = { processor: number, id, created };
  try {
    tell({ gort: { panic: error, on } });
  } catch {
    tell({ gort: { panic: new Error(String(error)), on } });
  }
}

async function loadAll(modules: readonly string[]): Promise<void> {
  for (const url of modules) await whileLoading(url, import(url));
}

function begin(on: Thread, dumps: string): void {
  const { core } = on;
  on.work = () => runSome(on);
  on.beforeSleep = () => {
    if (loads) return true;
    core.seek(0);
    core.idle(1);
    if (core.waiting() > 0 && (sought || core.surplus() === 0)) {
      core.idle(0);
      return false;
    }
    sought = false;
    return true;
  };
  on.mayBeWoken = () => {
    if (core.surplus() !== 0) retire(on, 0);
    else lull(on);
    if (core.quiet(0) !== 0) core.kick(0); // only the main thread is left to wake anybody: it may have to know
    return true;
  };
  findDetail();
  detail?.on(on.number);
  answerDumps(on, dumps);
  on.say();
  core.begin();
  on.expect();
}

let lulled = false;

/** Ends this thread after a while in which it has nothing to do. */
function lull(on: Thread): void {
  if (lulled) return;
  lulled = true;
  const ran = runs;
  after(idleMs, () => {
    lulled = false;
    if (ran === runs) retire(on, 1);
    lull(on);
  });
}

let runs = 0;

/** Tasks that have been called and have not ended. */
let running = 0;

function retire(on: Thread, inAnyCase: number): void {
  if (on.isAlone() && count() === 1 && on.core.retire(inAnyCase) !== 0) endThread();
}

/** It has been among those that seek tasks: somebody may have woken nobody else for one. So it takes it, or wakes another. */
let sought = false;

/** There may be more tasks than this processor can see to. */
function wakeOther({ core }: Thread): void {
  if (core.wakeProcessor() === 0) core.askForProcessor();
}

/** Runs tasks for a while; false if there are none. */
function runSome(on: Thread): boolean {
  const { core } = on;
  if (loads || core.surplus() !== 0) {
    if (sought) {
      sought = false;
      core.seek(0);
      if (core.waiting() > 0) wakeOther(on);
    }
    return false;
  }
  let task = core.nextTask(random(2 ** 31)) & ~1;
  if (task === 0) {
    sought = running === 0 && count() === 1;
    core.seek(sought ? 1 : 0);
    return false;
  }
  runs++;
  on.say();
  core.idle(0);
  core.seek(0);
  sought = false;
  if (core.waiting() > 0) wakeOther(on);
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
    if (loads) return true;
    task = core.nextTask(random(2 ** 31));
    if (task === 0) return true;
    if ((task & 1) !== 0) {
      task--;
      wakeOther(on); // it has taken several
    }
  }
}

/**
 * A module is being loaded for a task. No other is begun meanwhile: it would be bound to this thread, and could not be
 * stolen.
 */
let loads = false;

function execute(on: Thread, task: number): void {
  on.reach(task + TASK_SIZE);
  const at = on.i32[(task + NAME) >> 2] as number;
  const fn = lookUp(on, at);
  if (fn !== undefined) {
    call(on, task, fn);
    return;
  }
  loads = true;
  load(on, at).then(
    (loaded) => {
      loads = false;
      on.look();
      call(on, task, loaded);
    },
    (error: unknown) => {
      loads = false;
      on.look();
      drop(on, task);
      finish(on, task, THROWN, error);
    },
  );
}

function call(on: Thread, task: number, fn: TaskFunction): void {
  const flags = on.i32[(task + TASK_FLAGS) >> 2] as number;
  if ((flags & CANCELED) !== 0) {
    drop(on, task);
    end(on, task, OK, 0, 0, 0);
    return;
  }
  starts();
  running++;
  const own = on.i32[(task + TASK_CONTEXT) >> 2] === 0 ? undefined : new Own(on, task + TASK_CONTEXT);
  let result: unknown;
  let args: never[] | undefined;
  try {
    args = readValue(on, task + TASK_TAG) as never[];
    const body = () => inContext(own, fn, args as never[]);
    result = detail === undefined ? body() : detail.task(body, describe(on, on.i32[(task + NAME) >> 2] as number))();
  } catch (error) {
    own?.end();
    threw(on, task, error);
    return;
  }
  if (result instanceof Promise) {
    result.then(
      (value: unknown) => {
        own?.end();
        args = undefined; // until here they are held: a signal among them may be known to others in passing only
        returned(on, task, fn, value);
      },
      (error: unknown) => {
        own?.end();
        threw(on, task, error);
      },
    );
  } else {
    own?.end();
    returned(on, task, fn, result);
  }
}

/** The task does not begin. */
function drop(on: Thread, task: number): void {
  discardValue(on, task + TASK_TAG);
  dropContext(on, task + TASK_CONTEXT);
}

function returned(on: Thread, task: number, fn: TaskFunction, value: unknown): void {
  ends();
  running--;
  const { codec } = on;
  try {
    codec.encode(value, `the result of task ${fn.name}`);
  } catch (error) {
    finish(on, task, THROWN, error);
    return;
  }
  const { tag, aux, num } = codec;
  moveNow(on);
  end(on, task, OK, tag, aux, num);
}

function threw(on: Thread, task: number, error: unknown): void {
  ends();
  running--;
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
  on.codec.discard(tag, aux, num);
  on.free(task);
}
