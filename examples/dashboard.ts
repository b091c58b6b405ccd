// A dashboard from three sources at once: all of them, or the first error, which calls the others off.
//
// Each source writes to a place of its own, so nothing is shared while they work; after `wait` everything is there. The
// group's context ends with the first error, and whoever works for the dashboard sees that. A source that is not
// essential catches its error itself.
//
// SPEC: program 23, rows P7, P8, X2.
// Run: gort run examples/dashboard.ts

import { type Context, main } from "gort";
import * as context from "gort/context";
import * as errgroup from "gort/errgroup";
import * as time from "gort/time";

interface Dashboard {
  user: string;
  orders: number[];
  weather: string;
}

async function fetchUser(ctx: Context, id: number): Promise<string> {
  await time.sleep(30 * time.millisecond, ctx);
  return id === 1 ? "Ada" : Promise.reject(new Error(`no user ${id}`));
}

async function fetchOrders(ctx: Context): Promise<number[]> {
  try {
    await time.sleep(120 * time.millisecond, ctx);
  } catch (error) {
    console.log(`  orders: called off, because: ${context.cause(ctx)?.message}`);
    throw error;
  }
  return [12, 30];
}

async function fetchWeather(ctx: Context): Promise<string> {
  await time.sleep(10 * time.millisecond, ctx);
  throw new Error("the weather station is asleep");
}

async function dashboard(parent: Context, id: number): Promise<Dashboard> {
  const [g, ctx] = errgroup.withContext(parent);
  const board: Dashboard = { user: "", orders: [], weather: "unknown" };
  await g.go(async () => (board.user = await fetchUser(ctx, id)));
  await g.go(async () => (board.orders = await fetchOrders(ctx)));
  await g.go(async () => {
    board.weather = await fetchWeather(ctx).catch((error: Error) => `unknown (${error.message})`);
  });
  await g.wait();
  return board;
}

main(async (ctx) => {
  for (const id of [1, 2]) {
    console.log(`dashboard of user ${id}`);
    try {
      const { user, orders, weather } = await dashboard(ctx, id);
      console.log(
        `  ${user} has ${orders.length} orders over ${orders.reduce((a, b) => a + b)} euros; weather: ${weather}`,
      );
    } catch (error) {
      console.log(`  failed: ${(error as Error).message}`);
    }
  }

  // With a Collector nobody is called off, and all errors are there in the end.
  console.log("all sources, come what may");
  const all = new errgroup.Collector<unknown>();
  for (const source of [() => fetchUser(ctx, 2), () => fetchOrders(ctx), () => fetchWeather(ctx)]) await all.go(source);
  const error: unknown = await all.wait().catch((e: unknown) => e);
  if (error instanceof AggregateError) console.log(`  ${error.errors.map((e: Error) => e.message).join("; ")}`);
});

// Output:
// dashboard of user 1
//   Ada has 2 orders over 42 euros; weather: unknown (the weather station is asleep)
// dashboard of user 2
//   orders: called off, because: no user 2
//   failed: no user 2
// all sources, come what may
//   the weather station is asleep; no user 2
