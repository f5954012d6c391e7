"use strict";
const { performance } = require("node:perf_hooks");
const { MongoClient } = require("mongodb");

const [uri, database, documents] = process.argv.slice(2);
const everyMs = 5;
const times = [];
let stopped = false;

process.once("message", () => (stopped = true));

/** Plain JavaScript, so that its own start does not stand in anybody's way. */
async function main() {
  const client = await MongoClient.connect(uri, { maxPoolSize: 4 });
  const things = client.db(database).collection("things");
  await things.findOne({ _id: 0 });
  while (!stopped) {
    const started = performance.now();
    await things.findOne({ _id: Math.floor(Math.random() * Number(documents)) });
    const took = performance.now() - started;
    times.push(took);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, everyMs - took)));
  }
  await client.close();
  times.sort((a, b) => a - b);
  process.send({ reads: times.length, p95: times[Math.floor(times.length * 0.95)] ?? 0 });
  process.disconnect();
}

void main();
