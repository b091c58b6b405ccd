// The first task of a program with gort.

const begin = performance.now();
const { add } = await import("../tasks/gort.mjs");
const result = await add.run({ a: 1, b: 2 });
const at = performance.now();
console.log(JSON.stringify({ result, at, since: at - begin }));
