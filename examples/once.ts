// A database that is opened once, by whoever needs it first; everybody else waits until it is open.
//
// SPEC: program 10, rows S2.
// Run: gort run examples/once.ts

import { main } from "gort";
import * as sync from "gort/sync";
import * as time from "gort/time";

class Database {
  static opened = 0;

  static async open(): Promise<Database> {
    await time.sleep(20 * time.millisecond); // it is far away
    Database.opened++;
    return new Database();
  }

  query(n: number): number {
    return n * n;
  }
}

class Service {
  readonly #once = new sync.Once();
  #db: Database | undefined;

  async query(n: number): Promise<number> {
    await this.#once.do(async () => {
      console.log("opening the database");
      this.#db = await Database.open();
    });
    return (this.#db as Database).query(n);
  }
}

/** Settings that are computed when they are first asked for. */
const settings = sync.onceValue(() => {
  console.log("reading the settings");
  return { table: "squares" };
});

main(async () => {
  const service = new Service();
  const wg = new sync.WaitGroup();
  let sum = 0;
  for (let n = 1; n <= 1000; n++) {
    wg.go(async () => {
      const square = await service.query(n);
      sum += square;
    });
  }
  await wg.wait();
  console.log(`1000 goroutines, opened ${Database.opened} time, sum ${sum}`);
  console.log(settings().table, settings() === settings());
});

// Output:
// opening the database
// 1000 goroutines, opened 1 time, sum 333833500
// reading the settings
// squares true
