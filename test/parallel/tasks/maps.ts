// Tasks that use a map together. Any thread may load this module, so it does nothing but define them.

import { gosched } from "gort";
import { type shared, task } from "gort/parallel";

type Numbers = InstanceType<typeof shared.Map<string, number>>;
type Entries = InstanceType<typeof shared.Map<string, Entry>>;

/** A value of which every part says the same. */
export interface Entry {
  readonly n: number;
  readonly text: string;
  readonly list: readonly number[];
}

export function entry(n: number): Entry {
  return { n, text: `${n} `.repeat(1 + (n % 40)), list: [n, -n] };
}

/** Whether an entry is one of those, as a whole. */
export function isWhole({ n, text, list }: Entry): boolean {
  return text === `${n} `.repeat(1 + (n % 40)) && list[0] === n && list[1] === -n;
}

/** Adds 1 to a key's number, so many times. */
export const count = task(import.meta, async function count(m: Numbers, key: string, times: number) {
  await meet(m);
  for (let i = 0; i < times; i++) {
    add(m, key, 1);
    await pause(i);
  }
});

function add(m: Numbers, key: string, n: number): void {
  for (;;) {
    const [now = 0, ok] = m.load(key);
    if (ok ? m.compareAndSwap(key, now, now + n) : !m.loadOrStore(key, n)[1]) return;
  }
}

/** Waits until as many tasks are there as the map says. */
async function meet(m: Numbers): Promise<void> {
  add(m, "here", 1);
  while ((m.load("here")[0] as number) < (m.load("expected")[0] as number)) await gosched();
}

/** From time to time lets others run: some may be on this processor. */
function pause(i: number): Promise<void> | undefined {
  return i % 100 === 99 ? gosched() : undefined;
}

/** Does everything with keys that nobody else has, and tells what was not as it should be. */
export const alone = task(import.meta, async function alone(m: Numbers, all: Entries, who: number, n: number) {
  await meet(m);
  const wrong: string[] = [];
  const check = (what: string, ok: boolean) => ok || wrong.push(what);
  for (let i = 0; i < n; i++) {
    const k = `${who}/${i}`;
    await pause(i);
    check("absent", !all.loadOrStore(k, entry(i))[1]);
    check("present", all.loadOrStore(k, entry(-1))[1] && all.load(k)[0]?.n === i);
    check("swapped", all.swap(k, entry(i + 1))[0]?.n === i);
    if (i % 3 === 0) check("deleted", all.loadAndDelete(k)[0]?.n === i + 1 && !all.load(k)[1]);
  }
  return wrong;
});

/** Does everything with keys that all have: what is read must be whole. Tells how many stores have replaced nothing, less deletions. */
export const together = task(import.meta, async function together(m: Numbers, all: Entries, n: number, seed: number) {
  await meet(m);
  let left = 0;
  let torn = 0;
  for (let i = 0; i < n; i++) {
    await pause(i);
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const k = `key ${(seed >>> 8) % 20}`;
    let value: Entry | undefined;
    let loaded: boolean;
    switch ((seed >>> 16) % 6) {
      case 0:
        [value, loaded] = all.swap(k, entry(i));
        if (!loaded) left++;
        break;
      case 1:
        [value, loaded] = all.loadOrStore(k, entry(i));
        if (!loaded) left++;
        break;
      case 2:
        [value, loaded] = all.loadAndDelete(k);
        if (loaded) left--;
        break;
      case 3:
        all.range((_key, each) => isWhole(each) || torn++ < 0);
        break;
      default:
        [value] = all.load(k);
    }
    if (value !== undefined && !isWhole(value)) torn++;
  }
  return [left, torn];
});

/** MP-14: of all who swap a text for another, or delete it, one does. Tells how often it was this one. */
export const compete = task(
  import.meta,
  async function compete(m: Numbers, texts: InstanceType<typeof shared.Map<string, string>>) {
    await meet(m);
    let mine = 0;
    for (let round = 0; round < 2000; round++) {
      const done =
        round % 2 === 0
          ? texts.compareAndSwap("k", `round ${round}`, `round ${round + 1}`)
          : texts.compareAndDelete("k", `round ${round}`);
      await pause(round);
      if (!done) continue;
      mine++;
      if (round % 2 === 1) texts.store("k", `round ${round + 1}`);
    }
    return mine;
  },
);

/** Stores until the key comes at which its thread ends, in the middle of it. */
export const perish = task(import.meta, function perish(all: Entries, at: number) {
  for (let i = 0; ; i++) {
    all.store(`key ${i}`, entry(i));
    if (i !== at) continue;
    all.store(`key ${i + 1}`, {
      get n(): number {
        return process.exit(3);
      },
      text: "",
      list: [],
    });
  }
});

/** Gives back the map that it was given, with one more key. */
export const mark = task(import.meta, function mark(m: Numbers) {
  m.store("mark", 1);
  return m;
});

/** Has a value made by `loadOrCompute`, whose maker counts itself and waits until all are there, or ends its thread. */
export const compute = task(import.meta, async function compute(m: Numbers, dies: boolean) {
  await meet(m);
  return m.loadOrCompute("computed", async () => {
    add(m, "made", 1);
    if (dies) process.exit(3);
    for (let i = 0; i < 1000; i++) await gosched();
    return 7;
  });
});
