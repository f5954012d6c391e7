import { parseArgs } from "node:util";
import { MongoClient } from "mongodb";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { ensureMongodBinary } from "../infra/drivers/mongod";
import { silent } from "../infra/support";
import { measureFirstPaint } from "./monitor/first-paint";
import { measureHealth } from "./monitor/health";
import { measureMemory } from "./monitor/memory";
import { measureMiddleware } from "./monitor/middleware";
import { measureStats } from "./monitor/stats";

// What watching costs: health checks against servers that answer a constant, statistics over many figures, the
// measuring of each request, the dashboard in a browser, and the memory of the monitor.

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    metrics: { type: "string", default: "100000" },
    releases: { type: "string", default: "1000" },
    calls: { type: "string", default: "1000000" },
    only: { type: "string", default: "" },
  },
});

/** What can be measured, each by itself with `--only NAME`. */
const parts: Record<string, (uri: string, client: MongoClient) => Promise<void>> = {
  middleware: () => measureMiddleware(Number(values.calls)),
  stats: (_, client) => measureStats(client, Number(values.metrics)),
  paint: (_, client) => measureFirstPaint(client, Number(values.releases)),
  memory: (uri) => measureMemory(uri),
  health: (uri) => measureHealth(uri, Number(values.rounds), Number(values.seconds)),
};

async function main(): Promise<void> {
  const { path, version } = await ensureMongodBinary(silent);
  const server = await MongoMemoryReplSet.create({
    // As strict as production, which scans no tables.
    replSet: { count: 1, storageEngine: "wiredTiger", args: ["--setParameter", "notablescan=1"] },
    binary: { systemBinary: path, version, checkMD5: false },
  });
  const client = await MongoClient.connect(server.getUri());
  try {
    for (const [name, measure] of Object.entries(parts))
      if (values.only === "" || values.only === name) await measure(server.getUri(), client);
  } finally {
    await client.close();
    await server.stop();
  }
}

void main();
