// Wants a processor all the time, until its stdin ends.

process.stdin.on("end", () => process.exit(0)).resume();
process.stdout.write("busy\n");

function burn() {
  for (const begin = performance.now(); performance.now() - begin < 10;);
  setImmediate(burn);
}

burn();
