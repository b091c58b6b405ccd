// Async generators: each stage pulls from the one before it, and nothing runs ahead.

function* numbers(n) {
  for (let i = 0; i < n; i++) yield i;
}

async function* map(values, f) {
  for await (const v of values) yield f(v);
}

const stages = async (n, f, g, h) => {
  let sum = 0;
  for await (const v of map(map(map(numbers(n), f), g), h)) sum += v;
  return sum;
};

export default {
  pipeline: (n) =>
    stages(
      n,
      (v) => v + 1,
      (v) => v * 2,
      (v) => v / 2 - 1,
    ),

  "pipeline-async": (n) =>
    stages(
      n,
      async (v) => v + 1,
      async (v) => v * 2,
      async (v) => v / 2 - 1,
    ),
};
