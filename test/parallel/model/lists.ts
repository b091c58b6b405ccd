// Lists in the memory of a model: words that are not 0, and then a 0.

import type { State } from "./explorer.js";

export function push(s: State, list: number, item: number): void {
  s[list + count(s, list)] = item;
}

export function shift(s: State, list: number): number {
  const first = s[list] as number;
  if (first !== 0) remove(s, list, first);
  return first;
}

export function remove(s: State, list: number, item: number): void {
  let at = list;
  while (s[at] !== 0 && s[at] !== item) at++;
  for (; s[at] !== 0; at++) s[at] = s[at + 1] as number;
}

export function has(s: State, list: number, item: number): boolean {
  for (let at = list; s[at] !== 0; at++) if (s[at] === item) return true;
  return false;
}

export function count(s: State, list: number): number {
  let n = 0;
  while (s[list + n] !== 0) n++;
  return n;
}
