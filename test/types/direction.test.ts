// What the compiler allows: the element type and the direction of a channel. The lines marked as errors must stay errors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chan, type Chan, nil, type Received, type RecvChan, select, type SendCase, type SendChan } from "gort";
import { type Equal, holds } from "../support/types.js";

/** Compiled, never called. */
export function directions(both: Chan<number>, sends: SendChan<number>, receives: RecvChan<number>): void {
  const out: SendChan<number> = both;
  const input: RecvChan<number> = both;
  void [out, input, sends.len, sends.cap, receives.len, receives.cap];

  // @ts-expect-error a channel that only receives cannot send
  void receives.send(1);
  // @ts-expect-error nor try to
  receives.trySend(1);
  // @ts-expect-error nor make a send case
  receives.sending(1);
  // @ts-expect-error nor be closed
  receives.close();
  // @ts-expect-error a channel that only sends cannot receive
  void sends.recv();
  // @ts-expect-error nor with ok
  void sends.recvOk();
  // @ts-expect-error nor try to
  sends.tryRecv();
  // @ts-expect-error nor receive many
  void sends.recvMany();
  // @ts-expect-error nor be drained
  sends.drain();
  // @ts-expect-error nor be a receive case
  void select({ sends });

  // @ts-expect-error one direction does not give back both
  const whole: Chan<number> = receives;
  // @ts-expect-error nor does the other
  const other: Chan<number> = sends;
  // @ts-expect-error nor one the other
  const turned: SendChan<number> = receives;
  // @ts-expect-error nor the other one
  const turnedBack: RecvChan<number> = sends;
  void [whole, other, turned, turnedBack];

  // @ts-expect-error channels do not add up
  void (both + both);
  // @ts-expect-error len is only to be read
  both.len = 1;
  // @ts-expect-error and so is cap
  both.cap = 1;
}

export async function ranges(sends: SendChan<number>, receives: RecvChan<number>): Promise<void> {
  for await (const value of receives) holds<Equal<typeof value, number>>();
  // @ts-expect-error a channel that only sends is nothing to range over
  const iterable: AsyncIterable<number> = sends;
  void iterable;
  // @ts-expect-error range has one variable
  for await (const [value, ok] of receives) void [value, ok];
}

export function elements(
  numbers: Chan<number>,
  animals: Chan<{ name: string }>,
  dogs: Chan<{ name: string; barks: true }>,
): void {
  // @ts-expect-error a channel of numbers takes no strings
  void numbers.send("1");
  // @ts-expect-error in none of its forms
  numbers.trySend("1");
  // @ts-expect-error not in a select either
  numbers.sending("1");
  // @ts-expect-error and a value must be given
  void numbers.send();
  void chan<void>().send();

  const readDogs: RecvChan<{ name: string }> = dogs;
  const sendAnimals: SendChan<{ name: string; barks: true }> = animals;
  // @ts-expect-error not every animal barks
  const readAnimals: RecvChan<{ name: string; barks: true }> = animals;
  // @ts-expect-error and into a channel of dogs goes not every animal
  const sendDogs: SendChan<{ name: string }> = dogs;
  // @ts-expect-error so one channel is not the other
  const both: Chan<{ name: string }> = dogs;
  void [readDogs, sendAnimals, readAnimals, sendDogs, both];

  holds<Equal<ReturnType<typeof numbers.recv>, Promise<number | undefined>>>();
  holds<Equal<ReturnType<typeof numbers.recvOk>, Promise<Received<number>>>>();
  holds<Equal<ReturnType<typeof numbers.tryRecv>, Received<number> | undefined>>();
  holds<Equal<ReturnType<typeof numbers.drain>, number[]>>();
  holds<Equal<ReturnType<typeof numbers.recvMany>, Promise<number[]>>>();
  holds<Equal<ReturnType<typeof numbers.send>, Promise<void>>>();
  holds<Equal<ReturnType<typeof numbers.trySend>, boolean>>();
  holds<Equal<ReturnType<typeof numbers.sending>, SendCase>>();
}

export function sizes(): void {
  holds<Equal<ReturnType<typeof chan<number>>, Chan<number>>>();
  const inferred: Chan<string> = chan(3);
  // @ts-expect-error a capacity is a number
  void chan<number>("3");
  // @ts-expect-error not a bigint
  void chan<number>(3n);
  // @ts-expect-error not null
  void chan<number>(null);
  const off: Chan<number> = nil;
  const offIn: RecvChan<string> = nil;
  const offOut: SendChan<string> = nil;
  void [inferred, off, offIn, offOut];
}

export function received(r: Received<number>): void {
  const [value, ok] = r;
  holds<Equal<typeof value, number | undefined>>();
  if (ok) holds<Equal<typeof value, number>>();
  else holds<Equal<typeof value, undefined>>();
  if (r[1]) holds<Equal<(typeof r)[0], number>>();
}

export function contexts(ch: Chan<number>): void {
  void ch.recv(new AbortController().signal);
  void ch.send(1, AbortSignal.timeout(1));
  // @ts-expect-error a controller is not its signal
  void ch.recv(new AbortController());
  // @ts-expect-error a number is no context
  void ch.recv(5);
  // @ts-expect-error nor is null
  void ch.send(1, null);
}

test("CH-18 CH-24 CH-28 CH-29 C2 SE-22 channels have an element type and a direction, which the compiler enforces", () => {
  // What is proved above is proved by compiling this file; the compiler refuses a marked line that is no error.
  assert.equal(typeof directions, "function");
});
