import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { MongoClient, type Db } from "mongodb";
import { openLog } from "../../app/log";
import { startApp } from "../../app/running-app";
import { readAppSettings } from "../../app/settings";

/** A mongod as strict as production: no table scans, no scripts. */
export async function startStrictMongod(): Promise<MongoMemoryReplSet> {
  return MongoMemoryReplSet.create({
    replSet: {
      count: 1,
      name: "strict",
      storageEngine: "wiredTiger",
      args: ["--setParameter", "notablescan=1", "--noscripting"],
    },
    binary: { systemBinary: process.env.DND_MONGOD ?? "mongod", version: "6.0.5", checkMD5: false },
  });
}

/** The indexes that the app's migrations build. */
export async function buildIndexes(db: Db): Promise<void> {
  await db.collection("characters").createIndexes([{ key: { partyId: 1, name: 1 } }, { key: { name: 1 } }]);
  await db.collection("parties").createIndexes([{ key: { name: 1 }, unique: true }]);
  await db
    .collection("encounters")
    .createIndexes([{ key: { partyId: 1, createdAt: -1 } }, { key: { status: 1 } }]);
}

export interface Reply<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

/** The app on a database of its own. */
export interface Table {
  url: string;
  db: Db;
  operations: Db;
  log: string[];
  ask: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<Reply<T>>;
  /** Stops the app alone: what it left in the database can still be read. */
  stopApp: () => Promise<boolean>;
  stop: () => Promise<void>;
}

export async function openTable(env: Record<string, string> = {}): Promise<Table> {
  const mongod = await startStrictMongod();
  const client = await MongoClient.connect(mongod.getUri());
  const db = client.db("table");
  await buildIndexes(db);
  const log: string[] = [];
  const settings = readAppSettings({
    PORT: "0",
    MONGODB_URI: mongod.getUri(),
    MONGODB_DB_NAME: "table",
    APP_VERSION: "1.2.3",
    STOP_DELAY_MS: "0",
    ...env,
  });
  const running = await startApp(settings, openLog("info", { write: (line) => void log.push(line) }));
  const url = `http://127.0.0.1:${running.port}`;
  return {
    url,
    db,
    operations: client.db("table_ops"),
    log,
    ask: (method, path, body) => ask(url, method, path, body),
    stopApp: running.stop,
    stop: async () => {
      await running.stop();
      await client.close();
      await mongod.stop();
    },
  };
}

async function ask<T>(url: string, method: string, path: string, body?: unknown): Promise<Reply<T>> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { "content-type": "application/json" };
  const response = await fetch(url + path, { method, headers, ...sent });
  const text = await response.text();
  const json = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, body: (json ? JSON.parse(text) : text) as T, headers: response.headers };
}
