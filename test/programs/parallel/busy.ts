// Keeps two processors busy for a while.

import { main } from "gort";
import { task } from "gort/parallel";

export const spin = task(import.meta, function spin(ms: number) {
  for (const end = performance.now() + ms; performance.now() < end;);
});

main(() => Promise.all([spin.run(200), spin.run(200), spin.run(200), spin.run(200)]));
