// What select gives, as the compiler sees it: a union that a switch on `case` narrows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chan, type RecvChan, select, type Selected, type SendChan, trySelect } from "gort";
import { type Equal, holds } from "../support/types.js";

type Got<K extends string, T> = { case: K; value: T; ok: true } | { case: K; value: undefined; ok: false };

// oxlint-disable consistent-return -- that the switches are exhaustive is what is proved

/** Compiled, never called. */
export async function narrowing(
  numbers: Chan<number>,
  words: RecvChan<string>,
  out: SendChan<boolean>,
  perhaps: RecvChan<Date> | undefined,
): Promise<string> {
  const s = await select({ numbers, words, sent: out.sending(true), perhaps, off: null, none: undefined });
  holds<Equal<typeof s.case, "numbers" | "words" | "sent" | "perhaps">>();
  switch (s.case) {
    case "numbers":
      holds<Equal<typeof s, Got<"numbers", number>>>();
      if (s.ok) return s.value.toFixed();
      holds<Equal<typeof s.value, undefined>>();
      return "end of numbers";
    case "words":
      holds<Equal<typeof s.value, string | undefined>>();
      if (!s.ok) return "end of words";
      return s.value.toUpperCase();
    case "sent":
      holds<Equal<typeof s, { case: "sent" }>>();
      // @ts-expect-error a send has no value
      void s.value;
      // @ts-expect-error and no ok
      void s.ok;
      return "sent";
    case "perhaps":
      return s.ok ? s.value.toISOString() : "end of dates";
  }
}

export function exhaustive(s: Selected<{ a: RecvChan<1>; b: RecvChan<2> }>): 1 | 2 | undefined {
  if (s.case === "a") return s.value;
  holds<Equal<typeof s.case, "b">>();
  return s.value;
}

export async function refused(numbers: Chan<number>, words: Chan<string>): Promise<void> {
  const s = await select({ numbers, words });
  // @ts-expect-error there is no such case
  if (s.case === "letters") return;
  // @ts-expect-error which case it is must be known first
  void s.value?.toFixed();
  // @ts-expect-error a number is no case
  void select({ numbers, wrong: 5 });
  // @ts-expect-error nor is a function
  void select({ numbers, wrong: () => numbers });
  // @ts-expect-error nor is a promise
  void select({ wrong: numbers.recv() });
  // @ts-expect-error nor is what merely looks like a send case
  void select({ wrong: { chan: numbers, value: 1 } });
  // @ts-expect-error select takes a record, and not a channel
  void select(numbers);
  // @ts-expect-error nor nothing
  void select();
}

export function defaults(numbers: Chan<number>): void {
  const s = trySelect({ numbers, out: numbers.sending(1) });
  holds<Equal<typeof s, Got<"numbers", number> | { case: "out" } | undefined>>();
  // @ts-expect-error it may be that no case was ready
  void s.case;
  holds<Equal<Awaited<ReturnType<typeof select<{ off: null }>>>, never>>();
}

export async function dynamic(channels: Chan<number>[]): Promise<void> {
  const s = await select(Object.fromEntries(channels.entries()));
  holds<Equal<typeof s, Got<string, number>>>();
}

export async function numbered(a: Chan<string>, b: Chan<number>): Promise<void> {
  const s = await select({ 0: a, 1: b });
  holds<Equal<typeof s, Got<"0", string> | Got<"1", number>>>();
}

export function readonlyCases(out: SendChan<number>): void {
  const sendCase = out.sending(1);
  // @ts-expect-error a send case cannot be taken apart
  void sendCase.value;
  const cases = { sendCase } as const;
  void select(cases);
}

test("CH-29 SE-20 SE-22 C5 the result of select is narrowed by its case, and what is no case does not compile", () => {
  // What is proved above is proved by compiling this file; the compiler refuses a marked line that is no error.
  assert.equal(typeof narrowing, "function");
});
