// Tasks that are killed in the middle of what they do.

import { type RecvChan, type SendChan, select } from "gort";
import { task } from "gort/parallel";

export interface Request {
  readonly id: number;
  readonly text: string;
}

/** Answers requests until there are no more, by plain operations and by selects, over channels of every kind. */
export const serve = task(
  import.meta,
  async function serve(
    requests: RecvChan<Request>,
    urgent: RecvChan<Request>,
    answers: SendChan<number>,
    idle: RecvChan<never>,
  ) {
    let served = 0;
    for (;;) {
      const s = await select({ requests, urgent, idle });
      if (s.value === undefined) return served;
      if (s.value.text !== `request ${s.value.id}`) throw new Error(`torn: ${JSON.stringify(s.value)}`);
      if (s.value.id % 2 === 0) await answers.send(s.value.id);
      else await select({ out: answers.sending(s.value.id), idle });
      served++;
    }
  },
);
