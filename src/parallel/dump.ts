// The goroutines of all threads: each tells its own, when it is asked.
//
// Threads ask each other on a line of their own. Who computes, or is blocked, does not hear it: then the asker reads in the
// shared memory what tasks it has begun. That is done while the other goes on, so that nothing which is read there is
// believed.

import { after, Keeper } from "../internal/host/host.js";
import { openLine } from "../internal/host/worker.js";
import { detail } from "../internal/rt/detail.js";
import type { Thread } from "../internal/shared/thread.js";
import {
  BLOCK,
  KIND,
  NAME,
  PARK,
  RECORD,
  RUN,
  RUNNING,
  SLEEP,
  TASK,
  TASK_NEXT,
  TASK_SIZE,
  THREAD_LIMIT,
  THREADS,
} from "../internal/shared/wasm/layout.js";
import { describe } from "./functions.js";

interface Message {
  readonly ask?: number;
  readonly answer?: number;
  readonly thread: number;
  readonly text?: string;
}

/** How long the others have for their answers. */
const patienceMs = 300;

/** Answers who asks on the line of that name, and asks there when this thread's dump is wanted; in the detailed mode only. */
export function answerDumps(on: Thread, name: string): void {
  if (detail === undefined) return;
  let question = 0;
  const answers = new Map<number, string>();
  let heardAll = () => {};
  const line = openLine(name, (message) => {
    const { ask, answer, thread, text = "" } = message as Message;
    if (ask !== undefined) {
      void detail?.own().then((own) => line?.say({ answer: ask, thread: on.number, text: own } satisfies Message));
    } else if (answer === question) {
      answers.set(thread, text);
      heardAll();
    }
  });
  if (line === undefined) return;

  detail.others = async () => {
    const all = others(on);
    const asked = all.filter((i) => on.core.stateOf(i) !== BLOCK);
    if (asked.length > 0) {
      question++;
      answers.clear();
      const keeper = new Keeper();
      keeper.hold();
      line.say({ ask: question, thread: on.number } satisfies Message);
      await new Promise<void>((resolve) => {
        heardAll = () => asked.every((i) => answers.has(i)) && resolve();
        after(patienceMs, resolve);
      });
      keeper.release();
    }
    return all
      .map((i) => answers.get(i) ?? silent(on, i))
      .filter((text) => text !== "")
      .join("\n");
  };
}

/** The numbers of the other threads that live. */
function others(on: Thread): number[] {
  const all = Array.from({ length: Atomics.load(on.i32, THREAD_LIMIT >> 2) }, (_, i) => i);
  return all.filter((i) => i !== on.number && [RUN, PARK, SLEEP, BLOCK].includes(on.core.stateOf(i)));
}

/** What can be seen from outside of a thread that does not answer. */
function silent(on: Thread, thread: number): string {
  const state = on.core.stateOf(thread) === BLOCK ? "blocked" : "running";
  const place = thread === 0 ? "main thread" : `processor ${thread}`;
  const tasks = tasksOf(on, thread).map((title) => `    ${title}\n`);
  return `goroutine ? [${state}, ${place}]:\n${tasks.join("")}`;
}

function tasksOf(on: Thread, thread: number): string[] {
  const titles: string[] = [];
  let task = Atomics.load(on.i32, (THREADS + RECORD * thread + RUNNING) >> 2);
  on.refresh();
  while (task > 0 && task % 8 === 0 && task + TASK_SIZE <= on.u8.length && titles.length < 20) {
    if (on.i32[(task + KIND) >> 2] !== TASK) break;
    try {
      titles.push(describe(on, on.i32[(task + NAME) >> 2] as number));
    } catch {
      break; // the thread has freed it in the meantime
    }
    task = on.i32[(task + TASK_NEXT) >> 2] as number;
  }
  return titles;
}
