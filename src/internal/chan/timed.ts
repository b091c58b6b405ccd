// The channel of a timer or a ticker. Nothing is armed unless somebody waits on it.
//
// Invariants: `at` is when the next value is due (Infinity: never), whether or not an alarm is set for it; the alarm is set
// exactly while somebody waits. A value that is due is taken with the time it was due at; a ticker whose values nobody took has
// one to give, and keeps its phase. Nothing is ever buffered, so a stop or a reset leaves nothing stale behind.

import { Alarm, dateOf, now } from "../rt/alarm.js";
import { ArmedQueue, deliver, type WaitQueue } from "../rt/park.js";
import { blocked, Channel } from "./channel.js";

export class Timed extends Channel<Date> {
  at: number;
  period: number; // 0: one value only
  override recvq: WaitQueue = new ArmedQueue(
    () => this.alarm.set(this.at),
    () => this.alarm.clear(),
  );
  private readonly alarm: Alarm = new Ring(this);

  constructor(at: number, period: number) {
    super();
    this.at = at;
    this.period = period;
  }

  get len(): number {
    return 0;
  }

  get cap(): number {
    return 0;
  }

  /** The next value is due at `at`; gives whether one was still to come. */
  reset(at: number, period: number): boolean {
    const active = this.at !== Infinity;
    this.at = at;
    this.period = period;
    if (this.recvq.head !== undefined) {
      this.alarm.clear();
      this.alarm.set(at);
    }
    return active;
  }

  take(): Date | typeof blocked {
    const t = now();
    return t < this.at ? blocked : this.next(t);
  }

  canTake(): boolean {
    return now() >= this.at;
  }

  give(): typeof blocked {
    throw new TypeError("send on the channel of a timer, which is receive-only");
  }

  canGive(): boolean {
    return true;
  }

  override close(): never {
    throw new TypeError("close of the channel of a timer, which is receive-only");
  }

  /** However fast it ticks: one value is there at a time. */
  protected override takeAll(): Date[] {
    const date = this.take();
    return date === blocked ? [] : [date];
  }

  /** The alarm has rung: the one who has waited longest gets the value; the next one waits for the next. */
  due(): void {
    const w = this.recvq.shift();
    if (w === undefined) return;
    const date = this.next(now());
    if (this.recvq.head !== undefined) this.alarm.set(this.at);
    deliver(w, date, true);
  }

  private next(t: number): Date {
    const date = dateOf(this.at);
    this.at = this.period === 0 ? Infinity : this.at + this.period * (1 + Math.floor((t - this.at) / this.period));
    return date;
  }
}

class Ring extends Alarm {
  private readonly chan: Timed;

  constructor(chan: Timed) {
    super();
    this.chan = chan;
  }

  protected override ring(): void {
    this.chan.due();
  }
}
