import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, MongoClient, type Db } from "mongodb";
import { restoreArchive, takeBackup } from "../../../../../infra/engines/backup";
import { definitionsOf, hashesOf } from "../everything";

/** A database in one state, and an archive of it in another: every kind of collection replaces every other kind. */
export class TwoStates {
  id = "";
  /** Has loaded its code and waits for its order: that takes longer than what it does. */
  #next = waitingProcess();

  private constructor(
    readonly client: MongoClient,
    readonly db: Db,
    readonly folder: string,
  ) {}

  static async open(name: string): Promise<TwoStates> {
    const client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
    const folder = await mkdtemp(join(tmpdir(), "dnd-restore-"));
    const states = new TwoStates(client, client.db(name), folder);
    const archived = client.db(`${name}_archived`);
    await archived.dropDatabase();
    await seedArchived(archived);
    const address = { ...states.address, name: archived.databaseName };
    const taken = await takeBackup({ address, store: folder, environment: "development", release: 1 });
    states.id = taken.id;
    return states;
  }

  get address() {
    const uri = process.env.TEST_MONGODB_URI ?? "";
    return { uri, name: this.db.databaseName, credentials: "none" } as const;
  }

  get archived(): Db {
    return this.client.db(`${this.db.databaseName}_archived`);
  }

  async resetStanding(): Promise<void> {
    await this.db.dropDatabase();
    await seedStanding(this.db);
  }

  /** Contents and definitions of a database, without what a restore keeps beside them. */
  async viewOf(db: Db): Promise<unknown> {
    const hashes = Object.entries(await hashesOf(db)).filter(([name]) => !name.startsWith("__"));
    const definitions = (await definitionsOf(db)).filter((one) => !/^\{"name":"(__|system\.views)/.test(one));
    return { hashes: hashes.sort(), definitions };
  }

  async leftovers(): Promise<string[]> {
    const names = (await this.db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    return names.filter((name) => name.startsWith("__")).sort();
  }

  /** What stands is replaced by the archive, and kept beside it. */
  async restore(): Promise<void> {
    await restoreArchive({ store: this.folder, id: this.id, to: this.address, drop: true });
  }

  /** Runs it in a process of its own; true when it was killed at that moment, false when it ended before. */
  async kill(verb: "restore" | "in-place" | "undo" | "confirm", moment: number | string): Promise<boolean> {
    const { folder: store, id, address } = this;
    const child = this.#next;
    this.#next = waitingProcess();
    child.send({ verb, moment, store, id, address });
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    if (code !== null && code !== 0) throw new Error(`the process ended with ${code}`);
    return signal === "SIGKILL";
  }

  async close(): Promise<void> {
    this.#next.kill("SIGKILL");
    await this.db.dropDatabase();
    await this.archived.dropDatabase();
    await this.client.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function waitingProcess(): ChildProcess {
  const script = join(__dirname, "killed-restore.ts");
  const loader = join(__dirname, "../../../../../infra/support/typescript.cjs");
  return spawn(process.execPath, ["--require", loader, script], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

async function seedStanding(db: Db): Promise<void> {
  await db.collection("heroes").insertMany([{ name: "old" }]);
  await db.collection("heroes").createIndex({ name: 1 }, { unique: true });
  await db.collection("only old").insertOne({ a: 1 });
  await db.createCollection("rolls", { timeseries: { timeField: "at", metaField: "die" } });
  await db.collection("rolls").insertOne({ at: new Date(1e12), die: 20, value: 1 });
  await db.createCollection("was series", { timeseries: { timeField: "at" } });
  await db.collection("was series").insertOne({ at: new Date(1e12), value: 2 });
  await db.createCollection("top", { viewOn: "heroes", pipeline: [{ $match: { name: "old" } }] });
  await db.createCollection("was view", { viewOn: "heroes", pipeline: [] });
  await db.collection("becomes view").insertOne({ b: 1 });
  await db.collection("becomes series").insertOne({ c: 1 });
  await db
    .collection<{ _id: string; value: Code }>("system.js")
    .insertOne({ _id: "f", value: new Code("1") });
}

async function seedArchived(db: Db): Promise<void> {
  await db.collection("heroes").insertMany([{ name: "new" }, { name: "newer" }]);
  await db.collection("heroes").createIndex({ name: -1 });
  await db.createCollection("only new", { capped: true, size: 4096 });
  await db.collection("only new").insertMany([{ line: 1 }, { line: 2 }]);
  await db.createCollection("rolls", {
    timeseries: { timeField: "at", metaField: "die", granularity: "hours" },
  });
  await db.collection("rolls").insertMany([{ at: new Date(2e11), die: 6, value: 3 }]);
  await db.collection("rolls").createIndex({ die: 1, at: 1 });
  await db.collection("was series").insertOne({ plain: true });
  await db.createCollection("top", { viewOn: "heroes", pipeline: [{ $match: { name: "new" } }] });
  await db.collection("was view").insertOne({ d: 1 });
  await db.createCollection("becomes view", { viewOn: "heroes", pipeline: [{ $limit: 1 }] });
  await db.createCollection("becomes series", { timeseries: { timeField: "at" } });
  await db
    .collection<{ _id: string; value: Code }>("system.js")
    .insertOne({ _id: "f", value: new Code("2") });
}
